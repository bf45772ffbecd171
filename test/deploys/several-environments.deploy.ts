import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironments } from '../../environments/loader';
import { PROJECT } from '../../lab/demo/toolchain';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { stagesInOrder } from '../e2e/support/in-order';
import { execute } from '../e2e/support/provocations';
import { useLab } from '../e2e/support/use-lab';
import { sqlIn } from '../sql-runner/checks/printed-fix';
import { Beside, putKeyPolicy } from './several/beside';
import { Production } from './several/production';

/** Two environments on one production cluster, each deployed by the real terraform, under writers. */

const stage = stagesInOrder();
const FOLDER = join(__dirname, 'several');
let lab: Lab;
let production: Production;
let first: Beside;
let second: Beside;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  process.env['ENVIRONMENTS_DIR'] = FOLDER;
  const environments = loadEnvironments();
  delete process.env['ENVIRONMENTS_DIR'];
  const [environmentFile, ...besideFiles] = environments.map(({ name }) => join(FOLDER, `${name}.yaml`));
  const home = join(tmpdir(), `aurora several ${process.pid}`);
  lab = await startLab({ environmentFile: environmentFile!, besideFiles, name: 'several', home });
  useLab(lab);
  [first, second] = environments.map((one) => new Beside(lab, binary, one, environments)) as [Beside, Beside];
  production = await Production.fill(lab, first.environment);
  await production.startWriting();
});
afterAll(async () => {
  await production?.stopWriting().finally(() => lab.down());
});

stage('alone, an environment has room for itself, after one restart', async () => {
  first.alone.deploy(first.environment, 'source');
  expect(await first.run('apply', true)).toBe('applied');
  expect(await production.room()).toEqual({ slots: '22', senders: '27' });
});

stage('another one that needs more with it attaches nothing: it is refused', async () => {
  const planned = second.way.planned('source').flatMap(({ actions }) => actions);
  expect(new Set(planned)).toEqual(new Set(['create']));
  second.way.deploy('source');
  const { changes, findings } = await second.way.plan();
  expect([changes, findings.map(({ code }) => code)]).toEqual([[], ['PARAMETER_GROUP_UNEXPECTED']]);
});

stage('the next deploy of the first one makes the group grow where it is: one restart, asked for', async () => {
  const changed = first.way.planned('source').filter(({ actions }) => !['no-op', 'read'].includes(actions.join()));
  expect(changed.map(({ address, actions }) => [address, actions])).toEqual([
    ['aws_rds_cluster_parameter_group.logical_replication', ['update']],
  ]);
  first.way.deploy('source');
  expect(await first.touches()).toEqual(['source/reboot/shared-production-1']);
  await expect(first.run('apply')).rejects.toMatchObject({ code: 'CONSENT_MISSING' });
  expect(await first.run('apply', true)).toBe('applied');
  expect(await production.room()).toEqual({ slots: '24', senders: '29' });
});

/** What production has before the second one follows, and must have again once it is gone. */
let started: unknown;
let before: string[];
const untouched = async (): Promise<void> => {
  expect(production.group()).toEqual({ attached: first.group, status: 'in-sync' });
  expect(await production.started()).toBe(started);
};

stage('one key has a policy with the statements of both, each under a name of its own', async () => {
  const statements = [first, second].flatMap((one) => one.keyStatements());
  expect(new Set(statements.map(({ Sid }) => Sid)).size).toBe(6);
  await putKeyPolicy(lab, first.environment, statements);
});

stage('the second finds logical replication on and room: both follow, and nobody attaches or restarts', async () => {
  started = await production.started();
  await first.follow();
  expect(second.destroy('source')).toMatchObject({ status: 0 });
  before = await production.inventory();
  second.way.deploy('source');
  expect(await second.touches()).toEqual([]);
  await second.follow();
  await untouched();
  for (const one of [first, second]) await one.isWhole(production);
});

stage('doctor blames neither for the other one; what a clone has of it goes as it is printed', async () => {
  expect(await first.findings()).toEqual([]);
  const found = await second.findings();
  expect(new Set(found.map(({ code, severity }) => `${severity} ${code}`))).toEqual(
    new Set(['info PARAMETER_GROUP_SUFFICES', 'warn INHERITED_ROLE_LEFT', 'info INHERITED_HEARTBEAT_LEFT']),
  );
  const printed = found.filter(({ code }) => code.startsWith('INHERITED_'));
  expect(printed).toHaveLength(1 + second.environment.databases.length);
  for (const { next } of printed) {
    const [, database] = /in database (\S+) on the clone: /.exec(next)!;
    await execute(await second.way.clone(database!), sqlIn(next).split(/(?<=;) /));
  }
  expect((await second.findings()).map(({ code }) => code)).toEqual(['PARAMETER_GROUP_SUFFICES']);
});

stage('the second one goes: production has what it had, and the first one follows', async () => {
  expect(await second.run('teardown')).toBe('applied');
  for (const side of ['target', 'source'] as const) expect(second.destroy(side)).toMatchObject({ status: 0 });
  expect(await production.inventory()).toEqual(before);
  await untouched();
  await first.isWhole(production);
  expect(await first.findings()).toEqual([]);
});

stage('it comes back', async () => {
  second.way.deploy('source');
  await second.follow();
  await untouched();
  await second.isWhole(production);
});

/** Commands of the README's chapter, with the names of this cluster. */
function commands(): string[][] {
  const [, chapter] = readFileSync(join(PROJECT, 'README.md'), 'utf8').split('### Several environments on one cluster');
  const lines = [...chapter!.split('\n### ')[0]!.matchAll(/^aws (.+)$/gm)].map(([, words]) => words!);
  const named = { cluster: 'shared-production', group: second.group, writer: 'shared-production-1' };
  return lines.map((line) =>
    Object.entries(named)
      .reduce((text, [name, value]) => text.replace(`<${name}>`, value), line)
      .split(' '),
  );
}

stage(
  'the one whose group is attached goes: the group stays, and its stack is refused before anything is gone',
  async () => {
    expect((await first.way.plan('teardown')).findings.map(({ code }) => code)).toEqual(['PARAMETER_GROUP_KEPT']);
    expect(await first.run('teardown')).toBe('applied');
    expect(first.destroy('target')).toMatchObject({ status: 0 });
    const around = await production.inventory();
    expect(first.destroy('source')).toMatchObject({ status: 1, output: expect.stringMatching(/still members/) });
    expect(await production.inventory()).toEqual(around);
    await untouched();
    await second.isWhole(production);
  },
);

stage('with the group of the other one attached, as the README has it, it can go', async () => {
  const [attach, restart] = commands();
  await production.aws(...attach!);
  expect(production.group()).toEqual({ attached: second.group, status: 'pending-reboot' });
  expect(await second.touches()).toEqual([]);
  expect(first.destroy('source')).toMatchObject({ status: 0 });
  expect((await production.inventory()).filter((one) => /first/.test(one))).toEqual([]);
  await second.isWhole(production);
  expect(await production.started()).toBe(started);
  await production.aws(...restart!);
  expect(production.group()).toEqual({ attached: second.group, status: 'in-sync' });
  expect(await production.room()).toEqual({ slots: '24', senders: '29' });
  await second.isWhole(production);
});
