import { isBlocked } from '../../sql-runner/model/plan';
import { connectBy } from '../../lab/connections';
import { waitUntilCaughtUp } from '../../lab/demo/comparison';
import { carryOut, printedRun } from '../sql-runner/checks/printed-fix';
import { eventually } from '../support/eventually';
import { statusOf } from './support/looks';
import { openConnections } from '../../sql-runner/connections/open';
import { DirectLab, refusalOf } from './support/direct-lab';
import { execute, loseWal, SEED_AS_BEFORE, SEED_OF_ANOTHER, startReader } from './support/provocations';
import { dieAfterEach } from './support/dying-reset';
import { mixUpSides } from './support/mixed-sides';
import { dropLeftovers, findingOf, healing } from './support/leftovers';
import { leaveOutUngrantable, ticketOfSomebody, ticketWithoutSlot } from './support/ticket-advice';
import { stagesInOrder } from './support/in-order';

/** Each thing that makes a bootstrap unsafe, provoked on real servers: refused with its code, and nothing is connected. */

const stage = stagesInOrder();
const SLOT = 'acas_demo_shop';
const HEARTBEAT = 'acas_demo_shop.acas_heartbeat';
let world: DirectLab;

beforeAll(async () => {
  world = await DirectLab.start('guards');
  await onSource('shop', 'CREATE TABLE orders (id bigint PRIMARY KEY, note text)', rows(1, 'before the slot'));
  await onSource(
    'ledger',
    'CREATE TABLE accounts (id bigint PRIMARY KEY)',
    'CREATE SCHEMA "Audit"',
    'CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)',
  );
});
afterAll(() => world?.lab.down());

function rows(from: number, note: string): string {
  return `INSERT INTO orders SELECT n, '${note}' FROM generate_series(${from}, ${from + 99}) n`;
}

const onSource = async (database: string, ...statements: string[]) => execute(await world.source(database), statements);
const onClone = async (database: string, ...statements: string[]) => execute(await world.clone(database), statements);
/** As the superuser that nobody but the lab is. */
const asAdmin = async (side: 'source' | 'clone', ...statements: string[]) =>
  execute(await connectBy((database) => world.lab.adminConnection(side, database))('shop'), statements);

/** The codes that stop the plan of now. */
async function blocked(): Promise<string[]> {
  const plan = await world.plan();
  if (isBlocked(plan)) expect(plan.changes).toEqual([]);
  return plan.findings.filter(({ severity }) => severity === 'block').map(({ code }) => code);
}

/** Something is wrong, the plan says so, and is content once it is put right. */
async function expectBlockedWhile(code: string, wrong: () => Promise<unknown>, right: () => Promise<unknown>) {
  await wrong();
  expect(await blocked()).toContain(code);
  await right();
  expect(await blocked()).toEqual([]);
}

const blocking = (code: string) => findingOf(world, code);
const afterApproval = (statement: string) => ({ confirm: async () => (await onSource('shop', statement), true) });
const subscriptions = () => onClone('shop', 'SELECT subname FROM pg_subscription');
const createSlot = (options: string) => `SELECT pg_create_logical_replication_slot('${SLOT}', ${options})`;
const dropSlot = `SELECT pg_drop_replication_slot('${SLOT}')`;
const consume = `SELECT count(*) FROM pg_logical_slot_get_binary_changes('${SLOT}', NULL, NULL, 'proto_version', '1', 'publication_names', '${SLOT}')`;

/** A new clone by reset, deploy; not connected yet. */
async function replaceClone(): Promise<void> {
  await world.run('reset');
  expect((await world.plan()).nextStep?.command).toBe('cdktf deploy demo-target');
  await world.deployTarget();
}

stage('a table that the master user may not publish', async () => {
  await onSource('shop', 'CREATE ROLE reports');
  await asAdmin('source', 'CREATE TABLE public.secret (id int PRIMARY KEY)');
  await asAdmin('source', 'ALTER TABLE public.secret OWNER TO reports');
  const { findings } = await world.plan();
  expect(findings.filter(({ severity }) => severity === 'block')).toMatchObject([{ code: 'TABLE_NOT_OWNED' }]);
  expect(findings[0]!.seen).toBe(
    'in database shop, reports owns public.secret, and app_owner does not have its rights',
  );
  expect(await refusalOf(world.run('apply'))).toBe('TABLE_NOT_OWNED');
  expect(await onSource('shop', 'SELECT FROM pg_publication')).toEqual([]);
  await healing(world.source('shop'), (session) => carryOut(findings[0]!, session, 'TABLE_NOT_OWNED'));
  expect(await blocked()).toEqual([]);
  await asAdmin('source', 'ALTER TABLE public.secret OWNER TO rdsadmin');
  await leaveOutUngrantable(world);
  await asAdmin('source', 'DROP TABLE public.secret');
  await asAdmin('source', 'REVOKE CREATE ON DATABASE shop FROM app_owner', 'ALTER DATABASE shop OWNER TO rdsadmin');
  expect(await blocked()).toEqual(['PUBLICATION_NOT_ALLOWED']);
  await asAdmin('source', 'ALTER DATABASE shop OWNER TO app_owner', 'GRANT CREATE ON DATABASE shop TO app_owner');
});

