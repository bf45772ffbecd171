import { createColors } from 'picocolors';
import type { Observation } from '../../../sql-runner/model/observation';
import { isBlocked, type Plan } from '../../../sql-runner/model/plan';
import type { SequencesWanted } from '../../../sql-runner/model/sequences';
import { planFor } from '../../../sql-runner/plan/plan-for';
import type { Sequence } from '../../../sql-runner/postgres/catalog/sequences';
import { planText } from '../../../sql-runner/render/plan-text';
import { planJson } from '../../../sql-runner/render/run-json';
import { planDocument } from '../../../sql-runner/render/schemas/plan';
import { FORMAT_VERSION } from '../../../sql-runner/render/format-version';
import { sourceContract } from '../support/contract';
import { cloned, edit, following, ticketed } from '../support/observations';
import { at, ofColumn, sequence } from '../support/sequences';

const plain = createColors(false);
const contract = sourceContract();
const database = contract.links[0]!.database;

interface Read {
  readonly source?: Sequence[];
  readonly clone?: Sequence[];
  readonly wanted?: Partial<SequencesWanted>;
  readonly others?: number;
  readonly world?: Observation;
}

function plan({ source = [], clone = [], wanted = {}, others = 0, world = following(contract) }: Read): Plan {
  const read = { source, clone, login: 'acas_admin', others };
  const empty = contract.links.map((link) => [link.database, { ...read, source: [], clone: [] }]);
  const databases = { ...Object.fromEntries(empty), [database]: read };
  const sequences = { wanted: { headroom: 0, putBack: false, ...wanted }, databases };
  return planFor('sequences', contract, { ...world, sequences });
}

const codes = ({ findings }: Plan) => findings.map(({ code, severity }) => `${code} ${severity}`);
const preview = ({ changes }: Plan) => changes.flatMap((change) => change.preview.slice(1));

