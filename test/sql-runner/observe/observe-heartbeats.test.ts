import { OperatorError } from '../../../errors/operator-error';
import { readHeartbeats } from '../../../sql-runner/observe/observe-heartbeats';
import type { Session } from '../../../sql-runner/postgres/session';
import { formatMark } from '../../../sql-runner/model/mark';
import { answering, type Answers } from '../support/answering';
import { sqlError } from '../support/fake-world';
import { heartbeatForm } from '../support/heartbeat-forms';
import { observedIn } from '../support/observed-world';
import { asking } from '../support/asking';

/** What is read of heartbeats in a database, as far as it is not what it should be. */
const SCHEMAS = 'AS marked';
const FORMS = 'AS "uniqueIndexes"';
const BEATS = 'previous::text, number::float8';
const MARKED = 'FROM pg_description d\n';
const comment = formatMark({ kind: 'heartbeat', environment: 'demo' });
const strange = formatMark({ kind: 'heartbeat', environment: 'other' });

/** Of shop alone, on the source. */
const inShop = (answers: Record<string, object[] | Error>): Answers =>
  Object.fromEntries(
    Object.entries(answers).map(([part, rows]) => [
      part,
      ({ side, database }) => (side === 'source' && database === 'shop' ? rows : undefined),
    ]),
  );
async function observed(answers: Record<string, object[] | Error>) {
  const { heartbeats, heartbeatsElsewhere, heartbeatsOfOthers } = (await observedIn(answering(inShop(answers)))).source
    .databases.shop!;
  return { heartbeats, heartbeatsElsewhere, heartbeatsOfOthers };
}

const ours = { schema: 'acas_demo_shop', comment, marked: true, named: true };
const beside = { schema: 'acas_demo_ledger', comment: null, marked: false, named: false };
const form = heartbeatForm();

test('each heartbeat is read with its own form, also where another schema of such a name has none', async () => {
  const { heartbeats } = await observed({
    [SCHEMAS]: [beside, ours],
    [FORMS]: [{ ...form, schema: 'acas_demo_other' }, form],
    [BEATS]: [],
  });
  expect(heartbeats).toStrictEqual([
    { schema: 'acas_demo_ledger', comment: null, beats: [] },
    { schema: 'acas_demo_shop', comment, beats: [], form },
  ]);
});

test('where nothing carries our mark no beat is asked for', async () => {
  const asked = sqlError('57014');
  const named = { ...beside, named: true };
  expect((await observed({ [SCHEMAS]: [named, beside], [FORMS]: [], [BEATS]: asked })).heartbeats).toEqual([
    { schema: 'acas_demo_ledger', comment: null, beats: [], taken: true },
    { schema: 'acas_demo_ledger', comment: null, beats: [] },
  ]);
});

test.each([
  ['42501', '42501', null],
  ['55P03', 'waited in vain for a lock', expect.stringContaining('wait until that transaction has ended')],
])('that beats cannot be read, for %s, is a finding; what ends a lock is said', async (code, seen, next) => {
  const { heartbeats } = await observed({ [SCHEMAS]: [ours], [FORMS]: [], [BEATS]: sqlError(code) });
  expect(heartbeats).toEqual([
    { schema: 'acas_demo_shop', comment, beats: [], unread: { seen: expect.stringContaining(seen), next } },
  ]);
});

test('a server that is gone is none: nothing else can be read of it either', async () => {
  const lost = new OperatorError({ code: 'CONNECTION_LOST', seen: 's', why: 'w', next: 'n' });
  const query = async (sql: string) => {
    if (sql.includes(BEATS)) throw lost;
    return sql.includes(SCHEMAS) ? [ours] : [];
  };
  await expect(readHeartbeats(asking({ query } as unknown as Session), ['acas_demo_shop'])).rejects.toBe(lost);
});

const HOME = 'acas_demo_shop';
const table = (schema: string, name: string | null, mark = comment) => ({ schema, table: name, comment: mark });
test.each<[string, ReturnType<typeof table>[], object[] | undefined]>([
  ['in its place', [table(HOME, null), table(HOME, 'acas_heartbeat')], undefined],
  [
    'under another name',
    [table(HOME, null), table(HOME, 'old')],
    [
      { schema: HOME, table: null },
      { schema: HOME, table: 'old' },
    ],
  ],
  ['in its place, and copied', [table(HOME, 'acas_heartbeat'), table(HOME, 'old')], [{ schema: HOME, table: 'old' }]],
  ['in another schema', [table('attic', 'acas_heartbeat')], [{ schema: 'attic', table: 'acas_heartbeat' }]],
  ['without its table', [table(HOME, null)], [{ schema: HOME, table: null }]],
  ['of somebody else', [table('attic', 'old', 'none')], undefined],
])('a heartbeat %s', async (_, marked, elsewhere) => {
  const { heartbeatsElsewhere, heartbeatsOfOthers } = await observed({ [MARKED]: marked });
  expect([heartbeatsElsewhere, heartbeatsOfOthers]).toEqual([elsewhere, undefined]);
});

test('that of another environment is told with whose it is, beside ours', async () => {
  const marked = [table('acas_other_shop', 'acas_heartbeat', strange), table('attic', 'old')];
  expect(await observed({ [MARKED]: marked })).toMatchObject({
    heartbeatsElsewhere: [{ schema: 'attic', table: 'old' }],
    heartbeatsOfOthers: [{ environment: 'other', schema: 'acas_other_shop', table: 'acas_heartbeat' }],
  });
});
