import { OperatorError } from '../../../errors/operator-error';
import type { RunsView } from '../../../sql-runner/actions/runs-seen';
import { servedBy } from '../../../sql-runner/commands/serve-served';
import { pageHtml } from '../../../sql-runner/page/document';
import { headlineOf } from '../../../sql-runner/page/headline';
import type { PageView } from '../../../sql-runner/page/page-view';
import { runsSeen, runsView, verifyOf } from '../support/compared';
import { runOf } from '../support/runs';
import { lookOnce, partsOf } from '../support/serving';
import { sampleOf, streamOf } from '../support/stream-status';

const refused = new OperatorError({ code: 'CONNECT_REFUSED', seen: 'nobody there', why: 'w', next: 'n' });
const FOLLOW = '2 of 2 streams follow';

async function pageOf(view: RunsView, unseen = false): Promise<PageView> {
  const sample = sampleOf([streamOf('shop'), streamOf('ledger')]);
  const parts = {
    ...partsOf(() => (unseen ? Promise.reject(refused) : Promise.resolve(sample))),
    runs: runsSeen(view),
  };
  await lookOnce(parts);
  return servedBy(parts).page();
}

const textOf = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const section = (page: PageView, id: string): string =>
  new RegExp(`<section id="part-${id}"[^]*?</section>`).exec(pageHtml(page))![0];
const rowOf = (page: PageView, database: string): string =>
  textOf(new RegExp(`<th scope="row"><bdi>${database}</bdi>[^]*?</tr>`).exec(section(page, 'rows'))![0]);

test('rows that were equal are so as of then, and nothing speaks against the streams', async () => {
  const page = await pageOf(runsView([verifyOf(90, { shop: 'equal', ledger: 'equal' })]));
  expect(headlineOf(page)).toEqual({ tone: 'good', words: FOLLOW });
  expect(rowOf(page, 'shop')).toMatch(/was equal 3 of 3 12,345 \d{4}-.* UTC 1 h 31 min ago ada@desk [0-9a-f]{8} $/);
  expect(textOf(section(page, 'rows'))).toContain('as of then: rows that have changed since are not covered');
  expect(textOf(section(page, 'attention'))).toContain('Nothing was seen that speaks against a stream.');
});

test('rows that were not equal come first in what speaks against it, and make the headline bad', async () => {
  const run = verifyOf(3, { shop: 'not equal', ledger: 'equal' }, {}, { against: ['table public.orders differs'] });
  const page = await pageOf(runsView([run]));
  expect(headlineOf(page)).toEqual({ tone: 'bad', words: `${FOLLOW}; rows were not equal` });
  const told = textOf(section(page, 'attention'));
  expect(told).toMatch(/^ What speaks against it shop : rows were not equal \d{4}-.* UTC, 4 min ago/);
  expect(told).toContain(`Run ${run.run.slice(0, 8)} of sql-runner verify found 2 of 3 tables equal`);
  expect(told).toContain('sql-runner verify demo');
  expect(textOf(section(page, 'rows'))).toContain('not equal, or in doubt: table public.orders differs');
});

test.each([
  ['an equal one of another database', verifyOf(1, { ledger: 'equal' }), true],
  ['one that has not settled', verifyOf(1, { shop: 'not settled', ledger: 'equal' }), true],
  ['one in doubt', verifyOf(1, { shop: 'not proven' }), true],
  ['one that was refused', runOf({ mode: 'verify', outcome: 'refused', code: 'NOT_STREAMING', exitCode: 13 }), true],
  ['one that is at work', { ...verifyOf(1, { shop: 'equal' }), ended: null }, true],
  ['an equal one of it', verifyOf(1, { shop: 'equal' }), false],
])('after rows that differed %s', async (_, later, stands) => {
  const page = await pageOf(runsView([later, verifyOf(60, { shop: 'not equal', ledger: 'equal' })]));
  expect(headlineOf(page).tone).toBe(stands ? 'bad' : 'good');
  expect(section(page, 'rows').includes('mark bad')).toBe(stands);
  expect(section(page, 'attention').includes('rows were not equal')).toBe(stands);
});

