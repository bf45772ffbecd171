import type { Code } from '../../../errors/codes';
import { OperatorError } from '../../../errors/operator-error';
import type { StreamStatus } from '../../../sql-runner/actions/status';
import { following, servedBy } from '../../../sql-runner/commands/serve-served';
import { pageHtml } from '../../../sql-runner/page/document';
import { headlineOf } from '../../../sql-runner/page/headline';
import { lookOnce, partsOf } from '../support/serving';
import { sampleOf, streamOf } from '../support/stream-status';

const unseen = new OperatorError({ code: 'CONNECT_REFUSED', seen: 'S', why: 'W', next: 'N' });
const problem = (code: Code, seen: string): Partial<StreamStatus> => ({
  problems: [{ code, seen, why: 'W', next: 'N' }],
  next: 'N',
});
const textOf = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

/** After one look for each answer. */
async function after(...answers: (readonly StreamStatus[] | Error)[]) {
  const left = [...answers];
  const parts = partsOf(() => {
    const answer = left.shift()!;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(sampleOf([...answer]));
  });
  const follow = following(parts);
  for (const _ of answers) await lookOnce(parts, follow);
  return servedBy(parts).page();
}

const BOTH = [streamOf('shop', { lagBytes: 4_200_000, retainedBytes: 7_300_000 }), streamOf('ledger')];

test('what follows is called so, with its figures', async () => {
  const view = await after(BOTH);
  expect(headlineOf(view)).toEqual({ tone: 'good', words: '2 of 2 streams follow' });
  expect(textOf(pageHtml(view))).toContain('4.2 MB to go, 7.3 MB of WAL kept');
});

test.each<[string, Partial<StreamStatus>, string, string]>([
  ['a trouble', problem('SLOT_LOST', 'it is lost'), 'bad', '1 of 2 streams does not follow'],
  ['a doubt', { state: 'not proven' }, 'bad', '1 of 2 streams does not follow'],
  ['a clone that is not reached', { state: 'clone not reached' }, 'bad', '1 of 2 streams does not follow'],
  ['no clone yet', { state: 'waiting for the clone' }, 'idle', '1 of 2 streams not meant to follow by now'],
  [
    'no clone, and a trouble',
    { state: 'waiting for the clone', ...problem('SLOT_LOST', 'S') },
    'bad',
    '1 of 2 streams does not follow',
  ],
])('one stream with %s is enough for another colour', async (_, more, tone, words) => {
  expect(headlineOf(await after([streamOf('shop', more), streamOf('ledger')]))).toEqual({ tone, words });
});

test('a stream that the look did not show is not seen, and not counted as one that follows', async () => {
  const view = await after([streamOf('shop')]);
  expect(headlineOf(view)).toEqual({ tone: 'unknown', words: '1 of 2 streams not seen' });
});

test('what is not known is no number and not green', async () => {
  for (const view of [await after(), await after(unseen), await after(BOTH, unseen)]) {
    const page = pageHtml(view).replace(/<defs>[^]*?<\/defs>/, '');
    expect(headlineOf(view).words).toBe('Nothing can be seen');
    expect(page.split('id="past"')[0]).not.toMatch(/class="[^"]*\bgood\b/);
    const [, rows] = /<tbody>([^]*?)<\/tbody>/.exec(page)!;
    expect(textOf(rows!)).not.toMatch(/\b\d+(\.\d+)? (B|kB|MB|s)\b/);
    expect(textOf(rows!)).toContain('not seen');
    expect(textOf(page)).toContain('Not known: nothing can be seen.');
  }
});

test('of what was seen before it says how it was, and that this is of before', async () => {
  const view = await after(BOTH, unseen);
  const text = textOf(pageHtml(view));
  expect(text).toContain('not seen; was streaming');
  expect(text).toMatch(/Seen last \d{4}-.* UTC; what is so now is not known\./);
  expect(text).toContain('CONNECT_REFUSED S Why it matters: W What to do: N');
});

const UNKNOWN = { lagBytes: null, lagSeconds: null, retainedBytes: null };

test('figures that one look cannot tell are not known, a lag of nothing is 0 B', async () => {
  const text = textOf(
    pageHtml(await after([streamOf('shop', { lagSeconds: null }), streamOf('ledger', { ...UNKNOWN })])),
  );
  expect(text).toMatch(/shop streaming 0 B not known not known/);
  expect(text).toMatch(/ledger streaming not known not known/);
});

test('changes of state are told newest first, and rows are never said to be equal', async () => {
  const text = textOf(
    pageHtml(await after(BOTH, [streamOf('shop', { state: 'disabled' }), streamOf('ledger')], unseen, BOTH)),
  );
  const [, told = ''] = text.split('Changes of state');
  expect([...told.matchAll(/UTC (shop|ledger|all) /g)].map(([, who]) => who)).toEqual([
    'shop',
    'all',
    'all',
    'shop',
    'ledger',
    'shop',
  ]);
  expect(told).toMatch(/shop streaming disabled/);
  expect(text).toContain('Not known here. sql-runner serve looks at streams, and never at rows');
});
