import { html, type Html } from './html';
import { streamViews, type PageView, type StreamView } from './page-view';
import { toneOf } from './words';

/** What speaks against the streams, and what stands beside them. */
export function attention(view: PageView): Html {
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

function ofStream({ database, standing }: StreamView): Html {
  const { state, cause, next } = standing!;
  return html`<div class="finding ${toneOf(standing)}">
    <h3><bdi>${database}</bdi>: ${state}</h3>
    ${cause === null ? null : html`<p>${cause}</p>`} ${next === null ? null : html`<p><b>What to do:</b> ${next}</p>`}
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
