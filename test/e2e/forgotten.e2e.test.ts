import type { OperatorError } from '../../errors/operator-error';
import type { Finding } from '../../sql-runner/model/change';
import type { SourceContract } from '../../contract/contract';
import { carryOut, printedDeploy, printedRun } from '../sql-runner/checks/printed-fix';
import { findingsOf } from './support/looks';
import { AlteredHeartbeats } from './support/altered-heartbeats';
import { openConnections } from '../../sql-runner/connections/open';
import { DirectLab } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { leftOnClone } from './support/left-on-clone';
import { whileStopped } from './support/older-files';
import { execute } from './support/provocations';
import { OTHER, WITHOUT_OTHER } from './support/other-environment';
import { RenamedDatabase } from './support/renamed-database';
import { Renamed } from './support/renamed';
import { sourceDroppedIsTold, sourceRenamedIsTold } from './support/renamed-source';
import { WarmSessions } from './support/warm-sessions';
import { WithoutDatabase } from './support/without-database';

/** What the environment's file names no more, and what others hold of ours: production pays for it all the same. */

const stage = stagesInOrder();
const HELD = ['HEARTBEAT_NOT_DROPPABLE', 'ROLE_NOT_DROPPABLE'];
let lab: DirectLab;
let original: SourceContract;
const warm = new WarmSessions();

beforeAll(async () => {
  lab = await DirectLab.start('forgotten', { open: warm.open });
  original = lab.contract;
  await onSource('shop', 'CREATE TABLE orders (id bigint PRIMARY KEY)');
  await onSource('ledger', 'CREATE TABLE accounts (id bigint PRIMARY KEY)', 'CREATE SCHEMA "Audit"');
  await onSource('ledger', 'CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)');
  expect(await lab.run('apply')).toBe('applied');
});
afterAll(() => lab?.lab.down());

const onSource = async (database: string, ...statements: string[]) => execute(await lab.source(database), statements);
const edit = (change: Partial<SourceContract>) => Object.assign(lab, { contract: { ...original, ...change } });
const withoutLedger = () => original.links.filter(({ database }) => database !== 'ledger');

/** Plan and doctor say it alike. */
async function said(code: string): Promise<Finding[]> {
  const { plan, diagnosis } = await findingsOf(lab);
  const ofPlan = plan.findings.filter((finding) => finding.code === code);
  const ofDoctor = diagnosis.results.flatMap(({ findings }) => findings).filter((finding) => finding.code === code);
  expect(ofDoctor).toEqual(ofPlan);
  return ofPlan;
}

async function traces(database: string): Promise<object> {
  const count = (of: string) => `(SELECT count(*)::int FROM ${of})`;
  const client = await lab.source(database);
  const { rows } = await client.query<object>(
    `SELECT ${count('pg_replication_slots')} AS slots, ${count('pg_publication')} AS publications,
            ${count(`pg_roles WHERE rolname LIKE 'acas%'`)} AS roles, ${count(`pg_namespace WHERE nspname LIKE 'acas%'`)} AS schemas`,
  );
  await client.end();
  return rows[0]!;
}

stage('a role that the environment had before is named, and dropped as printed', async () => {
  edit({ replication: { ...original.replication, role: 'acas_other' } });
  expect(await lab.run('apply')).toBe('applied');
  await onSource('shop', 'GRANT SELECT ON orders TO acas_demo');
  const [finding, ...others] = await said('FORMER_ROLE_LEFT');
  expect([finding?.seen, others]).toEqual([expect.stringContaining('role acas_demo on the source is ours'), []]);
  const [held] = await said('ROLE_NOT_DROPPABLE');
  const client = await lab.source('shop');
  await carryOut(held!, client, 'ROLE_NOT_DROPPABLE');
  await carryOut(finding!, client, 'FORMER_ROLE_LEFT');
  await client.end();
  expect(await said('FORMER_ROLE_LEFT')).toEqual([]);
});

