import type { EnvironmentStatus } from '../actions/status';
import { html, type Html } from './html';
import { streamViews, type PageView, type StreamView } from './page-view';
import { bytes, shortened, toneOf } from './words';

const WIDTH = 960;
const BOX = 220;
const ROW = 62;
const TOP = 66;

/** Both accounts, and the streams between them. The table below it says the same in words. */
export function picture(view: PageView): Html {
  const streams = streamViews(view);
  const height = TOP + streams.length * ROW + 12;
  const { source } = view;
  const sample = view.live.sample;
  const clone = sample === null ? 'not seen' : cloneOf(sample.status);
  return html`<svg class="picture" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="picture-title">
    <title id="picture-title">
      The source account, the streams to the clone account, and how each stands; the table below says the same
    </title>
    <defs>${(['good', 'bad', 'idle', 'unknown'] as const).map(arrowHead)}</defs>
    ${account({
      x: 1,
      height,
      title: 'Production (source)',
      id: source.account.accountId,
      line: `${source.cluster.identifier}, ${source.region}`,
      seen: sample !== null,
    })}
    ${account({
      x: WIDTH - BOX - 1,
      height,
      title: 'Clone (target)',
      id: source.targetAccount.accountId,
      line: clone,
      seen: sample?.status.clone === 'deployed',
    })}
    ${streams.map((stream, index) => arrow(stream, TOP + index * ROW + ROW / 2))}
  </svg>`;
}

/** Where it is, and whether it was read. */
function cloneOf({ clone, places }: EnvironmentStatus): string {
  if (places.clone === null || clone === 'not deployed') return 'not deployed';
  return clone === 'deployed' ? places.clone.endpoint : `not reached: ${places.clone.endpoint}`;
}

const arrowHead = (tone: string): Html =>
  html`<marker id="head-${tone}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
    <path class="head ${tone}" d="M0 0L8 4L0 8z" />
  </marker>`;

interface Account {
  readonly x: number;
  readonly height: number;
  readonly title: string;
  readonly id: string;
  readonly line: string;
  readonly seen: boolean;
}

function account({ x, height, title, id, line, seen }: Account): Html {
  return html`<rect
      class="account ${seen ? 'seen' : 'unseen'}"
      x="${x}"
      y="1"
      width="${BOX}"
      height="${height - 2}"
      rx="8"
    />
    <text class="account-title" x="${x + 14}" y="24">${title}</text>
    <text class="small" x="${x + 14}" y="42">${`account ${id}`}</text>
    <text class="small" x="${x + 14}" y="57">${shortened(line, 32)}</text>`;
}

function arrow({ database, standing, status, before }: StreamView, y: number): Html {
  const tone = toneOf(standing);
  const [from, to] = [BOX + 12, WIDTH - BOX - 14];
  const middle = (from + to) / 2;
  const state = standing?.state ?? (before === null ? 'not seen' : `not seen; was ${before.state}`);
  const figures =
    status === null
      ? 'lag not known'
      : status.lagBytes === null
        ? `no lag known, ${bytes(status.retainedBytes)} of WAL kept`
        : `${bytes(status.lagBytes)} to go, ${bytes(status.retainedBytes)} of WAL kept`;
  return html`<g>
    <title>${`${database}: ${state}; ${figures}`}</title>
    <text class="database" x="15" y="${y + 5}">${shortened(database, 24)}</text>
    <text class="database" x="${to + 28}" y="${y + 5}">${shortened(database, 24)}</text>
    <line class="wire ${tone}" x1="${from}" y1="${y}" x2="${to}" y2="${y}" marker-end="url(#head-${tone})" />
    <text class="state ${tone}" x="${middle}" y="${y - 8}" text-anchor="middle">${shortened(state, 60)}</text>
    <text class="small" x="${middle}" y="${y + 18}" text-anchor="middle">${figures}</text>
  </g>`;
}
