import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contracts } from '../../contract/contract';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import type { ExtraParameters } from '../../environments/parameters/setting';
import { connectBy } from '../../lab/connections';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { makePlan, run } from '../../sql-runner/actions/run';
import { openConnections } from '../../sql-runner/connections/open';
import { approved } from '../support/approved';
import { refusalOf } from '../e2e/support/direct-lab';
import { stagesInOrder } from '../e2e/support/in-order';
import { diagnosisOf } from '../e2e/support/looks';
import { execute } from '../e2e/support/provocations';
import { StackDeploys } from '../e2e/support/stack-deploys';

/** Parameters of production that change while the environment stands: what applies at once does, what needs a restart asks. */

const stage = stagesInOrder();
const FILE = environmentFile('demo');
const ENVIRONMENT = loadEnvironment(FILE);
let lab: Lab;
let deploys: StackDeploys;
let contracts: Contracts;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({
    environmentFile: FILE,
    name: 'parameters',
    home: join(tmpdir(), `aurora parameters ${process.pid}`),
  });
  for (const [name, value] of Object.entries(lab.env)) {
    if (value === '') delete process.env[name];
    else process.env[name] = value;
  }
  await execute(await source('shop'), ['CREATE TABLE orders (id bigint PRIMARY KEY)']);
  await execute(await source('ledger'), ['CREATE SCHEMA "Audit"', 'CREATE TABLE accounts (id bigint PRIMARY KEY)']);
  await execute(await source('ledger'), ['CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)']);
  deploys = new StackDeploys(lab, binary);
});
afterAll(() => lab?.down());

const source = (database: string) => connectBy((name) => lab.sourceConnection(name))(database);

function deploy(extraParameters: ExtraParameters): void {
  const cluster = { ...ENVIRONMENT.source.cluster, extraParameters };
  deploys.deploy({ ...ENVIRONMENT, source: { ...ENVIRONMENT.source, cluster } }, 'source');
  contracts = deploys.contracts(ENVIRONMENT);
}

const apply = (allowReboot: boolean) => run(openConnections, contracts, approved('apply', { allowReboot }));

/** What is in force, and since when the server runs. */
async function server(setting: string): Promise<{ value: string; since: string }> {
  const client = await source('shop');
  const { rows } = await client.query<{ value: string; since: string }>(
    'SELECT current_setting($1) AS value, pg_postmaster_start_time()::text AS since',
    [setting],
  );
  await client.end();
  return rows[0]!;
}

/** Of terraform, of sql-runner and of doctor, what each still has to say of the group. */
async function open(): Promise<{ terraform: string; changes: string[]; doctor: string[] }> {
  const { results } = await diagnosisOf({ contracts });
  const codes = results.flatMap(({ findings }) => findings).map(({ code }) => code);
  return {
    terraform: deploys.left(ENVIRONMENT, 'source'),
    changes: (await makePlan(openConnections, contracts, 'apply')).changes.map(({ id }) => id),
    doctor: codes.filter((code) => code === 'SOURCE_REBOOT_PENDING'),
  };
}

const NOTHING = { terraform: '', changes: [], doctor: [] };

stage('the group is attached with one restart', async () => {
  deploy({ work_mem: 8192 });
  expect(await apply(true)).toBe('applied');
  expect((await server('work_mem')).value).toBe('8MB');
  expect(await open()).toEqual(NOTHING);
});

stage('a dynamic parameter that changes applies at once, and nobody asks for a restart', async () => {
  const { since } = await server('work_mem');
  deploy({ work_mem: 16384 });
  expect(await server('work_mem')).toEqual({ value: '16MB', since });
  expect(await open()).toEqual(NOTHING);
  deploy({ work_mem: 16384, statement_timeout: 90000 });
  expect(await server('statement_timeout')).toEqual({ value: '90s', since });
  deploy({ work_mem: 16384 });
  expect(await server('statement_timeout')).toEqual({ value: '0', since });
  expect(await open()).toEqual(NOTHING);
});

stage('a static one waits for a restart by consent', async () => {
  const { since } = await server('track_commit_timestamp');
  deploy({ work_mem: 16384, track_commit_timestamp: 1 });
  expect(await server('track_commit_timestamp')).toEqual({ value: 'off', since });
  const writer = `source/reboot/demo-production-1`;
  expect(await open()).toEqual({ terraform: '', changes: [writer], doctor: ['SOURCE_REBOOT_PENDING'] });
  expect(await refusalOf(apply(false))).toBe('CONSENT_MISSING');
  expect(await apply(true)).toBe('applied');
  expect((await server('track_commit_timestamp')).value).toBe('on');
  expect(await open()).toEqual(NOTHING);
});

stage('one that is said to wait does, and its method alone is not what RDS registers', async () => {
  const { since } = await server('work_mem');
  deploy({ work_mem: { value: 32768, applyMethod: 'pending-reboot' }, track_commit_timestamp: 1 });
  expect(await server('work_mem')).toEqual({ value: '16MB', since });
  const { terraform, doctor } = await open();
  expect([terraform, doctor]).toEqual(['', ['SOURCE_REBOOT_PENDING']]);
  // Without the word for it Terraform would like to change the method, and RDS does not register that.
  deploy({ work_mem: 32768, track_commit_timestamp: 1 });
  expect(deploys.left(ENVIRONMENT, 'source')).toContain('apply_method');
  deploy({ work_mem: 65536, track_commit_timestamp: 1 });
  expect(await server('work_mem')).toEqual({ value: '64MB', since });
  expect(deploys.left(ENVIRONMENT, 'source')).toBe('');
});
