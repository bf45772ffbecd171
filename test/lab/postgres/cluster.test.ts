import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { PostgresCluster } from '../../../lab/postgres/cluster';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';

let test: TestCluster;

beforeAll(async () => {
  test = await startTestCluster({ databases: ['shop', 'Mixed "Name"'] });
});
afterAll(async () => test.stop());

async function inShop<T>(sql: string): Promise<T[]> {
  const client = await test.cluster.connect({ ...test.master, database: 'shop' });
  return (await client.query(sql).finally(() => client.end())).rows as T[];
}

it('gives the master user its databases, without making it a superuser where it can do without', async () => {
  const owned = await inShop<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE datdba = current_user::regrole ORDER BY datname COLLATE "C"',
  );
  expect(owned.map((row) => row.datname)).toEqual(['Mixed "Name"', 'shop']);
  expect(
    await inShop(
      'SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = current_user',
    ),
  ).toEqual([{ rolsuper: !from(16), rolcreaterole: true, rolcreatedb: true, rolreplication: true }]);
});

it('accepts TLS only, and refuses a wrong password', async () => {
  expect(await inShop('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toEqual([{ ssl: true }]);
  await expect(test.connect('shop', { user: 'master', password: 'wrong' })).rejects.toThrow(
    'password authentication failed',
  );
  const rules = await readFile(`${test.cluster.dataDirectory}/pg_hba.conf`, 'utf8');
  expect(rules.match(/^(host|hostnossl|local)\s/gm)).toBeNull();
});

it('runs as another user than root, from a directory that others cannot read', () => {
  const data = statSync(test.cluster.dataDirectory);
  expect(data.uid).not.toBe(0);
  expect(data.mode & 0o777).toBe(0o700);
});

it('does not tell a seed LSN on a cluster that is not a clone', async () => {
  expect(await inShop('SELECT aurora_volume_logical_start_lsn() AS lsn')).toEqual([{ lsn: null }]);
});

it('lets the master user put the function into databases that it creates', async () => {
  await inShop('CREATE DATABASE later');
  const later = await test.connect('later');
  expect(
    (await later.query("SELECT to_regprocedure('aurora_volume_logical_start_lsn()') IS NOT NULL AS known")).rows,
  ).toEqual([{ known: true }]);
});

it('applies a dynamic parameter at once, and takes it back when it is removed', async () => {
  expect(
    await test.cluster.setParameters({ log_min_duration_statement: '12345', search_path: '"$user", public' }),
  ).toEqual({ pendingRestart: [] });
  expect(await test.cluster.settings(['log_min_duration_statement', 'search_path', 'no_such_setting'])).toEqual({
    log_min_duration_statement: '12345ms',
    search_path: '"$user", public',
  });
  await test.cluster.setParameters({});
  expect(await test.cluster.settings(['log_min_duration_statement'])).toEqual({ log_min_duration_statement: '-1' });
});

it('keeps a static parameter waiting until a restart, which really restarts the server', async () => {
  const values = { wal_level: 'logical', max_replication_slots: '17' };
  expect(await test.cluster.setParameters(values)).toEqual({ pendingRestart: ['max_replication_slots', 'wal_level'] });
  expect(await test.cluster.settings(['wal_level'])).toEqual({ wal_level: 'replica' });
  const before = test.cluster.pid();
  await test.cluster.restart();
  expect(test.cluster.pid()).not.toBe(before);
  expect(await test.cluster.settings(Object.keys(values))).toEqual(values);
  expect(await test.cluster.setParameters(values)).toEqual({ pendingRestart: [] });
});

it('changes parameters of a stopped cluster for its next start', async () => {
  await test.cluster.stop();
  expect(test.cluster.isRunning()).toBe(false);
  expect(await test.cluster.setParameters({ wal_level: 'logical', max_wal_senders: '23' })).toEqual({
    pendingRestart: [],
  });
  await test.cluster.start();
  expect(await test.cluster.settings(['max_wal_senders'])).toEqual({ max_wal_senders: '23' });
});

it.each([
  ['an unknown parameter', { no_such_parameter: '1' }, 'no_such_parameter'],
  ['a value out of range', { work_mem: 'plenty' }, 'work_mem'],
  ['a parameter of the lab', { port: '1' }, 'port'],
  ['a name that would break the file', { 'a = 1\nb': '2' }, 'a = 1'],
])('refuses %s, and keeps the values it had', async (_, values, named) => {
  await test.cluster.setParameters({ wal_level: 'logical', work_mem: '7MB' });
  await expect(test.cluster.setParameters(values as unknown as Record<string, string>)).rejects.toMatchObject({
    code: 'LAB_PARAMETER_REJECTED',
    seen: expect.stringContaining(named) as string,
  });
  await test.cluster.restart();
  expect(await test.cluster.settings(['work_mem'])).toEqual({ work_mem: '7MB' });
});

it('says what the log says when a server cannot start', async () => {
  await test.cluster.stop();
  await test.cluster.setParameters({ wal_level: 'perhaps' });
  await expect(test.cluster.start()).rejects.toMatchObject({
    code: 'LAB_POSTGRES_START_FAILED',
    seen: expect.stringContaining('wal_level') as string,
  });
  await test.cluster.setParameters({ wal_level: 'logical' });
  await test.cluster.start();
  expect(test.cluster.isRunning()).toBe(true);
});

it('can be attached to from elsewhere, and changes the master password', async () => {
  const { binaries, directory, port, adminPassword } = test.cluster['options'];
  const attached = PostgresCluster.open({ binaries, directory, port, adminPassword });
  expect(attached.pid()).toBe(test.cluster.pid());
  const password = "james-bond123@7!'3aaR\\ü";
  await attached.setMasterPassword('master', password);
  const client = await test.connect('shop', { user: 'master', password });
  expect((await client.query('SELECT current_user AS name')).rows).toEqual([{ name: 'master' }]);
  await attached.setMasterPassword('master', test.master.password);
});

it('refuses a port that is taken, and leaves nothing behind', async () => {
  const options = test.cluster['options'];
  const directory = test.cloneDirectory();
  const create = PostgresCluster.create({
    ...options,
    directory,
    certificates: { caFile: '', certFile: '', keyFile: '' },
    masterUsername: 'master',
    masterPassword: 'x',
    databases: [],
  });
  await expect(create).rejects.toMatchObject({
    code: 'LAB_PORT_TAKEN',
    seen: expect.stringContaining(String(options.port)) as string,
  });
  expect(() => statSync(directory)).toThrow('ENOENT');
});
