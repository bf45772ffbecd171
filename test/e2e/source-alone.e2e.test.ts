import { troubleIn } from '../sql-runner/support/trouble';
import { openConnections } from '../../sql-runner/connections/open';
import { connectBy } from '../../lab/connections';
import type { Finding } from '../../sql-runner/model/change';
import type { PlanMode } from '../../sql-runner/model/plan';
import { makePlan } from '../../sql-runner/actions/run';
import { isFollowing } from '../../sql-runner/actions/status';
import { verifyEnvironment } from '../../sql-runner/actions/verify';
import type { OperatorError } from '../../errors/operator-error';
import { diagnosisText } from '../../sql-runner/render/doctor-text';
import { statusText } from '../../sql-runner/render/status-text';
import { styleFor } from '../../sql-runner/render/style';
import { carryOut, printedDeploy, printedRun } from '../sql-runner/checks/printed-fix';
import { diagnosisOf, findingsOf, statusOf } from './support/looks';
import { DirectLab, refusalOf } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { whileStopped } from './support/older-files';
import { execute, loseWal } from './support/provocations';

/** What the source tells alone: whom it lets in, and what it keeps for a clone that cannot be reached. */

const stage = stagesInOrder();
let lab: DirectLab;

beforeAll(async () => {
  lab = await DirectLab.start('alone', { open: openConnections });
  await onSource('shop', 'CREATE TABLE orders (id bigint PRIMARY KEY)');
  await onSource('ledger', 'CREATE TABLE accounts (id bigint PRIMARY KEY)', 'CREATE SCHEMA "Audit"');
  await onSource('ledger', 'CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)');
  await lab.run('apply');
  await lab.deployTarget();
  await asAdmin('clone', `ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'`, 'SELECT pg_reload_conf()');
  await lab.run('apply');
});
afterAll(() => lab?.lab.down());

const onSource = async (database: string, ...statements: string[]) => execute(await lab.source(database), statements);
/** As the superuser that nobody but the lab is. */
const asAdmin = async (side: 'source' | 'clone', ...statements: string[]) =>
  execute(await connectBy((database) => lab.lab.adminConnection(side, database))('shop'), statements);
const troubles = async () => (await statusOf(lab)).streams.map(troubleIn);

/** Plan and doctor say it alike. */
async function said(code: string): Promise<Finding[]> {
  const { plan, diagnosis } = await findingsOf(lab);
  const ofPlan = plan.findings.filter((finding) => finding.code === code);
  const ofDoctor = diagnosis.results.flatMap(({ findings }) => findings).filter((finding) => finding.code === code);
  expect(ofDoctor.map(({ seen, next }) => [seen, next])).toEqual(ofPlan.map(({ seen, next }) => [seen, next]));
  return ofPlan;
}

async function expectWell(): Promise<void> {
  await lab.run('apply');
  expect((await lab.plan()).findings).toEqual([]);
  expect(await troubles()).toEqual([null, null]);
}

stage('ROLE_CANNOT_CONNECT: the database lets only those in whom it names', async () => {
  await asAdmin('source', 'REVOKE CONNECT ON DATABASE shop FROM PUBLIC');
  // Whoever is connected goes on until it has to connect again, and all the same it is told.
  const told =
    /^ROLE_CANNOT_CONNECT: role acas_demo lacks CONNECT on database shop; sql-runner doctor demo says what to do/;
  expect(await troubles()).toEqual([expect.stringMatching(told), null]);
  await asAdmin('source', 'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active');
  expect(await troubles()).toEqual([expect.stringMatching(told), null]);
  expect((await lab.plan()).changes.map(({ id }) => id)).toEqual(['source/role/acas_demo']);
  const [finding] = await said('ROLE_CANNOT_CONNECT');
  const client = await lab.source('shop');
  await carryOut(finding!, client, 'ROLE_CANNOT_CONNECT').finally(() => client.end());
  await expectWell();
});

