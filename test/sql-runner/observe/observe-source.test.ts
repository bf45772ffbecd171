import { OperatorError } from '../../../errors/operator-error';
import { ofSide } from '../../../sql-runner/connections/of-side';
import { ConnectError } from '../../../sql-runner/postgres/connect-errors';
import { formatMark } from '../../../sql-runner/model/mark';
import { newWorld, sqlError, type World } from '../support/fake-world';
import { INHERITABLE } from '../support/inheritables';
import { following, prepared } from '../support/observations';
import { observedIn } from '../support/observed-world';

/** What is read of both sides, and in which order. */
const asked = ({ log }: World, part: string) => log.filter((line) => line.includes(part));

test.each([
  ['with', following],
  ['without', prepared],
])(
  'streams that the environment names no more are seen %s a clone, and no publication is read twice',
  async (_, state) => {
    const world = newWorld(state);
    const comment = formatMark({ kind: 'publication', environment: 'demo', slot: 'acas_demo_old' });
    world.observation.source.inheritable.publications = [
      { ...INHERITABLE.publications[0]!, name: 'acas_demo_old', comment },
    ];
    expect((await observedIn(world)).source.forgotten).toMatchObject([{ stream: { slot: 'acas_demo_old' } }]);
    expect(asked(world, 'AS "needsIdentity"').filter((line) => line.startsWith('source'))).toHaveLength(2);
  },
);

test('databases beside those of the environment are entered once, however many there are', async () => {
  const world = newWorld(following);
  const { databases } = world.observation.source;
  // More than there are sessions for, so that none is still open when it is wanted again.
  const others = Array.from({ length: 20 }, (_, n) => `other${n}`);
  for (const name of others) databases[name] = databases.shop!;
  await observedIn(world);
  expect(asked(world, 'connect source other')).toHaveLength(others.length);
});

test('what runs of the settings of our group is asked only where a restart waits', async () => {
  const world = newWorld(prepared);
  const settings = { 'rds.logical_replication': 'on' };
  world.observation.source.settings = settings;
  expect((await observedIn(world)).source.settings).toBeUndefined();
  world.observation.source.cluster.parameterGroupStatus = 'pending-reboot';
  expect((await observedIn(world)).source.settings).toEqual(settings);
});

test('a parameter group that may not be read is not taken for one that is gone', async () => {
  const world = newWorld(prepared);
  const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  world.onAwsRefused = (call) => (call === 'DescribeDBClusterParameters' ? denied : undefined);
  await expect(observedIn(world)).rejects.toMatchObject({ code: 'AWS_ACCESS_DENIED' });
});

test('the login of another role, which the environment had before, is not tried', async () => {
  const world = newWorld(prepared);
  world.written = { username: 'former', password: 'secret' };
  expect((await observedIn(world)).source).toMatchObject({ passwordWorks: null, secretVersion: 'version-1' });
  expect(asked(world, 'as former')).toEqual([]);
});

test('nobody needs the login for a teardown, and its secret is not read', async () => {
  const world = newWorld(prepared);
  const read = async (connects: boolean) => {
    world.log.length = 0;
    const { source } = await observedIn(world, connects);
    const { secretArn } = world.contracts.source.replication;
    return [source.secretVersion, asked(world, secretArn).length];
  };
  expect(await read(true)).toEqual(['version-1', 1]);
  expect(await read(false)).toEqual([null, 0]);
});

test('a role that has all the sessions that it may have has logged in', async () => {
  const world = newWorld(prepared);
  const full = sqlError('53300', 'too many connections for role "acas_demo"');
  world.onConnect = ({ user }) => (user === 'acas_demo' ? full : undefined);
  expect((await observedIn(world)).source.passwordWorks).toBe(true);
});

test('the slots are read before all of the clone: what was confirmed by then, it must have', async () => {
  const world = newWorld(following);
  await observedIn(world);
  const first = (pattern: RegExp) => world.log.findIndex((line) => pattern.test(line));
  expect(first(/^source .*to_jsonb\(s\) AS slot/)).toBeLessThan(
    first(/^target .*(pg_replication_origin_progress|pg_subscription)/),
  );
  expect(asked(world, 'to_jsonb(s) AS slot').filter((line) => line.startsWith('source'))).toHaveLength(1);
});

test('roles with a comment, and the copy of ours, are those of the clone', async () => {
  const world = newWorld(following);
  expect((await observedIn(world)).target).not.toHaveProperty('markedRoles');
  const marked = [{ name: 'former', comment: 'c', connectGrants: [] }];
  world.onSql = (sql, { side }) => (side === 'target' && sql.includes('JOIN pg_shdescription d') ? marked : undefined);
  world.observation.target!.role = null;
  expect((await observedIn(world)).target).toMatchObject({ markedRoles: marked, role: null });
});

test('databases of the environment are looked for by name, whether or not they let anybody in', async () => {
  const world = newWorld(following);
  const names: unknown[] = [];
  world.onSql = (sql, { side }, values) =>
    sql.includes('WHERE (datallowconn OR') ? void names.push([side, ...values]) : undefined;
  await observedIn(world);
  expect(names.sort()).toEqual(['source', 'target'].map((side) => [side, ['shop', 'ledger']]));
});

describe('an error', () => {
  const parts = { code: 'AWS_ERROR', seen: 's', why: 'w', next: 'n' } as const;
  const told = (cause: unknown) => ofSide('target', Promise.reject(cause)).catch((error: unknown) => error);

  test('of an account keeps from the side as a refused connection does', async () => {
    const cause = new OperatorError(parts);
    expect(await told(cause)).toBeInstanceOf(ConnectError);
    expect(await told(cause)).toMatchObject({ ...parts, side: 'target' });
    expect(await ofSide('target', Promise.resolve(7))).toBe(7);
  });

  test.each([[new ConnectError('source', parts)], [new Error('odd')]])(
    'of another kind stays as it is: %s',
    async (cause) => {
      expect(await told(cause)).toBe(cause);
    },
  );
});
