import type { Observation } from '../../../sql-runner/model/observation';
import { streamsOf } from '../../../sql-runner/model/streams';
import { heartbeatOf } from '../../../sql-runner/resources/heartbeat';
import { planReplicationRole } from '../../../sql-runner/resources/replication-role';
import { roleSettings, roleSettingStatements } from '../../../sql-runner/resources/role-settings';
import { keptOut, lacking } from '../../../sql-runner/resources/role-lacks';
import { sourceContract } from '../support/contract';
import { heartbeat } from '../support/heartbeats';
import { role } from '../support/catalog-rows';
import { type Draft, edit, prepared } from '../support/observations';

/** Why a subscription could not log in again, by the codes that doctor has for it. */
const contract = sourceContract(['shop', 'ledger']);
const [shop] = streamsOf(contract) as [ReturnType<typeof streamsOf>[number]];
type Change = (source: Draft<Observation>['source']) => unknown;
const sourceWith = (change: Change) => edit(prepared(contract), ({ source }) => void change(source)).source;
const found = (change: Change) =>
  keptOut(contract, sourceWith(change), shop).map(({ code, what }) => `${code}: ${what}`);

test.each<[string, Change, string[]]>([
  ['nothing', () => undefined, []],
  ['that it is gone', (source) => (source.role = null), ['ROLE_CANNOT_REPLICATE: there is no role acas_demo']],
  ['LOGIN', ({ role }) => (role!.canLogin = false), ['ROLE_CANNOT_REPLICATE: role acas_demo lacks LOGIN']],
  [
    'replication on Aurora',
    ({ role }) => (role!.memberOfRdsReplication = false),
    ['ROLE_CANNOT_REPLICATE: role acas_demo lacks membership of rds_replication'],
  ],
  [
    'time',
    ({ role }) => (role!.passwordExpires = '2030-01-01T00:00:00Z'),
    ['ROLE_PASSWORD_EXPIRES: the password of role acas_demo expires at 2030-01-01T00:00:00Z'],
  ],
  [
    'a password that was never valid',
    ({ role }) => (role!.passwordExpired = true),
    ['ROLE_PASSWORD_EXPIRES: the password of role acas_demo has expired; the server gives no date'],
  ],
  [
    'nothing where it has the attribute REPLICATION',
    ({ role }) => Object.assign(role!, { replication: true, memberOfRdsReplication: false }),
    [],
  ],
  ['no limit at all', ({ role }) => (role!.connectionLimit = -1), []],
  ['room', ({ role }) => (role!.connectionLimit = 1), ['ROLE_CONNECTIONS_TOO_FEW: role acas_demo lacks connections']],
  ['no room, just enough', ({ role }) => (role!.connectionLimit = 2), []],
  [
    'its database',
    ({ databases }) => (databases.shop!.connectGrant.mayConnect = false),
    ['ROLE_CANNOT_CONNECT: role acas_demo lacks CONNECT on database shop'],
  ],
  ['no other database', ({ databases }) => (databases.ledger!.connectGrant.mayConnect = false), []],
  [
    'no database that is gone',
    ({ databases }) =>
      Object.assign(databases.shop!, {
        exists: false,
        connectGrant: { mayConnect: false, hasGrant: false, mayGrant: true },
      }),
    [],
  ],
  ['no setting', ({ role }) => (role!.settings = []), []],
])('a subscription is kept out by %s', (_, change, reasons) => {
  expect(found(change)).toEqual(reasons);
});

test('a role lacks only what is not as it should be', () => {
  const lacks = (change: Change) =>
    lacking(contract, sourceWith(change)).map(({ what, statement }) => [what, statement.text]);
  expect(lacks(() => undefined)).toEqual([]);
  expect(lacks(({ databases }) => (databases.shop!.exists = false))).toEqual([]);
  expect(lacks(({ role }) => (role!.canLogin = false))).toEqual([['LOGIN', 'ALTER ROLE "acas_demo" LOGIN']]);
});

test('a password that is yet to be made has a version that nobody follows on yet', () => {
  const version = (passwordWorks: boolean | null, secretVersion: string | null) => {
    const source = sourceWith((draft) => Object.assign(draft, { passwordWorks, secretVersion }));
    const operation = planReplicationRole(contract, source).changes.at(-1)!.operation;
    return operation.kind === 'set-role-password' ? operation.version : null;
  };
  expect(version(false, 'version-1')).toBe('version-1');
  const made = [version(null, 'version-1'), version(null, 'version-2'), version(null, null)];
  expect(new Set([...made, 'version-1', 'version-2']).size).toBe(5);
});

test('a setting of the role is set where it is not in place, and reset where one database has another', () => {
  const settings = roleSettings(180_000);
  const present = settings.filter(({ name }) => name !== 'lock_timeout');
  const of = (own: typeof settings) =>
    roleSettingStatements('acas_demo', { ...role(null), settings: own }, 180_000).map(({ text }) => text);
  const set = `ALTER ROLE "acas_demo" SET "lock_timeout" = '0'`;
  const lock = (value: string, database: string | null) => ({ database, name: 'lock_timeout', value });
  expect(of(settings)).toEqual([]);
  expect(of(present)).toEqual([set]);
  expect(of([...present, lock('5s', null)])).toEqual([set]);
  expect(of([...present, lock('0', 'shop')])).toEqual([set]);
  expect(of([...settings, lock('0', 'shop')])).toEqual([]);
  expect(of([...settings, lock('5s', 'Shop')])).toEqual([
    'ALTER ROLE "acas_demo" IN DATABASE "Shop" RESET "lock_timeout"',
  ]);
  expect(roleSettingStatements('acas_demo', null, 180_000)).toHaveLength(settings.length);
});

test('only settings that the major has are wanted', () => {
  const names = (major: number) => roleSettings(major * 10_000).map(({ name }) => name);
  expect(names(13)).not.toContain('idle_session_timeout');
  expect(names(14)).toContain('idle_session_timeout');
  expect(names(16)).not.toContain('transaction_timeout');
  expect(names(17)).toContain('transaction_timeout');
  expect(names(13)).toContain('statement_timeout');
});

test('a heartbeat of another stream is not that of this one', () => {
  const of = (schema: string) =>
    heartbeatOf(
      contract,
      sourceWith(({ databases }) => (databases.shop!.heartbeats = [heartbeat(schema)])),
      shop,
    );
  expect(of('acas_demo_other')).toBeNull();
  expect(of('acas_demo_shop')).not.toBeNull();
});
