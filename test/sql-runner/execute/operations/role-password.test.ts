import { changeOf } from '../../../../sql-runner/model/change';
import { readFile } from 'node:fs/promises';
import { execute } from '../../../../sql-runner/execute/execute';
import { planReplicationRole } from '../../../../sql-runner/resources/replication-role';
import { from, postgresMajor } from '../../../support/postgres-major';
import { startTestCluster, type TestCluster } from '../../../support/postgres';
import { sourceContract } from '../../support/contract';
import { liveExecution, type Live } from '../../support/live';
import { edit, untouched } from '../../support/observations';

const contract = sourceContract(['shop'], {
  replication: { role: 'acas "O\'Neil" ñ', secretArn: 'arn', sslRootCert: 'rds-ca.pem' },
});
let cluster: TestCluster;
let live: Live;
beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop'] });
  // Only now: the lab has made roles of its own, with their verifiers.
  await cluster.cluster.setParameters({ log_statement: 'all', log_min_duration_statement: '0' });
  await cluster.cluster.restart();
  live = liveExecution(cluster, contract);
  await (await live.open('shop')).query('CREATE TABLE public.orders (id int)');
  const here = edit(untouched(contract), ({ source }) => (source.server.versionNum = postgresMajor() * 10_000));
  for (const change of planReplicationRole(contract, here.source).changes) await execute(change, live.execution);
});
afterAll(async () => {
  await live.close();
  await cluster.stop();
});

const setPassword = {
  kind: 'set-role-password',
  place: { side: 'source', database: 'shop' },
  role: contract.replication.role,
  secretArn: 'arn',
  version: 'v'.repeat(32),
} as const;
const address = { side: 'source', kind: 'role-password' } as const;
const passwordChange = changeOf({ address, action: 'update', reason: '', preview: [], operation: setPassword });

test('the password in the secret opens a session, of a role that may do nothing else', async () => {
  expect(live.secret).toMatchObject({ username: contract.replication.role });
  const client = await cluster.connect('shop', { user: live.secret!.username, password: live.secret!.password });
  const { rows } = await client.query(
    'SELECT rolsuper, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname = current_user',
  );
  await client.end();
  expect(rows).toEqual([{ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolcanlogin: true }]);
});

test('the role may log in, replicate and connect; it owns nothing, is granted nothing and is a member of nothing else', async () => {
  const name = contract.replication.role;
  const admin = await cluster.cluster.adminClient('shop');
  const { rows } = await admin.query<Record<string, unknown>>(
    `SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolcanlogin, rolconfig, rolvaliduntil,
            (SELECT array_agg(g.rolname::text) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid) AS groups,
            (SELECT count(*)::int FROM pg_auth_members m WHERE m.roleid = r.oid AND NOT pg_has_role(m.member, 'rds_superuser', 'MEMBER')) AS members,
            (SELECT array_agg(d.classid::regclass::text || ' ' || d.deptype::text) FROM pg_shdepend d WHERE d.refobjid = r.oid) AS depends
       FROM pg_roles r WHERE rolname = $1`,
    [name],
  );
  const { rows: tables } = await admin.query(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND has_table_privilege($1, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')`,
    [name],
  );
  await admin.end();
  // No setting that lets it do more: no timeout ends its work, and the forms of values are fixed.
  const timeouts = [
    'statement_timeout',
    'lock_timeout',
    'idle_in_transaction_session_timeout',
    ...(from(14) ? ['idle_session_timeout'] : []),
    ...(from(17) ? ['transaction_timeout'] : []),
  ];
  const forms = ['row_security=off', 'DateStyle=ISO', 'IntervalStyle=postgres', 'extra_float_digits=3'];
  const rolconfig = [...timeouts.map((timeout) => `${timeout}=0`), ...forms];
  const plain = { rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false, rolconfig };
  expect(rows).toEqual([
    { ...plain, rolcanlogin: true, rolvaliduntil: null, groups: ['rds_replication'], members: 0, depends: null },
  ]);
  expect(tables).toEqual([]);
  const client = await cluster.connect('shop', { user: live.secret!.username, password: live.secret!.password });
  await expect(client.query('SELECT * FROM public.orders')).rejects.toMatchObject({ code: '42501' });
  await expect(client.query('CREATE SCHEMA mine')).rejects.toMatchObject({ code: '42501' });
  await expect(client.query(`SELECT pg_read_file('PG_VERSION')`)).rejects.toMatchObject({ code: '42501' });
  await client.end();
});

test('a password that is in the secret is set, not replaced', async () => {
  live.secret = { username: contract.replication.role, password: `rotated by hand: it's "7" \\ $acas$` };
  await execute(passwordChange, live.execution);
  expect(live.secret.password).toContain('rotated by hand');
  const client = await cluster.connect('shop', { user: live.secret.username, password: live.secret.password });
  await client.end();
});

test('a password that clients read differently is refused with what to do, and neither shown nor replaced', async () => {
  live.secret = { username: contract.replication.role, password: 'größer als ﬁx' };
  const refused = execute(passwordChange, live.execution);
  await expect(refused).rejects.toMatchObject({
    code: 'SECRET_MALFORMED',
    seen: expect.not.stringContaining('größer'),
    next: expect.stringContaining('printable ASCII'),
  });
  expect(live.secret.password).toBe('größer als ﬁx');
});

test('the login of somebody else in the secret is not handed to the role', async () => {
  live.secret = { username: 'admin', password: 'theirs' };
  await execute(passwordChange, live.execution);
  expect(live.secret).toMatchObject({ username: contract.replication.role });
  expect(live.secret.password).not.toBe('theirs');
});

test('neither password nor verifier reaches the log of a server that logs every statement and parameter', async () => {
  const log = await readFile(cluster.cluster.logFile, 'utf8');
  expect(log).toContain('CREATE ROLE');
  expect(log).not.toContain(live.secret!.password);
  expect(log).not.toContain('SCRAM-SHA-256$4096:');
});