stage('nothing to reset', async () => expect(await refusalOf(world.run('reset'))).toBe('NOTHING_TO_RESET'));

stage('leftovers under our names: dropped as printed', () => dropLeftovers(world, SLOT));

stage('a ticket that is none: deleted as printed, and issued again', () => ticketOfSomebody(world));
stage('a slot that is read, or gone, in the moment when the ticket is issued', () => ticketWithoutSlot(world, SLOT));

stage('names that are taken by somebody else', async () => {
  const [mark] = await onSource('shop', `SELECT obj_description(oid, 'pg_publication') AS text FROM pg_publication`);
  const comment = (text: string) => () => onSource('shop', `COMMENT ON PUBLICATION ${SLOT} IS '${text}'`);
  await expectBlockedWhile('PUBLICATION_NAME_TAKEN', comment('reports'), comment(String(mark!.text)));
  const rename = (from: string, to: string) => () => onSource('shop', `ALTER PUBLICATION ${from} RENAME TO ${to}`);
  const back = async () =>
    healing(world.source('shop'), async (session) =>
      carryOut(await blocking('SLOT_NAME_TAKEN'), session, 'SLOT_NAME_TAKEN'),
    );
  await expectBlockedWhile('SLOT_NAME_TAKEN', rename(SLOT, 'other'), back);
  const [role] = await onSource('shop', `SELECT shobj_description('acas_demo'::regrole, 'pg_authid') AS text`);
  const describe = (text: string) => () => asAdmin('source', `COMMENT ON ROLE acas_demo IS '${text}'`);
  await expectBlockedWhile('ROLE_NAME_TAKEN', describe('reports'), describe(String(role!.text)));
});

stage('the first clone: SIDES_SWAPPED and SAME_CLUSTER', async () => {
  await onSource('shop', rows(1001, 'between slot and clone'));
  await world.deployTarget();
  await onSource('shop', rows(2001, 'after the clone'));
  expect(await blocked()).toEqual([]);
  await mixUpSides(world);
  expect(await blocked()).toEqual([]);
});

