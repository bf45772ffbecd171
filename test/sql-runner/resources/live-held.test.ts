import type { Client, DatabaseError } from 'pg';
import type { Change, Finding } from '../../../sql-runner/model/change';
import { execute } from '../../../sql-runner/execute/execute';
import { streamsOf } from '../../../sql-runner/model/streams';
import { surveyHeld } from '../../../sql-runner/observe/survey-held';
import { planFormerRolesDrop } from '../../../sql-runner/resources/former-role';
import { planHeartbeat, planHeartbeatDrop } from '../../../sql-runner/resources/heartbeat';
import { formatMark } from '../../../sql-runner/model/mark';
import { planReplicationRoleDrop } from '../../../sql-runner/resources/replication-role';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { carryOut } from '../checks/printed-fix';
import { sourceContract } from '../support/contract';
import { liveExecution, type Live } from '../support/live';
import { edit, following, prepared, untouched } from '../support/observations';
import { sqlOf } from '../support/plans';
import { AS_ADMIN, AS_MASTER, HANGING, MANY } from '../support/tied-to-ours';

/** What others tied to our role and our heartbeat, found before it stops a teardown, and removed as printed. */
const contract = sourceContract(['shop', 'ledger']);
const [of] = streamsOf(contract) as [ReturnType<typeof streamsOf>[number]];
const observed = edit(prepared(contract), ({ source }) => {
  Object.assign(source.databases.ledger!, { heartbeats: [] });
  source.databases.ledger!.connectGrant.hasGrant = true;
  const comment = formatMark({ kind: 'role', environment: 'demo' });
  source.markedRoles.push({ name: 'acas_former', comment, connectGrants: ['other'] });
});

/** dependent_objects_still_exist */
const STILL_NEEDED = '2BP01';
let cluster: TestCluster;
let live: Live;
let shop: Client;
let admin: Client;

beforeAll(async () => {
  cluster = await startTestCluster({
    databases: ['shop', 'ledger', 'other', 'closed'],
    parameters: { wal_level: 'logical' },
  });
  live = liveExecution(cluster, contract);
  shop = await cluster.connect('shop');
  admin = await cluster.cluster.adminClient('shop');
  cluster.onStop(() => admin.end());
  for (const change of planHeartbeat(contract, untouched(contract).source, of, true).changes)
    for (const text of sqlOf(change)) await shop.query(text);
  await shop.query(`${AS_MASTER} ${MANY} GRANT SELECT ON ALL TABLES IN SCHEMA many TO acas_demo`);
  await admin.query(AS_ADMIN);
  if (from(15)) await admin.query('GRANT SET ON PARAMETER work_mem TO acas_demo');
  // Who granted a membership is remembered from 16 on.
  if (from(16)) await admin.query('SET ROLE acas_demo; GRANT reader TO outsider; RESET ROLE');
  await shop.query(HANGING);
  await shop.query('INSERT INTO x.referring VALUES (NULL, NULL, NULL)');
  const ledger = await cluster.connect('ledger');
  await ledger.query('CREATE TABLE t (id int); GRANT SELECT ON t TO acas_demo; GRANT SELECT ON t TO acas_former');
  const closed = await cluster.cluster.adminClient('closed');
  await closed.query('CREATE TABLE t (id int); GRANT SELECT ON t TO acas_demo');
  await closed.query('ALTER DATABASE closed OWNER TO rdsadmin; REVOKE CONNECT ON DATABASE closed FROM PUBLIC');
  await closed.end();
});
afterAll(async () => {
  await live?.close();
  await cluster?.stop();
});

/** As if the cluster were a clone too: what it brought along of ours is dropped there as well. */
const onClone = { ...observed, target: following(contract).target };

const found = () => surveyHeld(live.execution.connections.reading(), observed);
const coded = (findings: readonly Finding[], code: string) => findings.filter((finding) => finding.code === code);