stage('ROLE_CANNOT_REPLICATE: the role was dropped', async () => {
  await asAdmin('source', 'DROP OWNED BY acas_demo', 'DROP ROLE acas_demo');
  expect(await troubles()).toEqual(Array(2).fill(expect.stringMatching(/^ROLE_CANNOT_REPLICATE: there is no role/)));
  const [finding] = await said('ROLE_CANNOT_REPLICATE');
  const [verb] = printedRun(finding!, 'ROLE_CANNOT_REPLICATE');
  await lab.run(verb as PlanMode);
  await expectWell();
});

stage('CONNECT_DATABASE_CLOSED: a database of the environment that lets nobody in is not called missing', async () => {
  await onSource('shop', 'ALTER DATABASE ledger ALLOW_CONNECTIONS false');
  for (const work of [() => lab.plan(), () => statusOf(lab)])
    expect(await refusalOf(work())).toBe('CONNECT_DATABASE_CLOSED');
  const { results } = await diagnosisOf(lab);
  const codes = results.map(({ code }) => code);
  expect([codes.includes('CONNECT_DATABASE_CLOSED'), codes.includes('DATABASE_MISSING')]).toEqual([true, false]);
  await onSource('shop', 'ALTER DATABASE ledger ALLOW_CONNECTIONS true');
  await expectWell();
});

/** The errors with which the commands end that need the clone, by what they do. */
async function refusals(): Promise<Record<string, OperatorError>> {
  const options = {
    databases: [],
    concurrency: 1,
    settleTimeoutMs: 0,
    statementTimeoutMs: 0,
    onVerdict: () => undefined,
  };
  const works: Record<string, () => Promise<unknown>> = {
    plan: () => lab.plan(),
    'plan --teardown': () => lab.plan('teardown'),
    verify: () => verifyEnvironment(openConnections, lab.contracts, options),
    apply: () => lab.run('apply'),
    reset: () => lab.run('reset'),
    teardown: () => lab.run('teardown'),
  };
  const ends = Object.entries(works).map(async ([name, work]) => {
    const error = await work().then(undefined, (cause: OperatorError) => cause);
    return [name, error] as const;
  });
  return Object.fromEntries(await Promise.all(ends)) as Record<string, OperatorError>;
}

/** Without the breaks of its lines. */
const shown = async () => statusText(await statusOf(lab), styleFor(process.stdout, true)).replace(/\s+/g, ' ');

stage('a clone that is down: what production keeps for it, and how long, is said by every command', async () => {
  await asAdmin('source', `ALTER SYSTEM SET max_slot_wal_keep_size = '100MB'`, 'SELECT pg_reload_conf()');
  await whileStopped(lab, 'clone', async () => {
    const kept =
      /Meanwhile production keeps \d+ MB of WAL for the clone; once \d+ MB more are written a slot may be lost/;
    for (const [name, error] of Object.entries(await refusals())) {
      expect([name, error]).toEqual([name, expect.objectContaining({ code: 'CONNECT_REFUSED' })]);
      expect(error.why).toMatch(kept);
      const wayOut =
        /If the clone is gone for good: cdktf destroy demo-target, then at once sql-runner (teardown|reset)/;
      expect(wayOut.test(error.next)).toBe(/teardown|reset/.test(name));
    }
    const status = await statusOf(lab);
    expect(status).toMatchObject({ clone: 'not reached', ticket: 'issued', unread: { code: 'CONNECT_REFUSED' } });
    expect(status.streams.map((one) => [one.state, one.walStatus, troubleIn(one)])).toEqual(
      Array(2).fill(['clone not reached', 'reserved', null]),
    );
    expect([isFollowing(status), status.unread?.meanwhile]).toEqual([false, expect.stringMatching(kept)]);
    expect(await shown()).toMatch(/CONNECT_REFUSED: Cannot connect to target .*Nobody reads it\./);
    const told = (await diagnosisOf(lab)).results.find(({ code }) => code === 'CONNECT_REFUSED');
    expect(told!.findings).toMatchObject([{ why: expect.stringMatching(kept) }]);
    await asAdmin('source', 'ALTER SYSTEM RESET max_slot_wal_keep_size', 'SELECT pg_reload_conf()');
    expect((await refusals()).apply!.why).toContain('no setting limits that (max_slot_wal_keep_size is -1)');
  });
  await expectWell();
});

