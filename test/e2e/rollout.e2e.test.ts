import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BYSTANDER,
  BYSTANDER_DATABASE,
  dropBystanderSlot,
  createBystanderPublication,
  createBystanderSlot,
  replicationObjects,
  withClient,
} from '../../lab/demo/bystander';
import { endChildren } from '../../lab/demo/child';
import { waitUntilCaughtUp } from '../../lab/demo/comparison';
import { nextStepOf } from '../../lab/demo/highlights';
import { findLeftovers } from '../../lab/demo/leftovers';
import { openLongTransaction, type LongTransaction } from '../../lab/workload/long-transaction';
import { eventually } from '../support/eventually';
import { postgresMajor } from '../support/postgres-major';
import { findLeaks, readFiles } from './support/leaks';
import { OperatorWithCache } from './support/operator-with-cache';
import { leftOnClone } from './support/left-on-clone';
import { type ProcessWatch, watchProcesses } from './support/process-watch';
import { compareRows } from './support/row-comparison';
import { eventsOf, expectExit, planOf } from './support/runner';
import { stagesInOrder } from './support/in-order';
import { type Stage, startStage } from './support/stage';

/** One rollout from nothing to nothing; the tests are its stages and depend on one another in this order. */

const SOURCE_CHANGES = [
  `source/parameter-group/acas-demo-source-pg${postgresMajor()}`,
  'source/reboot/demo-production-1',
  'source/role/acas_demo',
  'source/role-password/acas_demo',
  'source/shop/heartbeat/acas_demo_shop',
  'source/ledger/heartbeat/acas_demo_ledger',
  'source/shop/publication/acas_demo_shop',
  'source/ledger/publication/acas_demo_ledger',
  'source/shop/slot/acas_demo_shop',
  'source/ledger/slot/acas_demo_ledger',
  'source/clone-ticket',
];
const OWN_SLOTS = ['acas_demo_shop', 'acas_demo_ledger'];

const step = stagesInOrder();
let stage: Stage;
let watch: ProcessWatch;
let operator: OperatorWithCache;
let long: LongTransaction;
let advice: string;
const secrets = new Set<string>();
const rememberSecrets = () => stage.lab.secretValues().forEach((secret) => secrets.add(secret));

beforeAll(async () => {
  watch = watchProcesses();
  operator = new OperatorWithCache();
  stage = await startStage('rollout', { rows: 20_000, writers: 3, seed: 20 });
  await createBystanderPublication(stage.source);
});

afterAll(async () => {
  watch?.stop();
  await endChildren();
  await stage?.writers.stop().catch(() => undefined);
  await stage?.lab.down().finally(() => operator.end());
});

step('before anything is deployed, plan says what to deploy', async () => {
  const { stderr } = expectExit(await stage.tools.sqlRunner('plan', 'demo'), 1);
  expect(stderr).toMatch(/SOURCE_NOT_DEPLOYED[^]*cdktf deploy demo-source/);
});

step('after the source stack, plan lists what is left to do on the source', async () => {
  expectExit(await stage.tools.cdktf('deploy', 'demo-source'), 0);
  rememberSecrets();
  const plan = await planOf(stage.tools);
  expect(plan.ids).toEqual(SOURCE_CHANGES);
  expect(plan).toMatchObject({ exitCode: 2, nextStep: { command: 'cdktf deploy demo-target' } });
});

step('the target stack makes all but the clone without a ticket, and says what comes before it', async () => {
  const { stdout } = expectExit(await stage.tools.cdktf('deploy', 'demo-target'), 0);
  expect(nextStepOf(stdout)).toMatch(/^There is no clone yet.* Run: sql-runner apply demo, then cdktf/);
  expect(() => stage.lab.cloneConnection('shop')).toThrow('LAB_NO_CLONE');
});

step('apply does not reboot without consent, and changes nothing else either', async () => {
  const refused = expectExit(await stage.tools.sqlRunner('apply', 'demo', '--auto-approve'), 1);
  expect(refused.stderr).toContain('CONSENT_MISSING');
  expect((await planOf(stage.tools)).ids).toEqual(SOURCE_CHANGES);
});

step('a saved plan is applied once, through the reboot, and refused as stale after that', async () => {
  const file = join(stage.tools.folder, 'saved.plan.json');
  const { stderr } = expectExit(await stage.tools.sqlRunner('plan', 'demo', '--out', file), 0);
  expect(stderr).toContain(`: sql-runner apply '${file}'`);
  expectExit(await stage.tools.sqlRunner('apply', file, '--allow-reboot'), 0);
  rememberSecrets();
  const again = expectExit(await stage.tools.sqlRunner('apply', file, '--allow-reboot'), 15);
  expect(again.stderr).toContain('PLAN_STALE');
});

