import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import { connectBy } from '../../lab/connections';
import { startLab, type Lab } from '../../lab/lab';
import { freePort } from '../../lab/postgres/free-port';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { run } from '../../sql-runner/actions/run';
import { openConnections } from '../../sql-runner/connections/open';
import { approved } from '../support/approved';
import { makeDemoTables } from '../e2e/support/demo-tables';
import { stagesInOrder } from '../e2e/support/in-order';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';

/** A clone runs with what production sets, as far as it can, and with what the file has for it alone. */

const stage = stagesInOrder();
const FILE = environmentFile('demo');
const demo = loadEnvironment(FILE);
let lab: Lab;
let deploys: StackDeploys;
let environment: typeof demo;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({
    environmentFile: FILE,
    name: 'inherit',
    home: join(tmpdir(), `aurora inherit ${process.pid}`),
  });
  useLab(lab);
  await makeDemoTables(lab);
  deploys = new StackDeploys(lab, binary);
  const extraParameters = {
    work_mem: 8192,
    shared_preload_libraries: 'pgaudit,pg_cron',
    'cron.database_name': 'shop',
  };
  environment = {
    ...demo,
    source: { ...demo.source, cluster: { ...demo.source.cluster, extraParameters } },
    target: {
      ...demo.target,
      clone: { ...demo.target.clone, port: await freePort(), extraParameters: { maintenance_work_mem: 131072 } },
    },
  };
});
afterAll(() => lab?.down());

async function inForce(client: Promise<Client>, ...names: string[]): Promise<string[]> {
  const session = await client;
  const { rows } = await session.query<{ value: string }>(
    'SELECT current_setting(name) AS value FROM unnest($1::text[]) WITH ORDINALITY AS given(name, place) ORDER BY place',
    [names],
  );
  await session.end();
  return rows.map(({ value }) => value);
}

stage('a clone of production with parameters of its own follows', async () => {
  const apply = (allowReboot: boolean) =>
    run(openConnections, deploys.contracts(environment), approved('apply', { allowReboot }));
  deploys.deploy(environment, 'source');
  await apply(true);
  deploys.deploy(environment, 'target');
  await apply(false);
  expect(await apply(false)).toBe('nothing-to-do');
  for (const side of ['source', 'target'] as const) expect(deploys.left(environment, side)).toBe('');
});

stage('it has the values of production and its own, the port that the file says, and no cron', async () => {
  const clone = connectBy((database) => lab.cloneConnection(database))('shop');
  expect(await inForce(clone, 'work_mem', 'maintenance_work_mem')).toEqual(['8MB', '128MB']);
  expect(deploys.contracts(environment).target?.cluster.port).toBe(environment.target.clone.port);
  const groups = lab.state.world.accounts[demo.target.accountId]!.parameterGroups;
  const { parameters } = Object.values(groups).find(({ name }) => name.startsWith('acas-demo-target'))!;
  expect(parameters['shared_preload_libraries']?.value).toBe('pgaudit');
  expect(parameters).not.toHaveProperty(['cron.database_name']);
});
