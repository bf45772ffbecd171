import type { StreamStatus } from '../actions/status';
import { copyable } from './copyable';
import { html, type Html } from './html';
import { streamViews, type PageView, type StreamView } from './page-view';
import { rowsStandings, type ComparedBy } from './rows-standing';
import { ago, moment, toneOf } from './words';

/** What speaks against the streams, and what stands beside them. Rows that were found to differ come first: they are certain. */
export function attention(view: PageView): Html {
  const differing = rowsStandings(view).flatMap(({ differs }) => differs ?? []);
  return html`${differing.map((one) => rowsDiffer(one, view))} ${ofStreams(view)}`;
}

function rowsDiffer({ database, run, tables, equal }: ComparedBy, { live, now }: PageView): Html {
  return html`<div class="finding bad">
    <h3>
      <bdi>${database}</bdi>: rows were not equal
      <small>${moment(Date.parse(run.began))}, ${ago(now - Date.parse(run.began))}</small>
    </h3>
    <p>
      Run ${run.run.slice(0, 8)} of sql-runner verify found ${equal} of ${tables} tables equal, and no later one has
      found them all equal.
    </p>
    <p><b>Why it matters:</b> a stream that follows does not bring back rows that it has missed.</p>
    <p><b>What to do:</b> compare anew, which names the rows; where they still differ, only a new clone helps.</p>
    ${copyable(`sql-runner verify ${live.environment}`)}
  </div>`;
}

function ofStreams(view: PageView): Html {
  const status = view.live.sample?.status;
  const spoken = streamViews(view).filter(({ standing }) => standing !== null && !standing.healthy);
  const told = [
    ...(status?.unread == null ? [] : [cloneUnread(status.unread)]),
    ...spoken.map(ofStream),
    ...(status?.beside ?? []).map((words) => html`<div class="finding idle"><p>${words}</p></div>`),
  ];
  if (told.length > 0) return html`${told}`;
  if (view.live.sample === null) return html`<p class="unknown">Not known: nothing can be seen.</p>`;
  return html`<p>Nothing was seen that speaks against a stream.</p>`;
}

function ofStream({ database, status, standing }: StreamView): Html {
  const { state, since, problems, consequence, next, evidence } = status!;
  return html`<div class="finding ${toneOf(standing)}">
    <h3>
      <bdi>${database}</bdi>:
      ${state}${since === null ? null : html` <small>since ${moment(Date.parse(since))} at the latest</small>`}
    </h3>
    ${problems.map(
      ({ code, seen, why }) =>
        html`<p><b>${code}:</b> ${seen}</p>
          <p><b>Why it matters:</b> ${why}</p>`,
    )}
    ${consequence === null ? null : html`<p><b>Meanwhile:</b> ${consequence}</p>`}
    ${
      next === null
        ? null
        : html`<p><b>What to do:</b></p>
            ${copyable(next)}`
    }
    ${others(status!).map(
      (other) =>
        html`<p><b>And then:</b></p>
          ${copyable(other)}`,
    )}
    ${
      evidence.length === 0
        ? null
        : html`<details id="evidence-${status!.slot}">
            <summary>What was read of both servers</summary>
            <ul>
              ${evidence.map((line) => html`<li>${line}</li>`)}
            </ul>
          </details>`
    }
  </div>`;
}

function cloneUnread({
  code,
  seen,
  next,
  meanwhile,
}: Readonly<Record<'code' | 'seen' | 'next' | 'meanwhile', string>>): Html {
  return html`<div class="finding bad">
    <h3>${code}</h3>
    <p>${seen}</p>
    ${next === '' ? null : html`<p><b>What to do:</b> ${next}</p>`}
    <p>${meanwhile}</p>
  </div>`;
}

/** What to do about those that are not the cause, where that is something else. */
const others = ({ problems, next }: StreamStatus): string[] =>
  [...new Set(problems.map((problem) => problem.next))].filter((one) => one !== next);