step('between the two deploys nothing is left to do but the clone', async () => {
  expect(await planOf(stage.tools)).toMatchObject({
    exitCode: 0,
    ids: [],
    nextStep: { command: 'cdktf deploy demo-target' },
  });
});

step('with the ticket the clone is made, under writers and an open transaction', async () => {
  await createBystanderSlot(stage.source);
  long = await openLongTransaction(stage.source);
  const before = stage.writers.counts().committed;
  expectExit(await stage.tools.cdktf('deploy', 'demo-target'), 0);
  rememberSecrets();
  expect(stage.writers.counts().committed).toBeGreaterThan(before);
  await long.commit();
});

step('plan lists what is left to do on the clone: leftovers first, then each database', async () => {
  const plan = await planOf(stage.tools);
  expect(plan).toMatchObject({ exitCode: 2, nextStep: null });
  expect(plan.ids.filter((id) => id.startsWith('source/'))).toEqual([]);
  expect(plan.ids.slice(0, 3).sort()).toEqual(
    [...OWN_SLOTS, BYSTANDER.slot].map((slot) => `target/inherited-slot/${slot}`).sort(),
  );
  for (const database of ['shop', 'ledger']) {
    const steps = plan.ids.filter((id) => id.startsWith(`target/${database}/`)).map((id) => id.split('/')[2]);
    // The bystander's publication came along, and means nothing on the clone.
    const leftovers = database === BYSTANDER_DATABASE ? ['inherited-publication'] : [];
    expect(steps).toEqual([...leftovers, 'subscription', 'origin', 'subscription-enabled']);
  }
});

step('apply brings the clone in sync, and a second apply changes nothing', async () => {
  const first = eventsOf(expectExit(await stage.tools.sqlRunner('apply', 'demo', '--auto-approve', '--json'), 0));
  expect(first.map((event) => event.type)).toContain('in-sync');
  expect(first.at(-1)).toMatchObject({ type: 'outcome', outcome: 'applied' });
  const second = eventsOf(expectExit(await stage.tools.sqlRunner('apply', 'demo', '--auto-approve', '--json'), 0));
  expect(second.filter((event) => event.type.startsWith('change'))).toEqual([]);
  expect(second.at(-1)).toMatchObject({ type: 'outcome', outcome: 'nothing-to-do' });
  expect(await planOf(stage.tools)).toMatchObject({ exitCode: 0, ids: [], nextStep: null });
});

step('doctor reads both sides, skips nothing and finds nothing that blocks', async () => {
  const { stdout } = expectExit(await stage.tools.sqlRunner('doctor', 'demo', '--json'), 0);
  const { results } = JSON.parse(stdout) as { results: { code: string; status: string }[] };
  const codes = (status: string) => results.filter((result) => result.status === status).map(({ code }) => code);
  expect({ failed: codes('fail'), skipped: codes('skipped') }).toEqual({ failed: [], skipped: [] });
  expect(codes('info')).toContain('SEQUENCES_NOT_REPLICATED');
  expect(codes('pass').length).toBeGreaterThan(25);
});

step('verify finds every table equal while writers write', async () => {
  const before = stage.writers.counts().committed;
  const result = expectExit(await stage.tools.sqlRunner('verify', 'demo', '--json'), 0);
  const { tables } = JSON.parse(result.stdout) as { tables: { name: string; status: string }[] };
  expect(tables.length).toBeGreaterThanOrEqual(15);
  expect(new Set(tables.map((table) => table.status))).toEqual(new Set(['equal']));
  expect(stage.writers.counts().committed).toBeGreaterThan(before);
});

step('once writers are quiet every row is the same on both sides, read one by one', async () => {
  await eventually(() => Promise.resolve(stage.writers.counts().committed > 500));
  await stage.writers.stop();
  await waitUntilCaughtUp(stage.source, OWN_SLOTS);
  const shop = await compareRows(stage.source, stage.clone, 'shop');
  const ledger = await compareRows(stage.source, stage.clone, 'ledger');
  expect([...shop.differences, ...ledger.differences]).toEqual([]);
  expect(shop.tables + ledger.tables).toBeGreaterThanOrEqual(15);
  expect(shop.rows + ledger.rows).toBeGreaterThan(20_000);
});

