import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Side } from '../../contract/contract';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import { environmentSchema, type Environment } from '../../environments/schema';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { run } from '../../sql-runner/actions/run';
import { openConnections } from '../../sql-runner/connections/open';
import { approved } from '../support/approved';
import { makeDemoTables } from '../e2e/support/demo-tables';
import { stagesInOrder } from '../e2e/support/in-order';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';

/** Alarms of both clusters by the real terraform: made, left alone, changed where they are, and gone again. */

const stage = stagesInOrder();
const FILE = environmentFile('demo');
const demo = loadEnvironment(FILE);
let lab: Lab;
let deploys: StackDeploys;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  const home = join(tmpdir(), `aurora monitoring ${process.pid}`);
  lab = await startLab({ environmentFile: FILE, name: 'monitoring', home });
  useLab(lab);
  await makeDemoTables(lab);
  deploys = new StackDeploys(lab, binary);
});
afterAll(() => lab?.down());

const watched = (monitoring: object): Environment => environmentSchema.parse({ ...demo, monitoring });
const ofMonitoring = (environment: Environment, side: Side): string[] =>
  deploys.held(environment, side).filter((address) => address.includes('.monitoring_'));
const alarms = (side: Side): Record<string, Readonly<Record<string, unknown>>> =>
  lab.state.world.accounts[demo[side].accountId]!.kept?.aws_cloudwatch_metric_alarm ?? {};

stage('an environment that asks for none has none', () => {
  deploys.deploy(demo, 'source');
  expect(ofMonitoring(demo, 'source')).toEqual([]);
});

stage('alarms watch the writer of the cluster of their side, and nothing is left to do', async () => {
  const environment = watched({ heartbeatSeconds: 300 });
  deploys.deploy(environment, 'source');
  await run(openConnections, deploys.contracts(environment), approved('apply'));
  deploys.deploy(environment, 'target');
  expect([deploys.left(environment, 'source'), deploys.left(environment, 'target')]).toEqual(['', '']);
  for (const side of ['source', 'target'] as const) {
    const cluster = side === 'source' ? demo.source.cluster.identifier : demo.target.clone.identifier;
    const ofRds = Object.values(alarms(side)).filter(({ namespace }) => namespace === 'AWS/RDS');
    expect(ofRds.length).toBeGreaterThanOrEqual(3);
    for (const alarm of ofRds) expect(alarm.dimensions).toEqual({ DBClusterIdentifier: cluster, Role: 'WRITER' });
  }
  expect(alarms('target')['acas-demo-target-heartbeat']).toMatchObject({
    treat_missing_data: 'breaching',
    dimensions: { Environment: 'demo' },
  });
});

stage('another threshold changes the alarm where it is, and its line on the dashboard', () => {
  const environment = watched({ heartbeatSeconds: 300, cpuPercent: 80 });
  deploys.write(environment);
  expect(deploys.left(environment, 'source')).toContain('0 to add, 2 to change, 0 to destroy');
  deploys.deploy(environment, 'source');
  expect(alarms('source')['acas-demo-source-cpu']).toMatchObject({ threshold: 80 });
});

stage('what is asked for no more is gone, on both sides', () => {
  for (const side of ['target', 'source'] as const) deploys.deploy(demo, side);
  expect([...ofMonitoring(demo, 'source'), ...ofMonitoring(demo, 'target')]).toEqual([]);
  expect([alarms('source'), alarms('target')]).toEqual([{}, {}]);
  expect([deploys.left(demo, 'source'), deploys.left(demo, 'target')]).toEqual(['', '']);
});
