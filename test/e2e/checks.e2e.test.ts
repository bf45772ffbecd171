import { connectBy } from '../../lab/connections';
import type { Finding } from '../../sql-runner/model/change';
import type { Contracts } from '../../contract/contract';
import type { Selection } from '../../contract/contract';
import { sourceParameters, targetParameters } from '../../stacks/constructs/cluster/sizing';
import { eventually } from '../support/eventually';
import {
  carryOut,
  printedAwsCommand,
  printedDeploy,
  printedNewClone,
  printedRun,
  printedSetting,
} from '../sql-runner/checks/printed-fix';
import { diagnosisOf } from './support/looks';
import { AwsWorld } from './support/aws-world';
import { correctedFile, keptGroup, linksWith, newCloneAsPrinted } from './support/corrected';
import { DirectLab, refusalOf } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { RewritingProxy } from './support/rewriting-proxy';
import { execute, startReader } from './support/provocations';
import { stoppedOnSource } from './support/reset-stopped';
import { withoutTicket } from './support/ticket-advice';
import { takeNoTurns, unknownGroup } from './support/production-groups';

/** What RDS knows and a single server does not: provoked in both accounts, found by doctor, and gone after the printed fix. */

const stage = stagesInOrder();
const PRODUCTION = 'demo-production';
let world: DirectLab;
let aws: AwsWorld;
let rds: RewritingProxy;
/** The printed command that connects the clone. */
let connects: readonly string[];

beforeAll(async () => {
  world = await DirectLab.start('checks');
  aws = new AwsWorld(world);
  rds = await RewritingProxy.before(process.env.AWS_ENDPOINT_URL!);
  process.env.AWS_ENDPOINT_URL = rds.url;
  await onSource('shop', 'CREATE TABLE orders (id bigint PRIMARY KEY)');
  await onSource('ledger', 'CREATE TABLE accounts (id bigint PRIMARY KEY)', 'CREATE SCHEMA "Audit"');
  await onSource('ledger', 'CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)');
});
afterAll(async () => {
  await rds?.close();
  await world?.lab.down();
});

const onSource = async (database: string, ...statements: string[]) => execute(await world.source(database), statements);
const onClone = async (...statements: string[]) => execute(await world.clone('shop'), statements);

/** On a session of the master user, in the database that the message names. */
async function client(side: 'source' | 'clone', { next }: Finding) {
  return (side === 'source' ? world.source : world.clone)(/in database (\S+) on/.exec(next)?.[1] ?? 'shop');
}

async function find(code: string, contracts: Contracts = world.contracts): Promise<Finding[]> {
  const { results } = await diagnosisOf({ contracts });
  return results.flatMap(({ findings }) => findings).filter((finding) => finding.code === code);
}

async function one(code: string, contracts?: Contracts) {
  const [finding, ...others] = await find(code, contracts);
  expect([finding?.code, others]).toEqual([code, []]);
  return finding!;
}

const passes = async (code: string, contracts?: Contracts) => expect(await find(code, contracts)).toEqual([]);

/** As the source stack would state it after a change of the environment file and a deploy. */
function deployed(change: Partial<Contracts['source']>): Contracts {
  return { ...world.contracts, source: { ...world.contract, ...change } };
}

const linking = (database: string, selection: Selection): Contracts =>
  deployed({ links: linksWith(world.contract, database, selection) });

stage('DATABASE_MISSING, TABLE_MISSING and NOTHING_SELECTED: names that the source does not have', async () => {
  const unknown = await one('DATABASE_MISSING', linking('shopp', { kind: 'all' }));
  expect(printedDeploy(unknown, 'DATABASE_MISSING')).toBe(world.contract.stacks.source);
  await passes('DATABASE_MISSING', linking('shop', { kind: 'all' }));
  const misspelt = await one('TABLE_MISSING', linking('ledger', { kind: 'schemas', schemas: ['audit'] }));
  expect(printedDeploy(misspelt, 'TABLE_MISSING')).toBe(world.contract.stacks.source);
  expect(misspelt).toMatchObject({
    seen: 'database ledger has no table in schema audit',
    next: expect.stringContaining('double quotes around mixed case'),
  });
  await passes('TABLE_MISSING', linking('ledger', { kind: 'schemas', schemas: ['Audit'] }));
  await onSource('shop', 'CREATE DATABASE blank');
  await one('NOTHING_SELECTED', linking('blank', { kind: 'all' }));
  await onSource('blank', 'CREATE TABLE first (id int PRIMARY KEY)');
  await passes('NOTHING_SELECTED', linking('blank', { kind: 'all' }));
});

stage('REPLICA_IDENTITY_MISSING: the statement that is printed', async () => {
  await onSource('shop', 'CREATE TABLE "Visits" (at timestamptz)');
  const missing = await one('REPLICA_IDENTITY_MISSING');
  const session = await client('source', missing);
  await carryOut(missing, session, 'REPLICA_IDENTITY_MISSING').finally(() => session.end());
  await passes('REPLICA_IDENTITY_MISSING');
});

