import { streamOf } from '../../../sql-runner/model/streams';
import { execute } from '../../../sql-runner/execute/execute';
import { subscriptionOptions } from '../../../sql-runner/postgres/catalog/subscription-options';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { formatMark, ownMark, type SubscriptionMark } from '../../../sql-runner/model/mark';
import { planPutBack } from '../../../sql-runner/resources/put-back';
import { alteredAttributes } from '../../../sql-runner/resources/subscription-attributes';
import { from } from '../../support/postgres-major';
import { ConnectedPair, PAIR_PARAMETERS } from '../support/connected-pair';

/** Every attribute that this major has, altered by hand and put back by what is planned. One by one on 17: test/e2e/drift. */

/** As ALTER SUBSCRIPTION takes it, from which major on, and whether only of a subscription that is disabled. */
const BY_HAND: readonly (readonly [name: string, clause: string, since: number, disabled?: true])[] = [
  ['publication', 'SET PUBLICATION acas_demo_shop, aside WITH (refresh = false)', 13],
  ['slot_name', 'SET (slot_name = aside)', 13],
  ['synchronous_commit', 'SET (synchronous_commit = local)', 13],
  ['binary', 'SET (binary = true)', 14],
  ['streaming', 'SET (streaming = off)', 14],
  ['disable_on_error', 'SET (disable_on_error = true)', 15],
  ['skip_lsn', `SKIP (lsn = '7F/0')`, 15],
  ['password_required', 'SET (password_required = false)', 16],
  ['run_as_owner', 'SET (run_as_owner = true)', 16],
  ['origin', 'SET (origin = none)', 16],
  ['failover', 'SET (failover = true)', 17, true],
  ['two_phase', 'SET (two_phase = true)', 18, true],
];
const MARK: SubscriptionMark = {
  kind: 'subscription',
  environment: 'demo',
  nonce: 'n',
  seedLsn: '0/1',
  secretVersion: 'v',
};

let world: ConnectedPair;
beforeAll(async () => {
  world = await ConnectedPair.start('CREATE TABLE t (id int PRIMARY KEY)', PAIR_PARAMETERS);
  await world.source.query('CREATE PUBLICATION aside FOR TABLE t');
  await world.follow();
  // A stream that has begun has a position.
  await world.source.query('INSERT INTO t VALUES (0)');
  await world.arrives('SELECT id FROM t', [[0]]);
  await world.clone.query(`COMMENT ON SUBSCRIPTION acas_demo_shop IS ${quoteLiteral(formatMark(MARK))}`);
});
afterAll(() => world?.stop());

const of = () => streamOf('shop', world.contract.links[0]!.streams[0]!);

async function options() {
  const session = await world.session('target');
  try {
    return (await subscriptionOptions(session))[0]!;
  } finally {
    await session.close();
  }
}

const alter = async (clause: string) => world.cloneAdmin.query(`ALTER SUBSCRIPTION acas_demo_shop ${clause}`);

test('as it is made, nothing is altered', async () => {
  const made = await options();
  expect(alteredAttributes(of(), made)).toEqual([]);
  expect(made.mayAlter).toBe(true);
  const names = [...BY_HAND.filter(([, , since]) => from(since)).map(([name]) => name), 'owner'];
  expect(Object.keys(made.values).sort()).toEqual(names.sort());
});

/** What is looked at of each, on whatever major; a column that is not here is one that nobody judges. */
const JUDGED: Readonly<Record<'pg_subscription' | 'pg_publication', Readonly<Record<string, string>>>> = {
  pg_subscription: {
    oid: 'continuity: made again',
    subdbid: 'it is looked for in its database',
    subname: 'it is looked for by its name',
    subenabled: 'continuity: disabled by somebody else',
    subconninfo: 'connection-doubts: what comes of it',
    subowner: 'owner',
    subpublications: 'publication',
    subslotname: 'slot_name',
    subsynccommit: 'synchronous_commit',
    subbinary: 'binary',
    substream: 'streaming',
    subtwophasestate: 'two_phase',
    subdisableonerr: 'disable_on_error',
    subskiplsn: 'skip_lsn',
    subpasswordrequired: 'password_required',
    subrunasowner: 'run_as_owner',
    suborigin: 'origin',
    subfailover: 'failover',
  },
  // Any of them writes the row anew: publication-rows. As they are now: publication-drift.
  pg_publication: {
    oid: 'publication-rows',
    pubname: 'it is looked for by its name',
    pubowner: 'owner',
    puballtables: 'publication-drift',
    pubinsert: 'publication-drift',
    pubupdate: 'publication-drift',
    pubdelete: 'publication-drift',
    pubtruncate: 'publication-drift',
    pubviaroot: 'publication-drift',
    pubgencols: 'publication-drift',
  },
};

test.each(['pg_subscription', 'pg_publication'] as const)('%s has no column that nobody judges', async (catalog) => {
  const { rows } = await world.cloneAdmin.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = '${catalog}'::regclass AND (attnum > 0 OR attname = 'oid')`,
  );
  expect(rows.map(({ name }) => name).filter((name) => !(name in JUDGED[catalog]))).toEqual([]);
  const judged = Object.values(JUDGED.pg_subscription);
  expect(BY_HAND.map(([name]) => name).filter((name) => !judged.includes(name))).toEqual([]);
});

test('what was altered is put back, the slot of the source too, and the stream goes on', async () => {
  // Only a superuser may put this one back, and not change anything else before: live on 17 in test/e2e/drift.
  const own = BY_HAND.filter(([name, , since]) => from(since) && name !== 'password_required');
  await alter('DISABLE');
  for (const [, clause] of own.filter(([, , , disabled]) => disabled)) await alter(clause);
  await alter('ENABLE');
  await world.streams();
  for (const [, clause] of own.filter(([, , , disabled]) => !disabled)) await alter(clause);
  const altered = await options();
  expect(
    alteredAttributes(of(), altered)
      .map(({ attribute }) => attribute.name)
      .sort(),
  ).toEqual(own.map(([name]) => name).sort());

  const { before, after, mark } = planPutBack(of(), altered, MARK, { enabled: true, begun: true });
  for (const change of [...before.changes, ...after.changes]) await execute(change, world.pair.execution);
  const back = await options();
  expect(alteredAttributes(of(), back)).toEqual([]);
  // What it altered itself it notes beside that.
  expect(ownMark(back.comment, 'subscription', 'demo')).toMatchObject(mark);
  expect(mark.unproven?.altered).toEqual(expect.arrayContaining(['publication', 'slot_name']));
  const { rows } = await world.source.query(
    `SELECT to_jsonb(s) AS slot FROM pg_replication_slots s WHERE slot_name = 'acas_demo_shop'`,
  );
  expect(rows[0].slot).toMatchObject({
    ...(from(14) ? { two_phase: false } : {}),
    ...(from(17) ? { failover: false } : {}),
  });
  await world.source.query('INSERT INTO t VALUES (1)');
  await world.arrives('SELECT id FROM t ORDER BY id', [[0], [1]]);
});
