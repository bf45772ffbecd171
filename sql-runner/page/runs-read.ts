import { html, type Html } from './html';
import type { PageView } from './page-view';
import { ago, moment } from './words';

/** When the history of runs was read from the clone, and why it was not since then. */
export function runsRead({ runs, live, now }: PageView): Html {
  const { at, failure } = runs;
  const read = at === null ? 'Not read yet' : `As read from the clone ${moment(at)}, ${ago(now - at.getTime())}`;
  return html`<p class="fresh">${read}${hindrance(live.sample?.status.clone)}.</p>
    ${
      failure === null
        ? null
        : html`<div class="finding idle">
            <p><b>${failure.code}:</b> the history of runs could not be read: ${failure.seen}</p>
          </div>`
    }`;
}

function hindrance(clone: 'not deployed' | 'deployed' | 'not reached' | undefined): string {
  if (clone === 'deployed') return '';
  if (clone === 'not deployed') return ': there is no clone by now, and it is kept there';
  return ': while the clone is not reached it is not read';
}

/** Why there is nothing to show; null: there is something. */
export function nothingKept({ runs, live }: PageView): Html | null {
  const { kept } = runs;
  const none = (words: string) => html`<p class="unknown">${words}</p>`;
  if (kept === null) return none('Not known: the history of runs has not been read.');
  if (kept.closed)
    return none('Not known: what is on the clone in its place is not ours, or the login may not read it.');
  if (kept.since === null)
    return none(`None is kept on the clone: sql-runner apply ${live.environment} makes its history when it begins.`);
  return null;
}