test('what differed then is named for as long as it stands, also where a later one has not settled', async () => {
  const differed = verifyOf(60, { shop: 'not equal' }, {}, { against: ['table public.orders differs'] });
  const page = await pageOf(runsView([verifyOf(1, { shop: 'not settled' }), differed]));
  expect(rowOf(page, 'shop')).toMatch(/was not settled; not equal \d{4}-/);
  expect(textOf(section(page, 'rows'))).toContain('table public.orders differs');
});

test('an equal one that was made before says nothing', async () => {
  const page = await pageOf(runsView([verifyOf(5, { shop: 'not equal' }), verifyOf(60, { shop: 'equal' })]));
  expect(headlineOf(page).tone).toBe('bad');
});

test('a database that nobody has compared is not known, beside one that somebody has', async () => {
  const page = await pageOf(runsView([verifyOf(5, { shop: 'equal' })]));
  expect(rowOf(page, 'ledger')).toMatch(/not known No comparison of it is kept\./);
  expect(section(page, 'rows').match(/mark unknown/g)).toHaveLength(1);
});

test.each<[string, RunsView, string]>([
  ['was not read yet', { kept: null, at: null, failure: null }, 'Not known: the history of runs has not been read.'],
  [
    'is not there',
    runsView([], { kept: { since: null, closed: false, runs: [], comparisons: [] } }),
    'None is kept on the clone: sql-runner apply demo makes its history when it begins.',
  ],
  [
    'may not be read',
    runsView([], { kept: { since: null, closed: true, runs: [], comparisons: [] } }),
    'is not ours, or the login may not read it',
  ],
  ['could not be read', { kept: null, at: null, failure: refused }, 'CONNECT_REFUSED: the history of runs could not'],
])('where the history %s it says so, and nothing of rows', async (_, view, words) => {
  const page = await pageOf(view);
  expect(headlineOf(page)).toEqual({ tone: 'good', words: FOLLOW });
  expect(textOf(section(page, 'runs'))).toContain(words);
  expect(section(page, 'runs')).not.toContain('<table');
  expect(textOf(section(page, 'rows'))).toContain(
    'Not known here. sql-runner serve looks at streams, and never at rows',
  );
  expect(section(page, 'rows')).not.toMatch(/\b(good|bad)\b/);
});

test('while the clone is not reached it is said how old what is shown is', async () => {
  const at = new Date(Date.now() - 3 * 3_600_000);
  const page = await pageOf(runsView([verifyOf(200, { shop: 'equal' })], { at }), true);
  for (const part of ['rows', 'runs'])
    expect(textOf(section(page, part))).toMatch(
      /As read from the clone \d{4}-.* UTC, 3 h ago: while the clone is not reached it is not read\./,
    );
});

test('runs are told as history tells them, with their exit codes', async () => {
  const ended = new Date().toISOString();
  const changes = (['made', 'not made'] as const).map((outcome) => ({
    id: 'source/slot/a',
    action: 'create',
    outcome,
  }));
  const runs = [
    runOf({ changes, ended, outcome: 'failed', code: 'SLOT_LOST', exitCode: 10 }),
    runOf({ mode: 'teardown', ended, outcome: 'nothing-to-do', exitCode: 0 }),
    runOf({ mode: 'reset' }),
    verifyOf(1, { shop: 'not settled', ledger: 'equal' }),
  ];
  const table = section(await pageOf(runsView(runs)), 'runs');
  expect([...table.matchAll(/<tr>([^]*?)<\/tr>/g)].slice(1).map(([, row]) => textOf(row!).trim())).toEqual([
    expect.stringMatching(/UTC apply failed SLOT_LOST 10 1\/2 ada@desk \w{8}$/),
    expect.stringMatching(/UTC teardown nothing-to-do 0 0\/0 ada@desk/),
    expect.stringMatching(/UTC reset not ended 0\/0 ada@desk/),
    expect.stringMatching(/UTC verify not settled 5\/6 12 ada@desk/),
  ]);
  expect([...table.matchAll(/class="mark (\w+)"/g)].map(([, tone]) => tone)).toEqual(['bad', 'good', 'bad', 'bad']);
});