stage('ENGINE_TOO_OLD: what RDS says, as the contract repeats it', async () => {
  const reported = `<EngineVersion>${world.contract.cluster.engineVersion}</EngineVersion>`;
  const contract = async () =>
    deployed({ cluster: { ...world.contract.cluster, engineVersion: await aws.engineVersion(PRODUCTION) } });
  rds.rewrites = [[reported, '<EngineVersion>15.1</EngineVersion>']];
  const tooOld = await one('ENGINE_TOO_OLD', await contract());
  expect(tooOld).toMatchObject({ severity: 'block', seen: expect.stringContaining('15.1') });
  const [, upgraded] = /upgrade the source to .*(15\.\d+) or later/.exec(tooOld.next)!;
  rds.rewrites = [[reported, `<EngineVersion>${upgraded}</EngineVersion>`]];
  expect(printedDeploy(tooOld, 'ENGINE_TOO_OLD')).toBe(world.contract.stacks.source);
  await passes('ENGINE_TOO_OLD', await contract());
  rds.rewrites = [];
  await passes('ENGINE_TOO_OLD', await contract());
});

stage('SOURCE_NOT_AVAILABLE: waited for with the printed command', async () => {
  rds.rewrites = [['<Status>available</Status>', '<Status>modifying</Status>']];
  const notAvailable = await one('SOURCE_NOT_AVAILABLE');
  expect(notAvailable.seen).toBe('cluster demo-production is modifying');
  const waited = aws.carryOut('source', printedAwsCommand(notAvailable, 'SOURCE_NOT_AVAILABLE'));
  rds.rewrites = [];
  await waited;
  await passes('SOURCE_NOT_AVAILABLE');
});

stage('PARAMETER_GROUP_UNEXPECTED and PARAMETERS_LOST: a group that the environment does not know', () =>
  unknownGroup(world, aws),
);

stage('WAL_LEVEL_NOT_LOGICAL, SOURCE_REBOOT_PENDING and SOURCE_SLOTS_TOO_FEW: the group, and its reboots', async () => {
  await one('WAL_LEVEL_NOT_LOGICAL');
  await aws.setGroup('source', 'source', { ...sourceParameters(2), max_replication_slots: '1', max_wal_senders: '1' });
  await aws.attachGroup(PRODUCTION, 'source');
  await aws.carryOut('source', printedAwsCommand(await one('SOURCE_REBOOT_PENDING'), 'SOURCE_REBOOT_PENDING'));
  await passes('SOURCE_REBOOT_PENDING');
  await passes('WAL_LEVEL_NOT_LOGICAL');
  const few = await one('SOURCE_SLOTS_TOO_FEW');
  expect(few).toMatchObject({ severity: 'block' });
  expect((await world.plan()).changes).toEqual([]);
  const [senders, reserve] = [await one('SOURCE_SENDERS_TOO_FEW'), await one('SOURCE_SLOTS_WITHOUT_RESERVE')];
  const printed = [
    printedSetting(few, 'SOURCE_SLOTS_TOO_FEW'),
    printedSetting(senders, 'SOURCE_SENDERS_TOO_FEW'),
    printedSetting(reserve, 'SOURCE_SLOTS_WITHOUT_RESERVE'),
  ];
  const settings = Object.fromEntries(printed.map(({ name, value }) => [name, value]));
  await aws.setGroup('source', 'source', { ...sourceParameters(2), ...settings });
  const command = printedRun(few, 'SOURCE_SLOTS_TOO_FEW');
  expect(printedRun(senders, 'SOURCE_SENDERS_TOO_FEW')).toEqual(command);
  expect(printedRun(reserve, 'SOURCE_SLOTS_WITHOUT_RESERVE')).toEqual(command);
  expect(await world.follow(command)).toBe('applied');
  expect(await onSource('shop', 'SHOW max_wal_senders')).toEqual([{ max_wal_senders: settings.max_wal_senders }]);
  for (const { code } of [few, senders, reserve]) await passes(code);
  await aws.setGroup('source', 'source', sourceParameters(2));
  expect(await world.follow(printedRun(await one('SOURCE_REBOOT_PENDING'), 'SOURCE_REBOOT_PENDING'))).toBe('applied');
  await passes('SOURCE_REBOOT_PENDING');
});

stage('PARAMETER_GROUP_SUFFICES: two environments on one cluster, and production is restarted for neither', () =>
  takeNoTurns(world, aws),
);

