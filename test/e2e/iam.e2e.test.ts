import { join } from 'node:path';
import { EXIT_CODES } from '../../errors/exit-codes';
import { connectBy } from '../../lab/connections';
import { callsOf, READERS, RUNNER_CALLS } from '../../iam/policy/runner/calls';
import { makeAround } from './support/around-production';
import { expectKept, shownBy } from './support/kept-runs';
import { startRecorder, type AwsRecorder } from './support/aws-recorder';
import { eventually } from '../support/eventually';
import { CliProcesses, type Ending } from './support/cli-process';
import { DirectLab } from './support/direct-lab';
import type { RecordedCall } from './support/recorded-call';
import { MENDED, mendByRuns } from './support/mend-by-runs';
import { stagesInOrder } from './support/in-order';
import { execute } from './support/provocations';
import { actionsIn, deniedOf, runnerPolicy } from './support/runner-policies';

/** The policies that are made for sql-runner against what each command really calls in each account. */

const stage = stagesInOrder();
const [SOURCE, TARGET] = ['111111111111', '222222222222'];
let world: DirectLab;
let cli: CliProcesses;
let recorder: AwsRecorder;
/** Everything that a command was seen to call, over all its runs here. */
const called = new Map<string, Set<string>>();
/** The same, with what the calls were on. */
const calls = new Map<string, RecordedCall[]>();
const puts: RecordedCall[] = [];

beforeAll(async () => {
  world = await DirectLab.start('iam');
  await makeAround(world);
  await execute(await world.source('shop'), ['CREATE TABLE orders (id bigint PRIMARY KEY)', 'CREATE SEQUENCE numbers']);
  const ledger = ['CREATE TABLE accounts (id bigint PRIMARY KEY)', 'CREATE SCHEMA "Audit"'];
  await execute(await world.source('ledger'), [...ledger, 'CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)']);
  recorder = await startRecorder(process.env.AWS_ENDPOINT_URL!);
  process.env.AWS_ENDPOINT_URL = recorder.url;
  cli = new CliProcesses(world);
});
afterAll(async () => {
  await recorder?.close();
  await world?.lab.down();
});

async function record(verb: string, ...flags: string[]): Promise<void> {
  await recordEndingWith(0, verb, ...flags);
}

async function recordEndingWith(exitCode: number, verb: string, ...flags: string[]): Promise<void> {
  await recordThat(exitCode, verb, () => cli.run(verb, ...flags));
}

async function recordThat(exitCode: number, verb: string, run: () => Promise<Ending>): Promise<void> {
  recorder.take();
  const ending = await run();
  expect({ verb, exitCode: ending.exitCode, text: ending.stdout + ending.stderr }).toMatchObject({ exitCode });
  const seen = called.get(verb) ?? new Set();
  // Taking the role, and asking who one is, is by the credentials that sql-runner runs with, in neither account.
  const made = recorder.takeCalls().filter(({ action }) => !/^sts:(AssumeRole|GetCallerIdentity)$/.test(action));
  for (const { account, action } of made) seen.add(`${account} ${action}`);
  called.set(verb, seen);
  calls.set(verb, [...(calls.get(verb) ?? []), ...made]);
}

async function readOnly(): Promise<void> {
  for (const verb of ['doctor', 'plan']) await record(verb);
  const ending = EXIT_CODES.notInSync.code;
  await recordEndingWith(ending, 'status');
  await recordEndingWith(ending, 'watch', '--once');
  await recordServe();
}

async function recordServe(): Promise<void> {
  await recordThat(EXIT_CODES.terminated.code, 'serve', () =>
    cli.runWhile('serve', ['--port', '0', '--no-history'], (printed) => {
      const { url } = JSON.parse(printed) as { url: string };
      return eventually(async () => (await (await fetch(url)).text()).includes('Made <time>'));
    }),
  );
}

