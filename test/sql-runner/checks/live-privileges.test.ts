import { type Client, DatabaseError } from 'pg';
import { RdsadminAgent } from '../../../lab/postgres/rdsadmin-agent';
import type { Finding } from '../../../sql-runner/model/change';
import { eventually } from '../../support/eventually';
import { from } from '../../support/postgres-major';
import { sourceContract } from '../support/contract';
import { startSurveyedCluster, type SurveyedCluster } from '../support/surveyed-cluster';
import { carryOut, sqlIn } from './printed-fix';

/**
 * A login without any right: what it lacks is found before anything is changed,
 * the server refuses what the check says it refuses, and no longer does so once
 * the printed statements are carried out.
 */
const LIMITED = { user: 'limited', password: 'nothing at all' };
let world: SurveyedCluster;
let agent: RdsadminAgent;
const as: Record<'source' | 'target', Client> = {} as never;

beforeAll(async () => {
  world = await startSurveyedCluster(sourceContract(['shop']), { wal_level: 'logical', max_worker_processes: '32' });
  agent = new RdsadminAgent(world.test.cluster);
  agent.start();
  await world.admin.query(`CREATE ROLE limited LOGIN PASSWORD '${LIMITED.password}'; ALTER ROLE acas_demo NOLOGIN`);
  await world.targetAdmin.query('REVOKE EXECUTE ON FUNCTION aurora_volume_logical_start_lsn() FROM PUBLIC');
  for (const client of [world.source, world.target]) {
    await client.query('CREATE SCHEMA "Sales"; CREATE TABLE "Sales".orders (id int PRIMARY KEY)');
    await client.query('CREATE TABLE public.notes (id int PRIMARY KEY)');
  }
  await world.lookAs(LIMITED);
  as.source = await world.test.connect('shop', LIMITED);
  as.target = await world.test.connect('copy', LIMITED);
});
afterAll(async () => {
  await agent?.stop();
  await world?.stop();
});

const find = async (code: string): Promise<Finding[]> => (await world.findings()).filter((one) => one.code === code);
const passes = (code: string) => eventually(async () => (await find(code)).length === 0);

/** SQLSTATE with which the login is refused. */
async function refusal(side: 'source' | 'target', sql: string): Promise<string | null> {
  try {
    await as[side].query(sql);
    return null;
  } catch (error) {
    if (error instanceof DatabaseError) return error.code ?? '';
    throw error;
  }
}
const FORBIDDEN = '42501';

type Lack = readonly [code: string, side: 'source' | 'target', severity: string, needs: string, since: number];

/** What the login cannot do until the fix; `since`: earlier versions refuse it to all but superusers, which RDS patches. */
const LACKS: readonly Lack[] = [
  ['SOURCE_SCHEMA_CLOSED', 'source', 'block', `SELECT '"Sales".orders'::regclass`, 13],
  ['TARGET_SCHEMA_CLOSED', 'target', 'block', `SELECT '"Sales".orders'::regclass`, 13],
  ['SEED_LSN_NOT_ALLOWED', 'target', 'block', 'SELECT aurora_volume_logical_start_lsn()', 13],
  ['ORIGIN_NOT_ALLOWED', 'target', 'block', `SELECT pg_replication_origin_progress('absent', false)`, 14],
  [
    'SUBSCRIPTION_NOT_ALLOWED',
    'target',
    'block',
    `CREATE SUBSCRIPTION probe CONNECTION 'password=x' PUBLICATION p WITH (connect = false, slot_name = NONE)`,
    16,
  ],
  ['REPLICATION_NOT_ALLOWED', 'source', 'block', `SELECT pg_create_logical_replication_slot('probe', 'pgoutput')`, 13],
  ['ROLE_NOT_MANAGEABLE', 'source', 'block', `ALTER ROLE acas_demo PASSWORD 'changed'`, 16],
];

test('ROLE_CANNOT_CONNECT: a database that is somebody else’s, who takes CONNECT away and must let us grant it', async () => {
  await world.admin.query('REVOKE CONNECT ON DATABASE shop FROM PUBLIC; GRANT CONNECT ON DATABASE shop TO limited');
  const granted = () => as.source.query('GRANT CONNECT ON DATABASE shop TO acas_demo');
  // With a warning only.
  await granted();
  const [closed, ...others] = await find('ROLE_CANNOT_CONNECT');
  expect([closed?.severity, others]).toEqual(['block', []]);
  await carryOut(closed!, world.admin, 'ROLE_CANNOT_CONNECT');
  const [own] = await find('ROLE_CANNOT_CONNECT');
  expect(own!.next).not.toEqual(closed!.next);
  await carryOut(own!, as.source, 'ROLE_CANNOT_CONNECT');
  await passes('ROLE_CANNOT_CONNECT');
});

test.each(LACKS)('%s on the %s', async (code, side, severity, needs, since) => {
  const admin = side === 'source' ? world.admin : world.targetAdmin;
  expect(await refusal(side, needs)).toBe(FORBIDDEN);
  const [finding, ...others] = await find(code);
  expect([finding?.severity, others]).toEqual([severity, []]);
  // The clone's database is called copy in this cluster, and shop in the contract.
  await carryOut({ ...finding!, next: finding!.next.replace('DATABASE "shop"', 'DATABASE "copy"') }, admin, code);
  await passes(code);
  // REPLICATION comes with membership of rds_replication as on RDS, a moment later.
  if (from(since)) await eventually(async () => (await refusal(side, needs)) !== FORBIDDEN);
  // Not to be inherited by the next one.
  await admin.query('REVOKE rds_superuser FROM limited');
});

