import { html, type Html } from './html';
import { streamViews, type PageView } from './page-view';
import { rowsStandings } from './rows-standing';
import { clock, moment, toneOf, type Tone } from './words';

interface Headline {
  readonly tone: Tone;
  readonly words: string;
}

/** The one sentence on top. Green only where every stream was seen to follow at the last look, and no rows are known to differ. */
export function headlineOf(view: PageView): Headline {
  const streams = headlineOfStreams(view);
  const differing = rowsStandings(view).filter(({ differs }) => differs !== null);
  if (differing.length === 0) return streams;
  return { tone: 'bad', words: `${streams.words}; rows were not equal` };
}

function headlineOfStreams(view: PageView): Headline {
  const { unseen } = view.live;
  if (unseen !== null)
    return { tone: unseen.code === 'LOOK_OVERDUE' ? 'unknown' : 'bad', words: 'Nothing can be seen' };
  const tones = streamViews(view).map(({ standing }) => toneOf(standing));
  const count = (tone: Tone) => tones.filter((one) => one === tone).length;
  const some = (number: number, are: string) =>
    `${number} of ${tones.length} ${tones.length === 1 ? 'stream' : 'streams'} ${are}`;
  const [good, bad, unknown] = [count('good'), count('bad'), count('unknown')];
  if (bad > 0) return { tone: 'bad', words: some(bad, bad === 1 ? 'does not follow' : 'do not follow') };
  if (unknown > 0) return { tone: 'unknown', words: some(unknown, 'not seen') };
  if (good < tones.length) return { tone: 'idle', words: some(tones.length - good, 'not meant to follow by now') };
  return { tone: 'good', words: tones.length === 1 ? 'The stream follows' : some(good, 'follow') };
}

/** When what is shown was seen; else why there is nothing to see. */
export function freshness({ live }: PageView): Html {
  const { sample, unseen, seenAt } = live;
  if (sample !== null)
    return html`<p class="fresh">
      Positions seen <time>${moment(sample.at)}</time>; all else, and the WAL kept, as read at
      <time>${clock(sample.wholeAt)}</time>. Rows are not compared here.
    </p>`;
  const last = seenAt === null ? 'Nothing was seen yet.' : `Seen last ${moment(seenAt)}; what is so now is not known.`;
  return html`<p class="fresh">${last}</p>
    <div class="finding bad">
      <h3>${unseen!.code}</h3>
      <p>${unseen!.seen}</p>
      <p><b>Why it matters:</b> ${unseen!.why}</p>
      <p><b>What to do:</b> ${unseen!.next}</p>
    </div>`;
}