test('what is behind goes where the source stands, in one change a database', () => {
  const planned = plan({
    source: [sequence('a', at(9)), sequence('same', at(3)), sequence("it's", at(12, false))],
    clone: [sequence('a', at(2)), sequence('same', at(3)), sequence("it's")],
  });
  expect(planned.changes.map(({ id, action, reason }) => [id, action, reason])).toEqual([
    [`target/${database}/sequences`, 'update', '2 sequences go forward, to where the source stands then'],
  ]);
  expect(preview(planned)).toEqual([
    `SELECT setval('"public"."a"', 9, true);  -- 7 forward`,
    `SELECT setval('"public"."it''s"', 12, false);  -- 11 forward`,
  ]);
  expect(codes(planned)).toEqual([]);
  const text = planText(planned, plain);
  expect(text).toMatch(/^sql-runner will set these sequences of the clone:\n\n {2}~ target\//);
  expect(text).toContain('Plan: 0 to add, 1 to change, 0 to destroy.');
  planDocument.parse({ format_version: FORMAT_VERSION, ...planJson(planned) });
});

test('nothing to do says what was compared, and no more', () => {
  const planned = plan({ source: [sequence('a', at(9))], clone: [sequence('a', at(9))] });
  expect(planText(planned, plain)).toBe(
    'No changes. Every sequence that was compared stands where it is to be, or beyond.',
  );
});

test('one that is ahead is left alone and told, and put back when that is said', () => {
  const read = { source: [sequence('a', at(3))], clone: [sequence('a', at(9))] };
  const left = plan(read);
  expect([left.changes, codes(left)]).toEqual([[], ['SEQUENCES_AHEAD warn']]);
  expect(left.findings[0]!.seen).toContain('public.a by 6');
  const back = plan({ ...read, wanted: { putBack: true } });
  expect([preview(back), codes(back)]).toEqual([[`SELECT setval('"public"."a"', 3, true);  -- 6 back`], []]);
  expect(back.changes[0]!.reason).toBe('1 sequence goes back, to where the source stands then');
});

test.each<[string, Read, string[]]>([
  [
    'a cache and sessions',
    { source: [sequence('a')], clone: [sequence('a', { cache: '5' })], others: 2 },
    ['SEQUENCES_CACHED warn', 'SEQUENCES_DIFFER warn'],
  ],
  ['a cache and nobody there', { source: [sequence('a', { cache: '5' })], clone: [sequence('a', { cache: '5' })] }, []],
  [
    'no room',
    { source: [sequence('a', { max: '9' })], clone: [sequence('a', { max: '9' })], wanted: { headroom: 9 } },
    ['SEQUENCES_WITHOUT_ROOM warn'],
  ],
  [
    'a cycle',
    { source: [sequence('a', { cycle: true })], clone: [sequence('a', { cycle: true })] },
    ['SEQUENCES_REPEAT warn'],
  ],
  ['one side', { source: [sequence('a')], clone: [sequence('b')] }, ['SEQUENCES_ON_ONE_SIDE warn']],
  [
    'an unlogged one',
    { source: [sequence('a', { leftOut: 'unlogged' })], clone: [sequence('a')] },
    ['SEQUENCES_LEFT_OUT info'],
  ],
  [
    'another direction',
    { source: [sequence('a')], clone: [sequence('a', { increment: '-1' })] },
    ['SEQUENCES_DIFFER block'],
  ],
  [
    'an earlier end',
    { source: [sequence('a', at(9))], clone: [sequence('a', { max: '5' })] },
    ['SEQUENCES_DIFFER block'],
  ],
  [
    'another column',
    { source: [sequence('a', ofColumn('t'))], clone: [sequence('a', ofColumn('u', '2.2'))] },
    ['SEQUENCES_DIFFER block'],
  ],
  [
    'another name',
    { source: [sequence('a', ofColumn('t'))], clone: [sequence('b', ofColumn('t'))] },
    ['SEQUENCES_RENAMED block'],
  ],
  [
    'no right there',
    { source: [sequence('a', { position: 'right' })], clone: [sequence('a')] },
    ['SEQUENCES_UNREAD block'],
  ],
  [
    'a lock there',
    { source: [sequence('a', { position: 'locked' })], clone: [sequence('a')] },
    ['SEQUENCES_UNREAD block'],
  ],
  [
    'no right here',
    { source: [sequence('a', at(9))], clone: [sequence('a', { isOurs: false })] },
    ['SEQUENCES_NOT_OWNED block'],
  ],
])('it tells of %s', (_, read, expected) => {
  expect(codes(plan(read)).sort()).toEqual(expected.sort());
});

test('what cannot be set keeps none of the others from it, and is no success', () => {
  const planned = plan({
    source: [sequence('a', at(9)), sequence('b', at(9))],
    clone: [sequence('a', { increment: '-1' }), sequence('b')],
  });
  expect(preview(planned)).toEqual([`SELECT setval('"public"."b"', 9, true);  -- 9 forward`]);
  expect([isBlocked(planned), isBlocked({ ...planned, changes: [] })]).toEqual([false, true]);
});

test('two that have exchanged their names are not set, whatever their positions', () => {
  const planned = plan({
    source: [
      sequence('a', { ...at(9), ...ofColumn('u', '2.1') }),
      sequence('b', { ...at(90), ...ofColumn('t', '1.1') }),
    ],
    clone: [sequence('a', ofColumn('t', '1.1')), sequence('b', ofColumn('u', '2.1'))],
  });
  expect([planned.changes, codes(planned)]).toEqual([[], ['SEQUENCES_RENAMED block']]);
});

test('the digest is of how they are made, and of what was asked for, not of where they stand', () => {
  const digest = (source: Partial<Sequence>, wanted: Partial<SequencesWanted> = {}) =>
    plan({ source: [sequence('a', source)], clone: [sequence('a')], wanted }).fingerprint;
  expect(digest(at(9))).toBe(digest(at(5)));
  expect(digest({ cache: '2' })).not.toBe(digest({}));
  expect(digest({}, { headroom: 1 })).not.toBe(digest({}));
});

test('before the clone follows nothing is set', () => {
  for (const world of [ticketed(contract), cloned(contract)]) {
    const planned = plan({ source: [sequence('a', at(9))], clone: [sequence('a')], world });
    expect([planned.changes, codes(planned)]).toEqual([[], ['SEQUENCES_NOT_FOLLOWED block']]);
  }
});

test('nor where the address of the clone leads to the source', () => {
  const world = edit(following(contract), ({ target }) => (target!.isSourceServer = true));
  const planned = plan({ source: [sequence('a', at(9))], clone: [sequence('a')], world });
  expect([planned.changes, codes(planned)]).toEqual([[], ['SAME_CLUSTER block']]);
});
