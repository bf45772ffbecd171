import {
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  RDSClient,
  RebootDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { Client } from 'pg';
import type { Lab } from '../../../lab/lab';
import { clientOf, demoLab, poll, removeHome, SOURCE, temporaryHome, terraformAs } from './support';

const CLUSTER = 'demo-production';
const GROUP = { id: 'logical', name: 'logical', family: 'aurora-postgresql17' };
const home = temporaryHome();
let lab: Lab;

beforeAll(async () => {
  lab = await demoLab(home);
  const parameter = [{ name: 'wal_sender_timeout', value: '12000', apply_method: 'immediate' }];
  await terraformAs(lab, SOURCE)('create', 'aws_rds_cluster_parameter_group', { ...GROUP, parameter });
  const attach = { DBClusterIdentifier: CLUSTER, DBClusterParameterGroupName: 'logical', ApplyImmediately: true };
  await rds().send(new ModifyDBClusterCommand(attach));
});

afterAll(async () => {
  await lab?.down();
  removeHome(home);
});

const rds = () => new RDSClient(clientOf(lab, SOURCE));

async function cluster() {
  return (await rds().send(new DescribeDBClustersCommand({ DBClusterIdentifier: CLUSTER }))).DBClusters?.[0];
}

async function show(name: string): Promise<string> {
  const client = new Client(lab.sourceConnection('shop'));
  await client.connect();
  const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name]);
  await client.end();
  return rows[0]?.value ?? '';
}

test('a dynamic parameter that is pending-reboot waits for one, and a value that stays keeps its method', async () => {
  const terraform = terraformAs(lab, SOURCE);
  const logical = async (changes: Record<string, readonly [value: string, method: string] | null>) => {
    const { Parameters: set = [] } = await rds().send(
      new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName: 'logical', Source: 'user' }),
    );
    const former = Object.fromEntries(
      set.map((one) => [one.ParameterName!, [one.ParameterValue!, String(one.ApplyMethod)] as const]),
    );
    const parameter = Object.entries({ ...former, ...changes }).flatMap(([name, given]) =>
      given == null ? [] : [{ name, value: given[0], apply_method: given[1] }],
    );
    return terraform('update', 'aws_rds_cluster_parameter_group', { ...GROUP, parameter }, GROUP);
  };
  const status = async () => (await cluster())?.DBClusterMembers?.[0]?.DBClusterParameterGroupStatus;
  const reboot = async () => {
    await rds().send(new RebootDBInstanceCommand({ DBInstanceIdentifier: `${CLUSTER}-1` }));
    await poll(cluster, (now) => now?.Status === 'available');
  };
  await reboot();
  await logical({ work_mem: ['8192', 'pending-reboot'] });
  expect([await show('work_mem'), await status()]).toEqual(['4MB', 'pending-reboot']);
  // What is immediate goes ahead of what waits.
  await logical({ wal_sender_timeout: ['14000', 'immediate'] });
  expect([await show('wal_sender_timeout'), await show('work_mem')]).toEqual(['14s', '4MB']);
  await reboot();
  expect([await show('work_mem'), await status()]).toEqual(['8MB', 'in-sync']);
  // The method alone is not registered, so the group goes on as it was.
  const { parameter } = (await logical({ work_mem: ['8192', 'immediate'] })) as { parameter: { name: string }[] };
  expect(parameter).toContainEqual({ name: 'work_mem', value: '8192', apply_method: 'pending-reboot' });
  await logical({ work_mem: ['16384', 'immediate'] });
  expect([await show('work_mem'), await status()]).toEqual(['16MB', 'in-sync']);
  await logical({ work_mem: null });
  expect([await show('work_mem'), await status()]).toEqual(['4MB', 'in-sync']);
});

test('what RDS refuses in a parameter group is refused', async () => {
  const create = (name: string, value: string, apply_method = 'pending-reboot') =>
    terraformAs(lab, SOURCE)('create', 'aws_rds_cluster_parameter_group', {
      name: 'refused',
      family: 'aurora-postgresql17',
      parameter: [{ name, value, apply_method }],
    });
  await expect(create('work_mme', '1')).rejects.toThrow('Could not find parameter with name: work_mme');
  await expect(create('wal_level', 'logical')).rejects.toThrow('Could not find parameter with name: wal_level');
  await expect(create('work_mem', '64MB')).rejects.toThrow('Invalid parameter value: 64MB for: work_mem');
  await expect(create('port', '5433')).rejects.toThrow('The parameter port cannot be modified');
  await expect(create('max_wal_senders', '30', 'immediate')).rejects.toThrow('cannot use immediate apply method');
});