stage('a database taken out of the file is named, and torn down with the rest', async () => {
  edit({ links: withoutLedger() });
  expect(await lab.run('apply')).toBe('applied');
  expect(await said('FORMER_ROLE_LEFT')).toHaveLength(1);
  const [finding, ...others] = await said('STREAM_FORGOTTEN');
  expect([finding?.seen, others]).toEqual([expect.stringContaining('slot acas_demo_ledger in database ledger'), []]);
  expect(printedDeploy(finding!, 'STREAM_FORGOTTEN')).toBe(original.stacks.source);
  edit({});
  expect(await said('STREAM_FORGOTTEN')).toEqual([]);
  edit({ links: withoutLedger() });
  expect(await lab.follow(printedRun(finding!, 'STREAM_FORGOTTEN'))).toBe('applied');
  for (const database of ['shop', 'ledger'])
    expect(await traces(database)).toEqual({ slots: 0, publications: 0, roles: 0, schemas: 0 });
  expect((await lab.plan('teardown')).changes).toEqual([]);
});

/** Why each connection is written again, and that nothing is left to do afterwards. */
async function afterOneApply(): Promise<string[]> {
  const { changes } = await lab.plan();
  expect(await lab.run('apply')).toBe('applied');
  expect((await lab.plan()).changes).toEqual([]);
  return changes.filter(({ id }) => id.includes('/subscription-connection/')).map(({ reason }) => reason);
}

stage('another role takes over in one run, and the one before in another, while streams go on', async () => {
  edit({});
  expect(await lab.run('apply')).toBe('applied');
  await onSource('shop', ...OTHER);
  await lab.deployTarget();
  expect(await lab.run('apply')).toBe('applied');
  edit({ replication: { ...original.replication, role: 'acas_other' } });
  const reason = (role: string) => `the secret gets a password of role ${role}, and the subscription logs in with it`;
  expect(await afterOneApply()).toEqual([reason('acas_other'), reason('acas_other')]);
  edit({});
  expect(await afterOneApply()).toEqual([reason('acas_demo'), reason('acas_demo')]);
  const [finding] = await said('FORMER_ROLE_LEFT');
  const client = await lab.source('shop');
  await carryOut(finding!, client, 'FORMER_ROLE_LEFT');
  await client.query(`ALTER ROLE acas_demo PASSWORD 'another'`);
  await client.end();
  const again = 'the password is set on the replication role anew, and the subscription is given it once more';
  expect(await afterOneApply()).toEqual([again, again]);
});

stage('what a clone has of another environment is named, and dropped there as printed', async () => {
  const [role] = await said('INHERITED_ROLE_LEFT');
  expect(role!.seen).toContain('role acas_other_one, the replication role of environment other');
  const [heartbeat] = await said('INHERITED_HEARTBEAT_LEFT');
  const client = await lab.clone('shop');
  await carryOut(role!, client, 'INHERITED_ROLE_LEFT');
  await carryOut(heartbeat!, client, 'INHERITED_HEARTBEAT_LEFT');
  await client.end();
  expect([await said('INHERITED_ROLE_LEFT'), await said('INHERITED_HEARTBEAT_LEFT')]).toEqual([[], []]);
  await onSource('shop', ...WITHOUT_OTHER);
});

stage('what somebody renamed is told as that and as nothing else, and has its name again as printed', async () => {
  expect(await new Renamed(lab).areNamed()).toEqual(['SUBSCRIPTION_RENAMED', 'HEARTBEAT_RENAMED']);
  expect(await afterOneApply()).toEqual([]);
});

stage(
  'what somebody made of a heartbeat is told as the heartbeat’s by every command, and put right as printed',
  async () => {
    await new AlteredHeartbeats(lab).areTold();
    expect((await lab.plan()).findings).toEqual([]);
  },
);

stage(
  'a database of the clone that has another name by now is told as that, and has its name again as printed',
  async () => {
    lab.open = openConnections;
    await warm.end();
    await new RenamedDatabase(lab, 'ledger').isTold();
    expect(await afterOneApply()).toEqual([]);
  },
);

stage('a database of production that has another name by now is told as that, and follows once it has its own', () =>
  sourceRenamedIsTold(lab, 'ledger'),
);

/** As when its outputs are not given any more; a clone that is there all the same is stopped, or its slots are in use. */
const unnamed = (): DirectLab =>
  Object.create(lab, { contracts: { get: () => ({ ...lab.contracts, target: null }) } }) as DirectLab;