/** Only with that option, and only in the account of the clone. */
async function published(): Promise<string[]> {
  recorder.take();
  await cli.runWhile('serve', ['--cloudwatch', '--port', '0', '--no-history', '--interval', '1'], () =>
    eventually(() => {
      puts.push(...recorder.takeCalls().filter(({ action }) => action === 'cloudwatch:PutMetricData'));
      return Promise.resolve(puts.length > 0);
    }),
  );
  return [...new Set(puts.map(({ account, action }) => `${account} ${action}`))];
}

/** The workers come back, so that who looks asks the log of the source who was at the slots. */
async function afterReturn(): Promise<void> {
  const admin = await connectBy((database) => world.lab.adminConnection('source', database))('postgres');
  const reading = () =>
    admin
      .query<{ pid: number }>('SELECT active_pid AS pid FROM pg_replication_slots WHERE active')
      .then(({ rows }) => rows);
  const before = (await reading()).map(({ pid }) => pid);
  await admin.query('SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active');
  await eventually(async () => {
    const now = (await reading()).filter(({ pid }) => !before.includes(pid));
    return now.length === before.length;
  }, 30_000);
  await admin.end();
  for (const verb of ['doctor', 'plan', 'status']) await record(verb);
  await record('watch', '--once');
  await recordServe();
}

/** A stream fails, so that who looks at it asks for the clone's log. */
async function inTrouble(): Promise<void> {
  const admin = await connectBy((database) => world.lab.adminConnection('clone', database))('shop');
  await execute(admin, [
    `ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'`,
    'SELECT pg_reload_conf()',
    'INSERT INTO orders VALUES (1)',
  ]);
  await execute(await world.source('shop'), ['INSERT INTO orders VALUES (1)']);
  const { code } = EXIT_CODES.notInSync;
  await recordEndingWith(EXIT_CODES.blocked.code, 'doctor');
  for (const verb of ['plan', 'apply'])
    await recordEndingWith(code, verb, ...(verb === 'apply' ? ['--auto-approve'] : []));
  await recordEndingWith(code, 'status');
  await recordEndingWith(code, 'watch', '--once');
  await recordServe();
  await record('plan', '--skip');
  await execute(await world.clone('shop'), ['DELETE FROM orders WHERE id = 1']);
  await eventually(async () => (await execute(await world.clone('shop'), ['SELECT FROM orders'])).length > 0);
}

stage('every command in turn, from the first apply to the teardown', async () => {
  const file = ['--history-file', join(world.lab.directory, 'runs.jsonl')];
  await record('apply', '--auto-approve', '--allow-reboot', ...file);
  await world.deployTarget();
  await readOnly();
  await record('apply', '--auto-approve');
  await afterReturn();
  await inTrouble();
  // What is kept of it on the clone is nothing that there is to do, or that verify would miss.
  expect((await world.plan()).changes).toEqual([]);
  await record('verify');
  const before = [
    ['verify', 'equal'],
    ['apply', 'refused'],
    ['apply', 'applied'],
  ] as const;
  expectKept(await kept(), ...before);
  await recordThat(EXIT_CODES.error.code, 'ddl', () => cli.run('ddl', 'list'));
  await record('schema');
  await record('hold', '--auto-approve');
  await record('resume', '--auto-approve');
  await record('rotate', '--auto-approve');
  await mendByRuns(world, record);
  expect(await published()).toEqual([`${TARGET} cloudwatch:PutMetricData`]);
  await record('hold', '--release-slots', '--auto-approve');
  await record('reset', '--auto-approve');
  const paused = [
    ['release', 'applied'],
    ['apply', 'applied'],
    ...MENDED,
    ['rotate', 'applied'],
    ['resume', 'applied'],
    ['hold', 'applied'],
  ] as const;
  expectKept(await kept(), ['reset', 'applied'], ...paused, ...before);
  await record('teardown', '--auto-approve', ...file);
  const left = await kept(...file);
  expect(left.sources).toMatchObject([
    { kind: 'clone', since: null, runs: 0 },
    { kind: 'file', runs: 2 },
  ]);
  expect(left.runs.map(({ mode, outcome }) => [mode, outcome])).toEqual([
    ['teardown', 'applied'],
    ['apply', 'applied'],
  ]);
  expect(left.runs[0]!.changes.at(-1)).toEqual({
    id: 'target/shop/run-history/acas_history_demo',
    action: 'delete',
    outcome: 'made',
  });
});

