import { html, type Html } from './html';
import type { PageView } from './page-view';
import { moment } from './words';

const SHOWN = 50;

/** Which states changed while somebody looked, newest first. */
export function changesPart({ past }: PageView): Html {
  const changes = past.changes();
  const kept =
    past.place === null
      ? 'Since sql-runner serve was started; nothing is kept beyond its end.'
      : `Also of runs before, as kept in ${past.place}.`;
  const shown = changes.slice(0, SHOWN);
  return html`<p class="fresh">${kept} What happened while nobody looked is not known.</p>
    ${past.problem === null ? null : html`<div class="finding idle"><p>${past.problem}</p></div>`}
    ${
      shown.length === 0
        ? html`<p>None was seen.</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="changes-caption">
            <table>
              <caption id="changes-caption">
                ${changes.length > SHOWN ? `The last ${SHOWN} of ${changes.length}` : 'Newest first'}
              </caption>
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">Database</th>
                  <th scope="col">Before</th>
                  <th scope="col">From then on</th>
                  <th scope="col">Cause</th>
                </tr>
              </thead>
              <tbody>
                ${shown.map(row)}
              </tbody>
            </table>
          </div>`
    }`;
}

type Row = ReturnType<PageView['past']['changes']>[number];

function row({ changed, database, before, now, healthy, cause }: Row): Html {
  const tone = healthy === null ? 'unknown' : healthy ? 'good' : 'bad';
  return html`<tr>
    <td class="when">${moment(changed)}</td>
    <th scope="row">${database === null ? 'all' : html`<bdi>${database}</bdi>`}</th>
    <td>${before ?? ''}</td>
    <td><span class="mark ${tone}">${now}</span></td>
    <td>${cause ?? ''}</td>
  </tr>`;
}