test.each([
  ['SOURCE_TABLE_UNREADABLE', 'source'],
  ['TARGET_TABLE_UNREADABLE', 'target'],
] as const)('%s: no SELECT, and policies, forced or not', async (code, side) => {
  const admin = side === 'source' ? world.admin : world.targetAdmin;
  const read = 'SELECT FROM public.notes';
  const opened = async (seen: string) => {
    expect(await refusal(side, `SET row_security = off; ${read}`)).toBe(FORBIDDEN);
    const [finding] = (await find(code)).filter((one) => one.seen.includes('public.notes'));
    expect(finding).toMatchObject({ severity: 'warn', seen: expect.stringContaining(seen) });
    await carryOut(finding!, admin, code);
    expect(await refusal(side, read)).toBe(null);
    expect((await find(code)).filter((one) => one.seen.includes('public.notes'))).toEqual([]);
  };
  await opened('may not read');
  await admin.query('ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY');
  await admin.query(`CREATE ROLE "Notes of ${side}"; ALTER TABLE public.notes OWNER TO "Notes of ${side}"`);
  await opened('sees only part of');
  await admin.query('ALTER TABLE public.notes FORCE ROW LEVEL SECURITY');
  await opened('sees only part of');
  for (const finding of await find(code)) await carryOut(finding, admin, code);
  await passes(code);
});

test('ROLE_CANNOT_REPLICATE: no login, no replication', async () => {
  await world.source.query('REVOKE rds_replication FROM acas_demo');
  await world.admin.query('ALTER ROLE acas_demo NOREPLICATION');
  const [finding] = await find('ROLE_CANNOT_REPLICATE');
  expect(sqlIn(finding!.next)).toBe('ALTER ROLE "acas_demo" LOGIN; GRANT rds_replication TO "acas_demo";');
  await carryOut(finding!, world.source, 'ROLE_CANNOT_REPLICATE');
  await passes('ROLE_CANNOT_REPLICATE');
});

test('a member of rds_superuser whose rights do not show is warned about, not stopped', async () => {
  await world.targetAdmin.query(
    'REVOKE EXECUTE ON FUNCTION pg_replication_origin_drop(text) FROM limited, rds_superuser; GRANT rds_superuser TO limited',
  );
  const expected = from(14) ? ['warn'] : [];
  expect((await find('ORIGIN_NOT_ALLOWED')).map(({ severity }) => severity)).toEqual(expected);
  await world.targetAdmin.query('GRANT EXECUTE ON FUNCTION pg_replication_origin_drop(text) TO rds_superuser');
  await passes('ORIGIN_NOT_ALLOWED');
});

test('REPLICATION_NOT_ALLOWED where no role stands for the attribute', async () => {
  // Nor does anybody take the attribute back who gave it for the role: that could come after it is given again.
  await agent.stop();
  await world.admin.query('REVOKE rds_replication FROM limited; ALTER ROLE rds_replication RENAME TO hidden');
  await world.admin.query('ALTER ROLE limited NOREPLICATION');
  const [finding] = await find('REPLICATION_NOT_ALLOWED');
  await carryOut(finding!, world.admin, 'REPLICATION_NOT_ALLOWED');
  await passes('REPLICATION_NOT_ALLOWED');
  await world.admin.query('ALTER ROLE hidden RENAME TO rds_replication');
  agent.start();
});

test('SETTING_HARMS_APPLY: before the clone is connected there is no worker to start anew', async () => {
  await world.targetAdmin.query('DROP SUBSCRIPTION IF EXISTS probe');
  await world.targetAdmin.query(`ALTER ROLE limited IN DATABASE copy SET lock_timeout = '1s'`);
  const [finding] = await find('SETTING_HARMS_APPLY');
  // The clone's database is called copy in this cluster, and shop in the contract.
  const next = finding!.next.replace('DATABASE "shop"', 'DATABASE "copy"');
  await carryOut({ ...finding!, next }, world.targetAdmin, 'SETTING_HARMS_APPLY');
  await passes('SETTING_HARMS_APPLY');
});

test('SUBSCRIPTION_OPTIONS_HIDDEN: PostgreSQL 13 hides one from ordinary roles', async () => {
  await world.target.query(
    `CREATE SUBSCRIPTION acas_demo_shop CONNECTION 'password=x' PUBLICATION acas_demo_shop WITH (connect = false, slot_name = NONE)`,
  );
  const found = await find('SUBSCRIPTION_OPTIONS_HIDDEN');
  expect(found.map(({ severity }) => severity)).toEqual(from(14) ? [] : ['info']);
  for (const finding of found) await carryOut(finding, world.targetAdmin, 'SUBSCRIPTION_OPTIONS_HIDDEN');
  await passes('SUBSCRIPTION_OPTIONS_HIDDEN');
});