/** What is told of the runs before, by a command that may call what the guide says. */
async function kept(...flags: string[]) {
  let said: Ending | undefined;
  await recordThat(0, 'history', async () => (said = await cli.run('history', '--limit', '50', ...flags)));
  return shownBy(said!);
}

/** What these runs had no reason to call: an apply that carries on a reset, a reset of what has to be made anew too. */
const RARELY: Readonly<Record<string, readonly string[]>> = {
  apply: [`${TARGET} ssm:DeleteParameter`],
  // Where DDL is not followed there is nothing to look for on the clone.
  ddl: [`${TARGET} secretsmanager:GetSecretValue`],
  reset: ['DescribeDBInstances', 'ModifyDBCluster', 'RebootDBInstance']
    .map((action) => `${SOURCE} rds:${action}`)
    .concat(`${SOURCE} secretsmanager:PutSecretValue`),
};

stage('the table of calls has exactly what each command calls in each account', () => {
  for (const [verb, calls] of Object.entries(RARELY)) {
    const seen = called.get(verb)!;
    expect(calls.filter((call) => seen.has(call))).toEqual([]);
    calls.forEach((call) => seen.add(call));
  }
  const found = [...called].map(([verb, calls]) => {
    const of = (account: string) => [...calls].filter((call) => call.startsWith(account)).map((call) => call.slice(13));
    return [verb, { source: of(SOURCE).sort(), target: of(TARGET).sort() }] as const;
  });
  const verbs = RUNNER_CALLS.flatMap(({ commands }) => commands);
  const tabled = verbs.map((verb) => [verb, { source: callsOf('source', [verb]), target: callsOf('target', [verb]) }]);
  expect(Object.fromEntries(tabled)).toEqual(Object.fromEntries(found));
  expect([...called.values()].flatMap((calls) => [...calls]).filter((call) => !/^(1{12}|2{12}) /.test(call))).toEqual(
    [],
  );
});

stage('each policy allows every call that was recorded of its commands, on what it was on, and no other action', () => {
  for (const [index, account] of [SOURCE, TARGET].entries()) {
    const side = index === 0 ? 'source' : 'target';
    const groups = [
      ...RUNNER_CALLS.map(({ commands }) => [commands.join('-'), commands] as const),
      ['read', READERS] as const,
      ['all', [...called.keys()]] as const,
    ];
    for (const [name, commands] of groups) {
      const seen = new Set(commands.flatMap((verb) => [...called.get(verb)!]));
      const actions = [...seen].filter((call) => call.startsWith(account)).map((call) => call.slice(13));
      if (actions.length === 0) continue;
      const documents = runnerPolicy(`sql-runner-${name}-${side}`, world.contract);
      expect([name, side, actionsIn(documents)]).toEqual([name, side, actions.sort()]);
      const made = commands.flatMap((verb) => calls.get(verb)!).filter((call) => call.account === account);
      expect(deniedOf(documents, made)).toEqual([]);
    }
  }
});

stage('the policy of --cloudwatch allows what it calls', () => {
  const documents = runnerPolicy('sql-runner-serve-cloudwatch-target', world.contract);
  expect(deniedOf(documents, puts)).toEqual([]);
  const elsewhere = puts.map((call) => ({ ...call, context: { 'cloudwatch:namespace': 'AWS/RDS' } }));
  expect(deniedOf(documents, elsewhere)).toHaveLength(puts.length);
  expect(actionsIn(documents)).toEqual(['cloudwatch:PutMetricData']);
});
