import { SPAN_MS, type Point } from '../past/points';
import { formatBytes } from '../render/bytes';
import { niceMost, runs, spanOf, stretches } from './chart-scale';
import { html, type Html } from './html';
import type { PageView, StreamView } from './page-view';
import { clock } from './words';

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [560, 150, 64, 8, 112];

interface Frame {
  readonly points: readonly Point[];
  readonly now: number;
  readonly span: number;
  /** Milliseconds without a look that leave a gap. */
  readonly gap: number;
}

/** Of one stream: what it has to go, and what production keeps for it, each with how it stood. */
export function charts(view: PageView, { slot, database }: StreamView): Html {
  const points = view.past.points(slot);
  const frame: Frame = {
    points,
    now: view.now,
    span: spanOf(points, view.now),
    gap: Math.max(3 * SPAN_MS, 3_000 * view.interval),
  };
  if (points.length === 0) return html`<p class="unknown">Nothing was seen of it yet.</p>`;
  return html`<div class="charts">
    ${chart(frame, 'lag', 'To go', database)} ${chart(frame, 'retained', 'WAL that production keeps', database)}
  </div>`;
}

const x = (at: number, { now, span }: Frame): number =>
  Math.max(LEFT, LEFT + (1 - (now - at) / span) * (WIDTH - LEFT - 8));

function chart(frame: Frame, of: 'lag' | 'retained', title: string, database: string): Html {
  const most = niceMost(frame.points.flatMap((point) => point[of] ?? []));
  const y = (value: number) => BOTTOM - (value / most) * (BOTTOM - TOP);
  const lines = stretches(frame.points, of, frame.gap).map((dots) => {
    const path = dots.map(({ at, value }) => `${x(at, frame).toFixed(1)} ${y(value).toFixed(1)}`).join('L');
    const [from, to] = [x(dots[0]!.at, frame).toFixed(1), x(dots.at(-1)!.at, frame).toFixed(1)];
    return html`<path class="area" d="M${from} ${BOTTOM}L${path}L${to} ${BOTTOM}z" />
      <path class="curve" d="M${path}${dots.length === 1 ? 'h1' : ''}" />`;
  });
  const name = `${title}, ${database}, the last ${Math.round(frame.span / 3_600_000)} h`;
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${`${name}; the table says the same`}">
      ${[0, most / 2, most].map(
        (value) =>
          html`<line class="grid" x1="${LEFT}" x2="${WIDTH - 8}" y1="${y(value)}" y2="${y(value)}" />
            <text class="tick" x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${formatBytes(value)}</text>`,
      )}
      ${lines} ${strip(frame)} ${times(frame)}
    </svg>
  </figure>`;
}

/** Below the curve: thin where it followed, thick where it did not, hollow where nothing was seen. */
function strip(frame: Frame): Html[] {
  return runs(frame.points, frame.gap, SPAN_MS).map(({ from, to, standing }) => {
    const left = x(from, frame);
    const width = Math.max(1, x(Math.min(to, frame.now), frame) - left);
    const [top, height] = standing === 'good' ? [122, 3] : [119, 8];
    return html`<rect
      class="strip ${standing}"
      x="${left.toFixed(1)}"
      y="${top}"
      width="${width.toFixed(1)}"
      height="${height}"
    />`;
  });
}

function times(frame: Frame): Html[] {
  return [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = frame.now - (1 - part) * frame.span;
    const anchor = part === 0 ? 'start' : part === 1 ? 'end' : 'middle';
    return html`<text class="tick" x="${x(at, frame).toFixed(1)}" y="144" text-anchor="${anchor}"
      >${clock(at).slice(0, 5)}</text
    >`;
  });
}