stage('TARGET_REBOOT_PENDING and TARGET_WORKERS_TOO_FEW: before the clone is connected', async () => {
  await onSource('shop', `SELECT pg_create_logical_replication_slot('reports', 'pgoutput')`);
  await world.deployTarget();
  await passes('TARGET_REBOOT_PENDING');
  const sizes = targetParameters(2, 17, { source: sourceParameters(2) });
  await aws.setGroup('target', 'clone', { ...sizes, max_logical_replication_workers: '1', max_worker_processes: '2' });
  await aws.carryOut('target', printedAwsCommand(await one('TARGET_REBOOT_PENDING'), 'TARGET_REBOOT_PENDING'));
  const few = await one('TARGET_WORKERS_TOO_FEW');
  expect(few).toMatchObject({ severity: 'block', next: expect.stringMatching(/ then reboot its writer$/) });
  expect(printedDeploy(few, 'TARGET_WORKERS_TOO_FEW')).toBe(world.contract.stacks.target);
  const processes = await one('TARGET_PROCESSES_TOO_FEW');
  expect(printedDeploy(processes, 'TARGET_PROCESSES_TOO_FEW')).toBe(world.contract.stacks.target);
  expect((await world.plan()).changes).toEqual([]);
  await aws.setGroup('target', 'clone', sizes);
  await aws.carryOut('target', printedAwsCommand(await one('TARGET_REBOOT_PENDING'), 'TARGET_REBOOT_PENDING'));
  await passes('TARGET_REBOOT_PENDING');
  await passes('TARGET_WORKERS_TOO_FEW');
  await passes('TARGET_PROCESSES_TOO_FEW');
});

stage('INHERITED_SLOT_IN_USE: a copy that somebody reads, dropped as printed once its reader has stopped', async () => {
  const place = { connection: world.lab.cloneConnection('shop'), publication: 'acas_demo_shop' };
  const reader = await startReader(world, 'reports', place);
  const inUse = await one('INHERITED_SLOT_IN_USE');
  const active = `FROM pg_replication_slots WHERE slot_name = 'reports' AND active`;
  await onClone(`SELECT pg_terminate_backend(active_pid) ${active}`);
  await eventually(async () => (await onClone(`SELECT ${active}`)).length === 0);
  await reader.end().catch(() => undefined);
  const session = await client('clone', inUse);
  await carryOut(inUse, session, 'INHERITED_SLOT_IN_USE').finally(() => session.end());
  await passes('INHERITED_SLOT_IN_USE');
});

stage('INHERITED_SLOT_LEFT: copies on a real clone, which the printed apply drops below', async () => {
  const left = await find('INHERITED_SLOT_LEFT');
  expect(left.map(({ severity, next }) => `${severity} ${next.slice(0, 32)}`)).toEqual([
    'info nothing: sql-runner apply demo d',
    'info nothing: sql-runner apply demo d',
  ]);
  connects = printedRun(left[0]!, 'INHERITED_SLOT_LEFT');
});

stage('CLONE_CHANGED: another seed LSN than the one that was approved', async () => {
  const [seed] = await onClone(`SELECT pg_get_functiondef('aurora_volume_logical_start_lsn'::regproc) AS text`);
  const replace = async (definition: string) => {
    const admin = connectBy((database) => world.lab.adminConnection('clone', database));
    await execute(await admin('shop'), ['SET allow_system_table_mods = on', definition]);
  };
  const other = String(seed!.text).replace(/\$function\$.*\$function\$/s, () => `$$ SELECT '0/1'::pg_lsn $$`);
  const confirm = async () => (await replace(other), true);
  expect(await refusalOf(world.run('apply', { confirm }))).toBe('CLONE_CHANGED');
  expect(await onClone('SELECT FROM pg_subscription')).toEqual([]);
  await replace(String(seed!.text));
  expect(await world.follow(connects)).toBe('applied');
  await passes('INHERITED_SLOT_LEFT');
});

stage('what would stop the next clone stops the reset that gives the present one up', () => stoppedOnSource(world));

stage(
  'TABLES_NOT_REPLICATED, STILL_REPLICATED, TICKET_INCOMPLETE: over with the new clone that is printed',
  async () => {
    await onSource('shop', 'CREATE TABLE newcomer (id int PRIMARY KEY)');
    expect((await one('TABLES_NOT_REPLICATED')).next).toContain('it is part of the next clone');
    // A file that names what the source has not takes nothing out of a stream: it may have been renamed.
    const tables = ['accounts', 'moved_away'].map((name) => ({ schema: 'public', name }));
    const narrowed = linking('ledger', { kind: 'tables', tables });
    const still = await one('STILL_REPLICATED', narrowed);
    expect(still.seen).toContain('not select "Audit"."Log" in database ledger');
    expect(printedDeploy(still, 'STILL_REPLICATED')).toBe(world.contract.stacks.source);
    await passes('STILL_REPLICATED');
    await withoutTicket(world, ['ledger']);
    const incomplete = await one('TICKET_INCOMPLETE');
    await newCloneAsPrinted(world, printedNewClone(incomplete, 'TICKET_INCOMPLETE'));
    await passes('TICKET_INCOMPLETE');
    await passes('TABLES_NOT_REPLICATED');
    expect((await diagnosisOf(world)).results.filter(({ status }) => status === 'fail')).toEqual([]);
  },
);
stage('PARAMETER_GROUP_KEPT: until the slot of somebody else is gone, and the printed teardown has run', () =>
  keptGroup(world, aws, PRODUCTION),
);
stage('BAD_IDENTIFIER and SERVERLESS_MISMATCH: a file with what AWS shows, and with what is printed, is taken', () =>
  correctedFile(aws),
);