stage('what will stop the end of a teardown is said before, with what removes it, and stops nothing else', async () => {
  await onSource(
    'shop',
    'GRANT SELECT ON orders TO acas_demo',
    `CREATE VIEW lag AS SELECT at FROM acas_demo_shop.acas_heartbeat`,
  );
  await onSource('ledger', 'GRANT USAGE ON SCHEMA "Audit" TO acas_demo');
  const plan = await unnamed().plan('teardown');
  const held = plan.findings.filter(({ code }) => HELD.includes(code));
  expect(held.map(({ code }) => code)).toEqual([HELD[0], HELD[1], HELD[1]]);
  expect(plan.changes.map(({ id }) => id)).toContain('source/shop/slot/acas_demo_shop');
  let refusal: OperatorError | undefined;
  await whileStopped(lab, 'clone', async () => {
    const run = unnamed().run('teardown');
    refusal = await run.then(undefined, (error: OperatorError) => error);
  });
  expect(refusal).toMatchObject({ code: HELD[0], next: held.map(({ next }) => next).join('\n  and ') });
  expect(refusal!.seen).toMatch(
    /^source\/shop\/heartbeat\/acas_demo_shop: cannot drop table .* view public\.lag depends on/,
  );
  expect(await traces('shop')).toEqual({ slots: 0, publications: 0, roles: 1, schemas: 1 });
  for (const finding of held) {
    const client = await lab.source(finding.next.includes('database ledger') ? 'ledger' : 'shop');
    if (finding.code === 'ROLE_NOT_DROPPABLE') await carryOut(finding, client, 'ROLE_NOT_DROPPABLE');
    else await carryOut(finding, client, 'HEARTBEAT_NOT_DROPPABLE');
    await client.end();
  }
  expect(await unnamed().run('teardown')).toBe('applied');
  for (const database of ['shop', 'ledger'])
    expect(await traces(database)).toEqual({ slots: 0, publications: 0, roles: 0, schemas: 0 });
});

stage('what a clone has of ours that no run looked at is taken from it by another teardown', async () => {
  const [finding, ...others] = (await unnamed().plan('teardown')).findings;
  expect([finding?.code, others]).toEqual(['CLONE_NOT_LOOKED_AT', []]);
  expect(await leftOnClone(lab.clone, ['shop'])).toEqual(
    expect.arrayContaining(['shop: role acas_demo', 'shop: subscription acas_demo_shop']),
  );
  await execute(await lab.clone('ledger'), ['GRANT SELECT ON accounts TO acas_demo']);
  const [held, ...more] = (await lab.plan('teardown')).findings;
  expect([held?.code, more]).toEqual(['ROLE_NOT_DROPPABLE', []]);
  const clone = await lab.clone('ledger');
  await carryOut(held!, clone, 'ROLE_NOT_DROPPABLE');
  await clone.end();
  expect(await lab.follow(printedRun(finding!, 'CLONE_NOT_LOOKED_AT'))).toBe('applied');
  expect(await leftOnClone(lab.clone, ['shop', 'ledger'])).toEqual([]);
});

stage('whatever name it has by now, what is ours goes with a teardown, on both sides', async () => {
  await lab.run('apply');
  await lab.deployTarget();
  expect(await lab.run('apply')).toBe('applied');
  const renamed = new Renamed(lab);
  await renamed.copies();
  expect((await lab.plan('reset')).changes.map(({ id }) => id)).toContain('target/shop/subscription/foo');
  await renamed.heartbeat();
  const { changes, findings } = await lab.plan('reset');
  expect([changes, findings.map(({ code }) => code)]).toEqual([[], expect.arrayContaining(['HEARTBEAT_RENAMED'])]);
  const ledger = new RenamedDatabase(lab, 'ledger');
  await ledger.rename();
  await new AlteredHeartbeats(lab).areTornDown();
  await ledger.isTornDown();
  expect([await leftOnClone(lab.source, ['shop', 'ledger']), await leftOnClone(lab.clone, ['shop', 'ledger'])]).toEqual(
    [[], []],
  );
  expect((await lab.plan('teardown')).changes).toEqual([]);
});

stage('a database taken out of the file keeps no WAL once the new clone is asked for as printed', async () => {
  edit({});
  await lab.run('apply');
  await lab.deployTarget();
  expect(await lab.run('apply')).toBe('applied');
  edit({ links: withoutLedger() });
  await new WithoutDatabase(lab, 'ledger').isMade();
});

stage(
  'a database of production that is gone is told as gone, and no more once the new clone is made as printed',
  async () => {
    edit({});
    await lab.run('apply');
    await lab.deployTarget();
    expect(await lab.run('apply')).toBe('applied');
    await sourceDroppedIsTold(lab, 'ledger', () => edit({ links: withoutLedger() }));
  },
);
