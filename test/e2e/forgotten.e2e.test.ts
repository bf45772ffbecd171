import { diagnose } from '../../sql-runner/engine/doctor';
import type { Finding } from '../../sql-runner/engine/change';
import type { SourceContract } from '../../stacks/contract';
import { carryOut, printedDeploy, printedRun } from '../sql-runner/checks/printed-fix';
import { DirectLab } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { whileStopped } from './support/older-files';
import { execute } from './support/provocations';

/** What the environment's file names no more, or whose clone is gone: ours all the same, and production pays for it. */
const stage = stagesInOrder();
let lab: DirectLab;
let original: SourceContract;

beforeAll(async () => {
  lab = await DirectLab.start('forgotten');
  original = lab.contract;
  await onSource('shop', 'CREATE TABLE orders (id bigint PRIMARY KEY)');
  await onSource(
    'ledger',
    'CREATE TABLE accounts (id bigint PRIMARY KEY)',
    'CREATE SCHEMA "Audit"',
    'CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)',
  );
  expect(await lab.run('apply')).toBe('applied');
});
afterAll(() => lab?.lab.down());

const onSource = async (database: string, ...statements: string[]) => execute(await lab.source(database), statements);
const edit = (change: Partial<SourceContract>) => Object.assign(lab, { contract: { ...original, ...change } });
const withoutLedger = () => original.links.filter(({ database }) => database !== 'ledger');

/** Plan and doctor say it alike. */
async function said(code: string): Promise<Finding[]> {
  const ofPlan = (await lab.plan()).findings.filter((finding) => finding.code === code);
  const { results } = await diagnose(lab.contracts);
  expect(results.flatMap(({ findings }) => findings).filter((finding) => finding.code === code)).toEqual(ofPlan);
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
  const [finding, ...others] = await said('FORMER_ROLE_LEFT');
  expect([finding?.seen, others]).toEqual([expect.stringContaining('role acas_demo on the source is ours'), []]);
  const client = await lab.source('shop');
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

stage('a clone that is gone for good does not keep production from being freed', async () => {
  for (const mode of ['teardown', 'reset'] as const) {
    let refusal: Error | undefined;
    await whileStopped(lab, 'clone', async () => {
      refusal = await lab.run(mode).then(undefined, (error: Error) => error);
    });
    expect(refusal).toMatchObject({
      code: 'CONNECT_REFUSED',
      next: expect.stringContaining(`cdktf destroy demo-target, then at once sql-runner ${mode} demo again`),
    });
  }
  await lab.destroyClone();
  expect(await lab.run('teardown')).toBe('applied');
  for (const database of ['shop', 'ledger'])
    expect(await traces(database)).toEqual({ slots: 0, publications: 0, roles: 0, schemas: 0 });
});
