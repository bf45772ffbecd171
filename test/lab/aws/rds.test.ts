import {
  DescribeDBClusterParameterGroupsCommand,
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBLogFilesCommand,
  DescribeEventsCommand,
  DownloadDBLogFilePortionCommand,
  ModifyDBClusterCommand,
  paginateDescribeDBClusterParameters,
  type Parameter,
  RDSClient,
  RebootDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { Client } from 'pg';
import type { Lab } from '../../../lab/lab';
import { clientOf, demoLab, poll, removeHome, SOURCE, TARGET, temporaryHome, terraformAs } from './support';

const CLUSTER = 'demo-production';
const home = temporaryHome();
let lab: Lab;

beforeAll(async () => {
  lab = await demoLab(home);
});

afterAll(async () => {
  await lab?.down();
  removeHome(home);
});

async function show(name: string): Promise<string> {
  const client = new Client(lab.sourceConnection('shop'));
  await client.connect();
  const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name]);
  await client.end();
  return rows[0]?.value ?? '';
}

describe('RDS', () => {
  const rds = () => new RDSClient(clientOf(lab, SOURCE));
  const cluster = async () =>
    (await rds().send(new DescribeDBClustersCommand({ DBClusterIdentifier: CLUSTER }))).DBClusters?.[0];

  test('describes the production cluster and its writer', async () => {
    const found = await cluster();
    expect(found).toMatchObject({
      Status: 'available',
      Endpoint: 'localhost',
      DBClusterParameterGroup: 'default.aurora-postgresql17',
      MasterUsername: 'app_owner',
      DBClusterArn: `arn:aws:rds:eu-west-1:${SOURCE}:cluster:${CLUSTER}`,
      DBClusterMembers: [{ IsClusterWriter: true, DBClusterParameterGroupStatus: 'in-sync' }],
    });
    expect(found?.EngineVersion).toBe(await show('server_version'));
    expect(found?.Port).toBe(lab.sourceConnection('shop').port);
    const filtered = await rds().send(
      new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: [CLUSTER] }] }),
    );
    expect(filtered.DBInstances?.map((one) => one.DBInstanceStatus)).toEqual(['available']);
    const none = await rds().send(
      new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: ['other'] }] }),
    );
    expect(none.DBInstances).toEqual([]);
  });

  test("hands out the writer's log as it is", async () => {
    const client = new Client(lab.sourceConnection('shop'));
    await client.connect();
    await client.query('SELECT no_such_column').catch(() => undefined);
    await client.end();
    const writer = { DBInstanceIdentifier: `${CLUSTER}-1` };
    const files = async (more: object) =>
      (await rds().send(new DescribeDBLogFilesCommand({ ...writer, ...more }))).DescribeDBLogFiles ?? [];
    const [file] = await files({ FilenameContains: 'postgresql.log' });
    expect(file?.LogFileName).toMatch(/^error\/postgresql\.log\.20\d\d-\d\d-\d\d-\d{4}$/);
    expect(Math.abs(Date.now() - (file?.LastWritten ?? 0))).toBeLessThan(60_000);
    expect(await files({ FilenameContains: 'other' })).toEqual([]);
    expect(await files({ FileLastWritten: Date.now() + 60_000 })).toEqual([]);
    expect(await files({ FileSize: file!.Size })).toEqual([]);
    const portion = (more: object) =>
      rds().send(new DownloadDBLogFilePortionCommand({ ...writer, LogFileName: file!.LogFileName, ...more }));
    const last = await portion({ NumberOfLines: 2 });
    expect(last.LogFileData).toMatch(/ERROR: {2}column "no_such_column" does not exist.*\n.*STATEMENT: .*\n$/);
    expect(last.AdditionalDataPending).toBe(false);
    const first = await portion({ NumberOfLines: 1, Marker: '0' });
    expect(first).toMatchObject({ AdditionalDataPending: true });
    expect((await portion({ Marker: first.Marker })).LogFileData).toContain('no_such_column');
    await expect(portion({ LogFileName: 'error/other' })).rejects.toMatchObject({ name: 'DBLogFileNotFoundFault' });
    await expect(portion({ Marker: 'x' })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  test('pages through parameters', async () => {
    const input = { DBClusterParameterGroupName: 'default.aurora-postgresql17' };
    const rows: Parameter[] = [];
    let pages = 0;
    for await (const page of paginateDescribeDBClusterParameters({ client: rds(), pageSize: 20 }, { ...input })) {
      pages += 1;
      rows.push(...(page.Parameters ?? []));
    }
    expect(pages).toBeGreaterThan(1);
    const names = rows.map((one) => one.ParameterName);
    expect(new Set(names).size).toBe(names.length);
    const first = await rds().send(new DescribeDBClusterParametersCommand(input));
    expect(names.slice(0, 100)).toEqual(first.Parameters?.map((one) => one.ParameterName));
    expect(rows.find((one) => one.ParameterName === 'rds.logical_replication')).toMatchObject({
      ParameterValue: '0',
      Source: 'engine-default',
      ApplyType: 'static',
    });
  });

  test('a new parameter group waits for the reboot, which restarts the server', async () => {
    const parameter = [
      { name: 'rds.logical_replication', value: '1', apply_method: 'pending-reboot' },
      { name: 'wal_sender_timeout', value: '12000', apply_method: 'immediate' },
    ];
    const terraform = terraformAs(lab, SOURCE);
    const group = await terraform('create', 'aws_rds_cluster_parameter_group', {
      name: 'logical',
      family: 'aurora-postgresql17',
      parameter,
    });
    await rds().send(
      new ModifyDBClusterCommand({
        DBClusterIdentifier: CLUSTER,
        DBClusterParameterGroupName: 'logical',
        ApplyImmediately: true,
      }),
    );
    const waiting = await cluster();
    expect(waiting?.DBClusterParameterGroup).toBe('logical');
    expect(waiting?.DBClusterMembers?.[0]?.DBClusterParameterGroupStatus).toBe('pending-reboot');
    expect(await show('wal_level')).toBe('replica');

    const member = waiting?.DBClusterMembers?.[0]?.DBInstanceIdentifier;
    const answer = await rds().send(new RebootDBInstanceCommand({ DBInstanceIdentifier: member }));
    expect(answer.DBInstance?.DBInstanceStatus).toBe('rebooting');
    const after = await poll(cluster, (now) => now?.Status === 'available');
    expect(after?.DBClusterMembers?.[0]?.DBClusterParameterGroupStatus).toBe('in-sync');
    expect(await show('wal_level')).toBe('logical');
    expect(await show('wal_sender_timeout')).toBe('12s');

    const changed = [parameter[0], { ...parameter[1], value: '13000' }];
    await terraform('update', 'aws_rds_cluster_parameter_group', { ...group, parameter: changed }, group);
    expect(await show('wal_sender_timeout')).toBe('13s');
    const fewer = [{ name: 'max_wal_senders', value: '30', apply_method: 'pending-reboot' }, ...changed];
    await terraform('update', 'aws_rds_cluster_parameter_group', { ...group, parameter: fewer }, group);
    expect((await cluster())?.DBClusterMembers?.[0]?.DBClusterParameterGroupStatus).toBe('pending-reboot');
    await expect(terraform('delete', 'aws_rds_cluster_parameter_group', null, group)).rejects.toThrow(
      'InvalidDBParameterGroupState',
    );
    const source = await rds().send(
      new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName: 'logical', Source: 'user' }),
    );
    expect(source.Parameters).toHaveLength(3);
  });

  test('a writer that has just crashed comes back from a reboot all the same', async () => {
    const member = (await cluster())?.DBClusterMembers?.[0]?.DBInstanceIdentifier;
    const victim = new Client(lab.adminConnection('source', 'shop'));
    await victim.connect();
    victim.on('error', () => undefined);
    const { rows } = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    process.kill(rows[0]!.pid, 'SIGKILL');
    await rds().send(new RebootDBInstanceCommand({ DBInstanceIdentifier: member }));
    const back = await poll(cluster, (now) => now?.Status === 'available');
    expect(back?.DBClusterMembers?.[0]?.DBClusterParameterGroupStatus).toBe('in-sync');
    await victim.end().catch(() => undefined);
    expect(await show('wal_level')).toBe('logical');
  });

  test('a role can be changed at any moment after rds_replication is granted to it', async () => {
    const client = new Client(lab.sourceConnection('shop'));
    await client.connect();
    for (let round = 0; round < 20; round += 1) {
      await client.query('CREATE ROLE replicator LOGIN; GRANT rds_replication TO replicator');
      const replicates = "SELECT rolreplication AS given FROM pg_roles WHERE rolname = 'replicator'";
      const change = async () => {
        await client.query('ALTER ROLE replicator CONNECTION LIMIT 9');
        return (await client.query<{ given: boolean }>(replicates)).rows[0]?.given;
      };
      await poll(change, (given) => given === true);
      await client.query('DROP ROLE replicator');
    }
    await client.end();
  });

  test('reports errors under the names that the SDK knows', async () => {
    const groupless = new ModifyDBClusterCommand({
      DBClusterIdentifier: CLUSTER,
      DBClusterParameterGroupName: 'absent',
    });
    await expect(rds().send(groupless)).rejects.toMatchObject({ name: 'DBClusterParameterGroupNotFoundFault' });
    const other = new DescribeDBClustersCommand({ DBClusterIdentifier: 'absent' });
    await expect(rds().send(other)).rejects.toMatchObject({
      name: 'DBClusterNotFoundFault',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(rds().send(new RebootDBInstanceCommand({ DBInstanceIdentifier: 'absent' }))).rejects.toMatchObject({
      name: 'DBInstanceNotFoundFault',
    });
    await expect(rds().send(new DescribeEventsCommand({}))).rejects.toThrow('does not know the call "DescribeEvents"');
  });

  test('keeps the accounts apart', async () => {
    const target = new RDSClient(clientOf(lab, TARGET));
    await expect(target.send(new DescribeDBClustersCommand({ DBClusterIdentifier: CLUSTER }))).rejects.toThrow(
      'not found',
    );
    expect((await target.send(new DescribeDBClustersCommand({}))).DBClusters).toEqual([]);
    const groups = await target.send(new DescribeDBClusterParameterGroupsCommand({}));
    expect(groups.DBClusterParameterGroups?.map((one) => one.DBClusterParameterGroupName)).toEqual([
      'default.aurora-postgresql17',
    ]);
    const operator = new RDSClient(clientOf(lab, '000000000000'));
    await expect(operator.send(new DescribeDBClustersCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(
      target.send(new DescribeDBLogFilesCommand({ DBInstanceIdentifier: `${CLUSTER}-1` })),
    ).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault' });
    const elsewhere = new RDSClient({ ...clientOf(lab, SOURCE), region: 'us-east-1' });
    await expect(elsewhere.send(new DescribeDBClustersCommand({}))).rejects.toThrow('us-east-1');
  });
});
