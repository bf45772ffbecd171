import type { Client } from 'pg';
import type { Finding } from '../../../sql-runner/model/change';
import { readHeartbeats } from '../../../sql-runner/observe/observe-heartbeats';
import { streamsOf } from '../../../sql-runner/model/streams';
import { findAlteredHeartbeats } from '../../../sql-runner/resources/altered-heartbeat';
import { planHeartbeat } from '../../../sql-runner/resources/heartbeat';
import type { Session } from '../../../sql-runner/postgres/session';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { carryOut, carryOutInTurn } from '../checks/printed-fix';
import { openSession, targetOf } from '../postgres/sessions';
import { sourceContract } from '../support/contract';
import { edit, following, untouched } from '../support/observations';
import { sqlOf } from '../support/plans';
import type { Side } from '../../../contract/contract';
import { asking } from '../support/asking';

/** What others make of a heartbeat, told by its form, and put right as printed: it is as it was made, and takes beats. */
const contract = sourceContract(['shop']);
const [of] = streamsOf(contract) as [ReturnType<typeof streamsOf>[number]];
const SCHEMA = of.stream.publication;
const BEATS = `${SCHEMA}.acas_heartbeat`;
const table = (action: string): string => `ALTER TABLE ${BEATS} ${action}`;
const BEAT = `INSERT INTO ${BEATS} (id, number, at, lsn) SELECT gen_random_uuid(), coalesce(max(number), 0) + 1, now(), '0/1' FROM ${BEATS};
  UPDATE ${BEATS} SET passed = '0/2' WHERE passed IS NULL; DELETE FROM ${BEATS} WHERE number < 0`;

let cluster: TestCluster;
let master: Client;
let admin: Client;
let session: Session;

beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop'], parameters: { wal_level: 'logical' } });
  master = await cluster.connect('shop');
  admin = await cluster.cluster.adminClient('shop');
  cluster.onStop(() => admin.end());
  for (const change of planHeartbeat(contract, untouched(contract).source, of, true).changes)
    for (const text of sqlOf(change)) await master.query(text);
  await master.query(`CREATE PUBLICATION ${SCHEMA} FOR TABLE ${BEATS}; ${BEAT}`);
  await admin.query(`CREATE ROLE outsider; CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RETURN NULL; END $$`);
  session = await openSession(targetOf(cluster, 'shop'), { lockTimeoutMs: 200 });
});
afterAll(async () => {
  await session?.close();
  await cluster?.stop();
});

const read = () => readHeartbeats(asking(session), [SCHEMA]);

/** As it is found on that side. */
async function found(side: Side): Promise<Finding[]> {
  const heartbeats = await read();
  const observed = edit(following(contract), (world) =>
    Object.assign(world[side]!.databases.shop!, { heartbeats: structuredClone(heartbeats) }),
  );
  return findAlteredHeartbeats(contract, observed[side]!, side);
}

const OWNER = [table('OWNER TO outsider'), `ALTER SCHEMA ${SCHEMA} OWNER TO outsider`];
const TRIGGER = [
  `CREATE TRIGGER nothing BEFORE INSERT ON ${BEATS} FOR EACH ROW EXECUTE FUNCTION public.nothing()`,
  table('ENABLE ALWAYS TRIGGER nothing'),
];
const SWAP = [
  table('RENAME COLUMN id TO x'),
  table('RENAME COLUMN previous TO id'),
  table('RENAME COLUMN x TO previous'),
];

/** Before 16 the lab's master user is a superuser, from whom nothing can be taken. */
const REVOKED: [seen: string, statements: string[]][] = [
  ['has not all rights on it; its beats could not be read: permission denied', [`REVOKE ALL ON ${BEATS} FROM master`]],
  ['master may not use its schema; its beats', [`REVOKE ALL ON SCHEMA ${SCHEMA} FROM master`]],
];