/** SQLSTATE of the first change that is refused. */
async function drop(changes: readonly Change[]): Promise<string | undefined> {
  for (const change of changes) {
    const refused = await execute(change, live.execution).then(
      () => undefined,
      (error: Error) => (error.cause as DatabaseError).code,
    );
    if (refused !== undefined) return refused;
  }
  return undefined;
}
const dropHeartbeat = () => drop(planHeartbeatDrop(contract, observed.source, of).changes);
const dropRoles = () =>
  drop([planReplicationRoleDrop, planFormerRolesDrop].flatMap((plan) => plan(contract, observed.source).changes));

/** A session of whom the advice names, where it names one. */
async function sessionFor({ next }: Finding): Promise<Client> {
  const [, role, database] = /(?:as (\w+), )?in database (\w+) on the source: /.exec(next)!;
  if (role === undefined) return cluster.connect(database!);
  const client = await cluster.cluster.adminClient(database);
  cluster.onStop(() => client.end());
  await client.query(`SET ROLE ${role}`);
  return client;
}

/** SQLSTATE. */
const refusal = (sql: string) =>
  shop.query(sql).then(
    () => null,
    (error: DatabaseError) => error.code,
  );

test('a schema of ours that the login owns and may not use is named before, and opened as printed', async () => {
  await shop.query('REVOKE ALL ON SCHEMA acas_demo_shop FROM CURRENT_USER');
  const findings = coded(await found(), 'DROP_NOT_ALLOWED');
  // Before 16 the lab's master user is a superuser.
  const seen =
    'there is schema acas_demo_shop of ours in database shop on the source, which master owns, and may not use';
  expect(findings.map((finding) => finding.seen)).toEqual(from(16) ? [expect.stringContaining(seen)] : []);
  for (const finding of findings) await carryOut(finding, shop, 'DROP_NOT_ALLOWED');
  await shop.query('GRANT ALL ON SCHEMA acas_demo_shop TO CURRENT_USER');
  expect(coded(await found(), 'DROP_NOT_ALLOWED')).toEqual([]);
});

test('what the login may not drop is named before, and is given to it as printed', async () => {
  const mark = formatMark({ kind: 'publication', environment: 'demo', slot: 'acas_demo_shop' });
  await shop.query(`CREATE PUBLICATION acas_demo_shop; COMMENT ON PUBLICATION acas_demo_shop IS ${quoteLiteral(mark)}`);
  expect(coded(await found(), 'DROP_NOT_ALLOWED')).toEqual([]);
  await admin.query(
    `ALTER PUBLICATION acas_demo_shop OWNER TO outsider; ALTER SCHEMA acas_demo_shop OWNER TO outsider`,
  );
  // From 16 on who makes a role administers it, by a grant of the superuser of the cluster.
  if (from(16)) await admin.query(`REVOKE ADMIN OPTION FOR acas_demo FROM master GRANTED BY ${await bootstrapUser()}`);
  const drops = ['DROP PUBLICATION acas_demo_shop', 'DROP ROLE acas_demo'];
  const findings = coded(await found(), 'DROP_NOT_ALLOWED');
  // Before 16 the lab's master user is a superuser.
  const things = from(16) ? ['publication acas_demo_shop', 'schema acas_demo_shop', 'role acas_demo'] : [];
  expect(
    findings.map(({ seen }) => /^there is (.*) of ours in database shop on the source, which master/.exec(seen)![1]),
  ).toEqual(things);
  if (from(16)) for (const drop of drops) expect(await refusal(drop)).toBe('42501');
  for (const finding of findings) await carryOut(finding, admin, 'DROP_NOT_ALLOWED');
  expect(coded(await found(), 'DROP_NOT_ALLOWED')).toEqual([]);
  expect(await Promise.all(drops.map(refusal))).toEqual([null, STILL_NEEDED]);
});

async function bootstrapUser(): Promise<string> {
  const { rows } = await admin.query<{ name: string }>(
    'SELECT quote_ident(rolname) AS name FROM pg_roles WHERE oid = 10',
  );
  return rows[0]!.name;
}