stage('SLOT_LOST: while the clone is down, one slot is dropped and then the other is lost', async () => {
  const lost: Finding[] = [];
  await whileStopped(lab, 'clone', async () => {
    await onSource('ledger', `SELECT pg_drop_replication_slot('acas_demo_ledger')`);
    const half = await statusOf(lab);
    expect(half.streams.map(({ state }) => state)).toEqual(['clone not reached', 'lost']);
    expect(half.unread!.meanwhile).toMatch(/^The slot of database ledger is lost: .* any more\. Meanwhile production/);
    await loseWal(lab, 'acas_demo_shop');
    for (const [name, { code, seen, why, next }] of Object.entries(await refusals())) {
      expect([name, code]).toEqual([name, 'CONNECT_REFUSED']);
      expect(seen).toMatch(
        /Cannot connect to target .*\n {2}and SLOT_LOST: .*acas_demo_shop.* is lost .*\n {2}and SLOT_LOST: /,
      );
      expect(why).toMatch(/The slots of databases shop, ledger are lost: production keeps no WAL for them any more\.$/);
      if (!/teardown|reset/.test(name)) expect(next).toMatch(/^no clone can follow it again/);
    }
    expect(await shown()).toMatch(/SLOT_LOST: .*acas_demo_shop .* is lost .* no clone can follow it again/);
    const diagnosis = await diagnosisOf(lab);
    lost.push(...diagnosis.results.find(({ code }) => code === 'SLOT_LOST')!.findings);
    expect(diagnosis.results.find(({ code }) => code === 'SLOT_AT_RISK')!.findings).toMatchObject([
      { severity: 'block', next: expect.stringContaining('what SLOT_LOST says') },
    ]);
  });
  expect(lost).toHaveLength(2);
  // With the clone back, what it has to go is no amount of WAL.
  const back = diagnosisText(await diagnosisOf(lab), styleFor(process.stdout, true));
  expect(back).not.toMatch(/keeps WAL for it meanwhile/);
  expect(back.replace(/\s+/g, ' ')).toMatch(/: 0 of 2 streams stream, \d tables, 2 slots lost;/);
  expect((await statusOf(lab)).streams.map(({ lagBytes }) => lagBytes)).toEqual([null, null]);
  expect(lost[0]!.next).toContain('cdktf destroy demo-target, then sql-runner reset demo, then cdktf deploy');
  await lab.destroyClone();
  expect(await lab.follow(printedRun(lost[0]!, 'SLOT_LOST'))).toBe('applied');
  // First what shares the cluster anew with an account whose stack was destroyed.
  expect(printedDeploy(lost[0]!, 'SLOT_LOST')).toBe('demo-source');
  expect(lost[0]!.next).toMatch(/deploy demo-source, .*deploy demo-target/s);
  await lab.deployTarget();
  await expectWell();
});

stage(
  'a clone that was deleted by hand is one that cannot be reached, and production is freed without it',
  async () => {
    const { contracts } = lab;
    await lab.destroyClone();
    const status = await statusOf({ contracts });
    expect(status).toMatchObject({
      clone: 'not reached',
      streams: [{ walStatus: 'reserved' }, { walStatus: 'reserved' }],
    });
    expect(status.unread).toMatchObject({
      code: 'ADMIN_SECRET_EMPTY',
      seen: expect.stringContaining('does not exist'),
    });
    for (const mode of ['apply', 'teardown'] as const) {
      const error = await makePlan(openConnections, contracts, mode).then(undefined, (cause: OperatorError) => cause);
      expect(error).toMatchObject({
        // Whichever of them AWS answers first.
        code: expect.stringMatching(/^(ADMIN_SECRET_EMPTY|AWS_NOT_FOUND)$/),
        why: expect.stringMatching(/Meanwhile production keeps/),
      });
      expect(/If the clone is gone for good/.test((error as OperatorError).next)).toBe(mode === 'teardown');
    }
    expect(await lab.run('teardown')).toBe('applied');
    expect(await onSource('shop', 'SELECT FROM pg_replication_slots')).toEqual([]);
  },
);