stage('a clone that does not stand where it must', async () => {
  const [mark] = await onClone('shop', `SELECT obj_description(oid, 'pg_publication') AS text FROM pg_publication`);
  const comment = (text: string) => () => onClone('shop', `COMMENT ON PUBLICATION ${SLOT} IS '${text}'`);
  const text = String(mark!.text);
  await expectBlockedWhile('CLONE_NOT_UNDER_TICKET', comment(text.replace(/"nonce":"./, '"nonce":"x')), comment(text));
  await expectBlockedWhile('CLONE_NOT_UNDER_TICKET', comment('no ticket'), comment(text));
  // A setting of the database is one of its new sessions.
  const warm = world.open;
  world.open = openConnections;
  const seed = (lsn: string) => () =>
    asAdmin('clone', `ALTER DATABASE shop SET aurora.volume_logical_start_lsn = '${lsn}'`);
  const back = () => asAdmin('clone', 'ALTER DATABASE shop RESET aurora.volume_logical_start_lsn');
  for (const lsn of ['0/1', 'FFFF/0']) await expectBlockedWhile('SEED_LSN_OUT_OF_RANGE', seed(lsn), back);
  // So near that the statement passes it; the server may write as much by itself before the plan is made.
  const beyond = await eventually(async () => {
    const [ahead] = await onSource('shop', `SELECT (pg_current_wal_lsn() + 64)::text AS lsn`);
    await seed(String(ahead!.lsn))();
    return blocking('SEED_LSN_OUT_OF_RANGE').catch(() => null);
  });
  await healing(world.source('shop'), (session) => carryOut(beyond, session, 'SEED_LSN_OUT_OF_RANGE'));
  expect(await blocked()).toEqual([]);
  await back();
  world.open = warm;
  const name = (from: string, to: string) => () =>
    asAdmin('clone', 'SET allow_system_table_mods = on', `ALTER FUNCTION pg_catalog.${from}() RENAME TO ${to}`);
  await expectBlockedWhile(
    'SEED_LSN_MISSING',
    name('aurora_volume_logical_start_lsn', 'hidden'),
    name('hidden', 'aurora_volume_logical_start_lsn'),
  );
  await onClone(
    'shop',
    `CREATE SUBSCRIPTION ${SLOT} CONNECTION 'host=localhost password=x' PUBLICATION ${SLOT} WITH (connect = false)`,
  );
  const taken = await blocking('SUBSCRIPTION_NAME_TAKEN');
  await healing(world.clone('shop'), (session) => carryOut(taken, session, 'SUBSCRIPTION_NAME_TAKEN'));
  expect(await blocked()).toEqual([]);
});

stage('a slot that somebody reads', async () => {
  const reader = await startReader(world, SLOT);
  const active = await blocking('SLOT_ACTIVE');
  await healing(world.source('shop'), (session) => carryOut(active, session, 'SLOT_ACTIVE'));
  await eventually(async () => (await blocked()).length === 0);
  await reader.end().catch(() => undefined);
});

stage('what changes after the plan was approved is caught by the guards', async () => {
  const confirm = async () => (await asAdmin('clone', ...SEED_OF_ANOTHER), true);
  expect(await refusalOf(world.run('apply', { confirm }))).toBe('CLONE_CHANGED');
  await asAdmin('clone', ...SEED_AS_BEFORE);
  await onSource('shop', 'CREATE TABLE newcomer (id int PRIMARY KEY)');
  // And put back at once: what was written in between would not have been sent.
  const away = `ALTER PUBLICATION ${SLOT} DROP TABLE orders; ALTER PUBLICATION ${SLOT} ADD TABLE orders`;
  expect(await refusalOf(world.run('apply', afterApproval(away)))).toBe('PUBLICATION_ALTERED');
  expect(await blocked()).toEqual(['PUBLICATION_ALTERED']);
  await onSource('shop', `ALTER PUBLICATION ${SLOT} ADD TABLE newcomer`);
  expect(await blocked()).toEqual(['PUBLICATION_ALTERED']);
  const filtered = `ALTER PUBLICATION ${SLOT} SET TABLE orders WHERE (id > 5), ${HEARTBEAT}`;
  for (const statement of [filtered, `ALTER PUBLICATION ${SLOT} SET TABLE orders, ${HEARTBEAT}`]) {
    await onSource('shop', statement);
    expect(await blocked()).toEqual(['PUBLICATION_ALTERED']);
  }
  expect(await subscriptions()).toEqual([]);
});

stage('the second clone: a publication dropped, and a clone that was written to', async () => {
  await replaceClone();
  // Counted, too, but nothing of it is there.
  await onClone('ledger', 'BEGIN', 'INSERT INTO accounts VALUES (1)', 'ROLLBACK');
  const warned = async () => (await world.plan()).findings.some(({ code }) => code === 'CLONE_MAYBE_WRITTEN');
  await eventually(warned);
  expect(await blocked()).toEqual([]);
  await onClone('shop', 'DELETE FROM orders WHERE id = 1');
  await eventually(async () => (await blocked()).includes('CLONE_WRITTEN'));
  expect(await refusalOf(world.run('apply'))).toBe('CLONE_WRITTEN');
  expect((await statusOf(world)).streams.map(({ state }) => state)).toContain('blocked');
  await onSource('shop', `DROP PUBLICATION ${SLOT}`);
  expect(await blocked()).toContain('SLOT_NAME_TAKEN');
  expect(await subscriptions()).toEqual([]);
});

stage('the third clone: slots that are not the one of the ticket', async () => {
  await replaceClone();
  expect(await refusalOf(world.run('apply', afterApproval(consume)))).toBe('SLOT_CONSUMED');
  expect(await blocked()).toEqual(['SLOT_CONSUMED']);
  await onSource('shop', dropSlot);
  expect(await blocked()).toEqual(['SLOT_LOST']);
  await onSource('ledger', createSlot(`'pgoutput'`));
  expect(await blocked()).toEqual(['SLOT_MISMATCH']);
  expect(await refusalOf(world.run('reset'))).toBe('SLOT_MISMATCH');
  const mismatch = await blocking('SLOT_MISMATCH');
  await healing(world.source('ledger'), (session) => carryOut(mismatch, session, 'SLOT_MISMATCH'));
  expect(await refusalOf(world.follow(printedRun(mismatch, 'SLOT_MISMATCH')))).toBe('SLOT_LOST');
  await onSource('shop', createSlot(`'pgoutput', false, true`));
  expect(await blocked()).toEqual(['SLOT_MISMATCH']);
  await onSource('shop', dropSlot, createSlot(`'test_decoding'`));
  expect(await blocked()).toEqual(['SLOT_MISMATCH']);
  await onSource('shop', dropSlot, rows(3001, 'lost to the slot that came too late'), createSlot(`'pgoutput'`));
  expect(await blocked()).toEqual(['SLOT_CONSUMED']);
});

stage('a slot whose WAL is gone', async () => {
  await replaceClone();
  await loseWal(world, SLOT);
  expect(await blocked()).toContain('SLOT_LOST');
});

stage('a reset that dies after every change is carried on, by reset or by apply, to a clone that follows', async () => {
  const nonce = await world.ticket();
  await world.run('reset');
  await world.deployTarget();
  await world.run('apply');
  const before = await world.ticket();
  expect(before).not.toBe(nonce);
  await dieAfterEach(world, (deaths) => onSource('shop', rows(10_000 + deaths * 100, 'during the reset')));
  expect(await world.ticket()).not.toBe(before);
  expect((await world.plan()).changes).toEqual([]);
  await world.deployTarget();
  expect(await world.run('apply')).toBe('applied');
  await onSource('shop', rows(100_001, 'after the reset'));
  await waitUntilCaughtUp(world.source, ['acas_demo_shop', 'acas_demo_ledger']);
  const all = 'SELECT id::text, note FROM orders ORDER BY id';
  expect(await onClone('shop', all)).toEqual(await onSource('shop', all));
});