test.each<[seen: string, statements: string[]]>([
  ...(from(16) ? REVOKED : []),
  ['its column at is named x; its beats could not be read', [table('RENAME COLUMN at TO x')]],
  ['its column id is named previous, its column previous is named id', SWAP],
  ['number is of type text, at has a default', [table(`ALTER number TYPE text, ALTER at SET DEFAULT now()`)]],
  ['it has no column passed', [table('DROP COLUMN passed')]],
  ['it has a column more more', [table('ADD COLUMN more int NOT NULL DEFAULT 1')]],
  ['lsn may be null, passed is NOT NULL', [table('ALTER passed SET NOT NULL, ALTER lsn DROP NOT NULL')]],
  ['it has no primary key on id', [table('DROP CONSTRAINT acas_heartbeat_pkey')]],
  ['another primary key', [table('DROP CONSTRAINT acas_heartbeat_pkey, ADD PRIMARY KEY (number)')]],
  ['its replica identity', [table('REPLICA IDENTITY NOTHING')]],
  ['it has constraint odd', [table('ADD CONSTRAINT odd CHECK (number < 1) NOT VALID')]],
  ['it has unique index odd', [`CREATE UNIQUE INDEX odd ON ${BEATS} (lsn) WHERE number < 0`]],
  ['trigger nothing fires on it', TRIGGER],
  ['row security holds for it', [table('ENABLE ROW LEVEL SECURITY'), table('FORCE ROW LEVEL SECURITY')]],
])('%s', async (seen, statements) => {
  for (const side of ['source', 'target'] as const) {
    const before = (await read())[0]!;
    for (const statement of statements) await admin.query(statement);
    const [finding, ...others] = await found(side);
    expect([finding?.code, finding?.seen, others]).toEqual(['HEARTBEAT_ALTERED', expect.stringContaining(seen), []]);
    await carryOut(finding!, master, 'HEARTBEAT_ALTERED');
    expect(await found(side)).toEqual([]);
    // What was disabled, and the numbers of columns that were made again, are no matter.
    expect((await read())[0]!.form!.constraints.map(({ type }) => type)).toEqual(['p']);
    expect((await read())[0]!.beats.map(({ id }) => id)).toEqual(before.beats.map(({ id }) => id));
    await master.query(BEAT);
    await admin.query(`DROP TRIGGER IF EXISTS nothing ON ${BEATS}`);
  }
});

test('an owner that it was given to gives it back, as printed', async () => {
  for (const side of ['source', 'target'] as const) {
    for (const statement of OWNER) await admin.query(statement);
    const [finding] = await found(side);
    // Before 16 the lab's master user is a superuser.
    if (!from(16)) expect(finding).toBeUndefined();
    else {
      expect(finding!.seen).toContain('outsider owns its schema, master may not use its schema, outsider owns it');
      await carryOut(finding!, admin, 'HEARTBEAT_ALTERED');
    }
    expect(await found(side)).toEqual([]);
    await master.query(BEAT);
  }
});

test('a rule acts on the beats that are written, and not on those that arrive', async () => {
  await admin.query(`CREATE RULE nothing AS ON DELETE TO ${BEATS} DO INSTEAD NOTHING`);
  expect(await found('target')).toEqual([]);
  const [finding] = await found('source');
  expect(finding!.seen).toContain('rule nothing acts on it');
  await carryOut(finding!, master, 'HEARTBEAT_ALTERED');
  expect(await found('source')).toEqual([]);
});

test('beats that have lost what tells them apart begin anew, on both sides', async () => {
  const sides = { source: master, clone: master };
  for (const side of ['source', 'target'] as const) {
    await master.query(table('DROP COLUMN id, DROP COLUMN number'));
    const [finding] = await found(side);
    expect(finding!.seen).toContain('it has no column id, number as it was made');
    if (side === 'source') await carryOut(finding!, master, 'HEARTBEAT_ALTERED');
    else await carryOutInTurn(finding!, sides, () => Promise.resolve(), 'HEARTBEAT_ALTERED');
    expect([await found(side), (await read())[0]!.beats]).toEqual([[], []]);
    await master.query(BEAT);
  }
});

test('beats that somebody holds locked are not read, with what ends that', async () => {
  await admin.query(`BEGIN; LOCK TABLE ${BEATS} IN ACCESS EXCLUSIVE MODE`);
  const [finding, ...others] = await found('source');
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    code: 'HEARTBEAT_UNREADABLE',
    seen: expect.stringContaining(`the read of ${BEATS}`),
    next: expect.stringContaining('pg_terminate_backend'),
  });
  await admin.query('ROLLBACK');
  expect(await found('source')).toEqual([]);
});