step('a row that differs is found by both comparisons', async () => {
  await withClient(stage.clone, 'shop', (client) => client.query("UPDATE reviews SET body = 'tampered' WHERE id = 7"));
  const result = expectExit(await stage.tools.sqlRunner('verify', 'demo', '--json'), 11);
  const { tables } = JSON.parse(result.stdout) as {
    tables: { name: string; status: string; differences: { key: object }[] }[];
  };
  const unequal = tables.filter((table) => table.status !== 'equal');
  expect(unequal).toMatchObject([{ name: 'reviews', status: 'different', differences: [{ key: { id: '7' } }] }]);
  expect(
    (await compareRows(stage.source, stage.clone, 'shop')).differences.map((difference) => difference.table),
  ).toEqual(['public.reviews']);
});

step('a table that was taken out of the publication is not left out of the verdict', async () => {
  await withClient(stage.source, 'ledger', (client) =>
    client.query(
      'ALTER PUBLICATION acas_demo_ledger DROP TABLE ONLY accounts; CREATE UNLOGGED TABLE "My cache" (id int PRIMARY KEY)',
    ),
  );
  const { stdout } = expectExit(await stage.tools.sqlRunner('verify', 'demo', '--database', 'ledger', '--json'), 11);
  const found = JSON.parse(stdout) as { equal: boolean; notReplicated: object[]; notCompared: string[] };
  expect(found).toMatchObject({ equal: false, notReplicated: [{ database: 'ledger', name: 'accounts' }] });
  expect(found.notCompared.join()).toContain('the other databases');
  expect(found.notCompared.join()).toContain('1 table unlogged: public."My cache"');
});

step('teardown removes what is ours and leaves what is not', async () => {
  expectExit(await stage.tools.sqlRunner('teardown', 'demo', '--auto-approve'), 0);
  const left = await Promise.all(['shop', 'ledger'].map((database) => replicationObjects(stage.source, database)));
  const theirs = { publications: [BYSTANDER.publication], slots: [BYSTANDER.slot] };
  expect(left).toEqual([theirs, { publications: [], slots: [] }]);
  expect(await leftOnClone(stage.clone, ['shop', 'ledger'])).toEqual([]);
  // With the old group the source could not start again while that slot exists, so that waits.
  const rest = await planOf(stage.tools, '--teardown');
  expect(rest).toMatchObject({ exitCode: 0, ids: [], findings: [{ code: 'PARAMETER_GROUP_KEPT', severity: 'warn' }] });
  expect((await planOf(stage.tools)).exitCode).toBe(2);
});

step('once the other slot is gone, teardown puts the parameter group back', async () => {
  await dropBystanderSlot(stage.source);
  expect((await planOf(stage.tools, '--teardown')).ids).toEqual([
    `source/parameter-group/default.aurora-postgresql${postgresMajor()}`,
  ]);
  advice = expectExit(await stage.tools.sqlRunner('teardown', 'demo', '--auto-approve', '--for-upgrade'), 0).stderr;
});

step('what has to go before an upgrade or another name goes as it is printed: both stacks, and the share', async () => {
  for (const [, stack = ''] of advice.matchAll(/cdktf\s+destroy\s+(demo-\w+)/g))
    expectExit(await stage.tools.cdktf('destroy', stack), 0);
  expect(stage.lab.state.world.shares).toEqual({});
  expect(() => stage.lab.cloneConnection('shop')).toThrow('LAB_NO_CLONE');
});

step('no secret is in any output, plan, state, stack, server log or process list', () => {
  watch.stop();
  const { folder, output, states } = stage.tools;
  const files = new Map([folder, output, states].flatMap((place) => [...readFiles(place, () => true)]));
  const names = [...files.keys()];
  for (const kind of [/\.log$/, /saved\.plan\.json$/, /\.tfstate/, /cdk\.tf\.json$/])
    expect(names.filter((name) => kind.test(name))).not.toEqual([]);
  const serverLogs = readFiles(stage.lab.directory, (path) => path.endsWith('server.log'));
  expect([serverLogs.size > 0, secrets.size >= 4]).toEqual([true, true]);
  expect(watch.seen.size).toBeGreaterThan(20);
  const commandLines = new Map([...watch.seen].map((line) => [`process: ${line}`, line]));
  expect(findLeaks([...secrets], new Map([...files, ...serverLogs, ...commandLines]))).toEqual([]);
  // The search itself works: the lab's own state does hold them.
  const state = new Map([['state', readFileSync(join(stage.lab.directory, 'state.json'), 'utf8')]]);
  expect(findLeaks([...secrets], state)).toEqual(['state']);
});

step('the lab goes without a trace', async () => {
  await stage.lab.down();
  expect(findLeftovers(stage.lab.directory)).toEqual({ processes: [], files: [] });
  expect([existsSync(stage.lab.directory), operator.found()]).toEqual([false, []]);
});
