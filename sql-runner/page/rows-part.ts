import type { Compared } from '../model/comparison';
import { html, type Html } from './html';
import type { PageView } from './page-view';
import { rowsStandings, type ComparedBy, type RowsStanding } from './rows-standing';
import { runsRead } from './runs-read';
import { ago, by, moment, type Tone } from './words';

const COUNT = new Intl.NumberFormat('en-US');

/** Whether rows were equal when somebody compared them last. */
export function rowsPart(view: PageView): Html {
  const standings = rowsStandings(view);
  const compares = html`<code>sql-runner verify ${view.live.environment}</code>`;
  if (standings.every(({ last }) => last === null))
    return html`<p class="unknown">
        Not known here. sql-runner serve looks at streams, and never at rows; whether both sides are equal says
        ${compares}. No comparison is kept on the clone that was read.
      </p>
      ${runsRead(view)}`;
  return html`<p>
      What ${compares} found, as of then: rows that have changed since are not covered. sql-runner serve itself looks at
      streams, and never at rows.
    </p>
    ${runsRead(view)}
    <div class="scroll" tabindex="0" role="region" aria-labelledby="rows-caption">
      <table>
        <caption id="rows-caption">
          The last comparison of each database
        </caption>
        <thead>
          <tr>
            <th scope="col">Database</th>
            <th scope="col">Outcome</th>
            <th scope="col" class="number">Tables equal</th>
            <th scope="col" class="number">Rows</th>
            <th scope="col">Began</th>
            <th scope="col">Age</th>
            <th scope="col">By</th>
            <th scope="col">Run</th>
          </tr>
        </thead>
        <tbody>
          ${standings.map((standing) => row(standing, view.now))}
        </tbody>
      </table>
    </div>
    ${besides(standings)}`;
}

const TONES: Readonly<Record<Compared, Tone>> = {
  equal: 'good',
  'not equal': 'bad',
  'not settled': 'idle',
  'not proven': 'idle',
  'not read': 'idle',
};

function row({ database, last, differs }: RowsStanding, now: number): Html {
  const name = html`<th scope="row"><bdi>${database}</bdi></th>`;
  if (last === null)
    return html`<tr>
      ${name}
      <td><span class="mark unknown">not known</span></td>
      <td colspan="6">No comparison of it is kept.</td>
    </tr>`;
  const { outcome, equal, tables, rows, run } = last;
  // Nothing has taken back yet what an earlier one found.
  const earlier = differs === null || differs.run === run ? '' : `; not equal ${moment(Date.parse(differs.run.began))}`;
  const tone = differs === null ? TONES[outcome] : 'bad';
  return html`<tr>
    ${name}
    <td><span class="mark ${tone}">was ${outcome}${earlier}</span></td>
    <td class="number">${equal} of ${tables}</td>
    <td class="number">${COUNT.format(rows)}</td>
    <td class="when">${moment(Date.parse(run.began))}</td>
    <td class="when">${ago(now - Date.parse(run.began))}</td>
    <td><bdi>${by(run)}</bdi></td>
    <td><bdi class="code">${run.run.slice(0, 8)}</bdi></td>
  </tr>`;
}

/** What these runs said against it, and what they left out. */
function besides(standings: readonly RowsStanding[]): Html[] {
  const told = standings.flatMap(({ last, differs }) => [last, differs].flatMap((one) => one ?? []));
  return [...new Map(told.map((one) => [one.run, one])).values()].map((one) => ofRun(one));
}

function ofRun({ run: { run, comparison } }: ComparedBy): Html {
  const { against, notCompared } = comparison!;
  const lines = [
    ...against.map((phrase) => html`<li><b>not equal, or in doubt:</b> ${phrase}</li>`),
    ...notCompared.map((phrase) => html`<li>not compared: ${phrase}</li>`),
  ];
  return lines.length === 0
    ? html``
    : html`<details id="compared-${run}">
        <summary>What run ${run.slice(0, 8)} says besides</summary>
        <ul>
          ${lines}
        </ul>
      </details>`;
}