test('of the clone the same is said, and nothing while it is production by another address', async () => {
  const said = (findings: readonly Finding[]) => findings.map(({ code, next }) => `${code} ${next}`);
  const source = said(await found()).filter((text) => !text.includes('acas_former'));
  const clone = said(await surveyHeld(live.execution.connections.reading(), onClone)).filter((text) =>
    text.includes('on the clone:'),
  );
  expect(clone).toEqual(
    source
      .filter((text) => text.includes(' on the source:'))
      .map((text) => text.replace('on the source:', 'on the clone:')),
  );
  expect(clone.length).toBeGreaterThan(4);
  const same = edit(onClone, ({ target }) => (target!.isSourceServer = true));
  expect(said(await surveyHeld(live.execution.connections.reading(), same))).toEqual(said(await found()));
});

test('what hangs on the heartbeat, or is in its schema, is named before, and removed or moved as printed', async () => {
  expect(await dropHeartbeat()).toBe(STILL_NEEDED);
  const [finding, ...others] = coded(await found(), 'HEARTBEAT_NOT_DROPPABLE');
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    severity: 'warn',
    seen: expect.stringMatching(/: materialized view x\.kept, .* more$/),
  });
  await carryOut(finding!, await sessionFor(finding!), 'HEARTBEAT_NOT_DROPPABLE');
  expect(coded(await found(), 'HEARTBEAT_NOT_DROPPABLE')).toEqual([]);
  expect(await dropHeartbeat()).toBeUndefined();
  // What need not go is still there, and the data with it.
  const { rows } = await shop.query(
    `SELECT (SELECT count(*)::int FROM public.notes) AS notes, public.g(1), (SELECT one FROM public.apart),
            (SELECT count(*)::int FROM x.of_child) AS child, (SELECT count(*)::int FROM x.referring WHERE kept IS NULL) AS referring`,
  );
  expect(rows).toEqual([{ notes: 1, g: 1, one: 1, child: 0, referring: 1 }]);
});

test('what refers to our roles, in whichever database, is named before, and taken back as printed', async () => {
  expect(await dropRoles()).toBe(STILL_NEEDED);
  const findings = coded(await found(), 'ROLE_NOT_DROPPABLE');
  const untold = findings.filter(({ next }) => next.startsWith('ask whoever'));
  const told = findings.filter((finding) => !untold.includes(finding));
  expect(told.map(({ next }) => /(?:as \w+, )?in database \w+/.exec(next)![0])).toEqual(
    expect.arrayContaining(['in database shop', 'in database ledger', 'as outsider, in database shop']),
  );
  for (const finding of told) await carryOut(finding, await sessionFor(finding), 'ROLE_NOT_DROPPABLE');
  expect(await found()).toEqual(untold);
  // Whose rights were passed on, and who shares a policy, is as before.
  const { rows } = await shop.query(
    `SELECT polroles::regrole[]::text AS roles, (SELECT relowner::regrole::text FROM pg_class WHERE relname = 'owned') AS owner
       FROM pg_policy WHERE polname = 'it, too'`,
  );
  expect(rows).toEqual([{ roles: '{pg_monitor}', owner: 'master' }]);
});

test('what it is not known how to remove, or cannot be looked at, is said to be there', async () => {
  const untold = (await found()).map(({ seen }) => seen.replace(/.* refers to it, /, ''));
  const unknown = [
    ...(from(16) ? ['membership of role outsider in role reader'] : []),
    ...(from(15) ? ['parameter work_mem'] : []),
  ];
  expect(untold).toEqual([
    ...(unknown.length === 0 ? [] : [`in database shop on the source: ${unknown.join(', ')}`]),
    ...(from(16) ? ['in database closed on the source: 1 thing that could not be looked at (CONNECT_FORBIDDEN)'] : []),
    'in database shop on the source: user mapping for acas_demo on server far',
  ]);
  await admin.query(`DROP USER MAPPING FOR acas_demo SERVER far`);
  if (from(15)) await admin.query('REVOKE ALL ON PARAMETER work_mem FROM acas_demo');
  if (from(16)) await admin.query('REVOKE reader FROM outsider GRANTED BY acas_demo');
  const closed = await cluster.cluster.adminClient('closed');
  await closed.query('REVOKE ALL ON t FROM acas_demo');
  await closed.end();
  // What a teardown takes back itself, and memberships, are no news.
  expect(await found()).toEqual([]);
  expect(await dropRoles()).toBeUndefined();
});
