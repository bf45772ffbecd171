import { isFollowing } from '../../sql-runner/actions/status';
import { carryOutInTurn, printedRun } from '../sql-runner/checks/printed-fix';
import { quietIn } from './support/continuity-said';
import { refusalOf } from './support/direct-lab';
import { errorOf } from './support/error-of';
import { stagesInOrder } from './support/in-order';
import { looksOf } from './support/looks';
import { filled, made, NewTableWorld } from './support/new-table-world';

/** What stands in the way of a table that came on the source, or is done to it meanwhile: it is told, and nothing is lost. */

const stage = stagesInOrder();
let world: NewTableWorld;

beforeAll(async () => {
  world = await NewTableWorld.start('refused-tables');
});
afterAll(() => world?.lab.lab.down());

stage(
  'a table on the clone that is empty and the same is filled; one with rows or another one is refused',
  async () => {
    await world.onSource(made('there'), filled('there'));
    await world.onClone(made('there'), `INSERT INTO there VALUES (7, 7, 'of the clone')`);
    await world.onClone('ANALYZE there');
    expect(await refusalOf(world.lab.run('apply'))).toMatch(/NEW_TABLE_HAS_ROWS|nothing was refused/);
    const found = (await world.lab.plan()).findings.find(({ code }) => code === 'NEW_TABLE_NOT_ADDED');
    await world.onClone('TRUNCATE there', 'ALTER TABLE there DROP note');
    const other = (await world.lab.plan()).findings.find(({ code }) => code === 'NEW_TABLE_NOT_ADDED')!;
    expect(other.seen).toContain('defined in another way: column note');
    expect(found?.seen ?? 'the clone has a table of its name with rows').toContain('with rows');
    await world.onClone('DROP TABLE there', made('there'));
    await world.lab.follow(printedRun(other, 'NEW_TABLE_NOT_ADDED'));
    expect(await world.same('there')).toBe(60);
    await quietIn(world.lab);
  },
);

stage('what somebody takes without copying it is found, and what is printed heals it', async () => {
  await world.onSource(made('taken'), filled('taken'));
  // It dies once the table is published, and somebody else goes on in their own way.
  await world.lab.runAndDie('apply', 3);
  await world.onClone('ALTER SUBSCRIPTION acas_demo_shop REFRESH PUBLICATION WITH (copy_data = false)');
  const error = await errorOf(world.lab.run('apply'));
  expect(error.code).toBe('NEW_TABLE_DIFFERS');
  const { plan, status, diagnosis } = await looksOf(world.lab);
  const arriving = plan.findings.find(({ code }) => code === 'NEW_TABLE_ARRIVING')!;
  expect(isFollowing(status)).toBe(false);
  expect(status.streams[0]!.problems.map(({ code }) => code)).toEqual(['NEW_TABLE_ARRIVING']);
  expect(diagnosis.results.flatMap(({ findings }) => findings ?? []).map(({ code }) => code)).toContain(
    'NEW_TABLE_ARRIVING',
  );
  const [source, clone] = [await world.lab.source('shop'), await world.lab.clone('shop')];
  await carryOutInTurn(error, { source, clone }, world.caughtUp, 'NEW_TABLE_DIFFERS');
  await Promise.all([source.end(), clone.end()]);
  await world.lab.follow(printedRun(error, 'NEW_TABLE_DIFFERS'));
  expect(await world.same('taken')).toBe(60);
  await quietIn(world.lab);
  expect(printedRun(arriving, 'NEW_TABLE_ARRIVING')).toEqual(['apply', 'demo']);
});

stage('a copy that fails is told, with what the worker says, and goes on once that is put right', async () => {
  await world.onSource(made('failing'), filled('failing'));
  await world.lab.runAndDie('apply', 3);
  await world.onClone('ALTER TABLE failing ADD CONSTRAINT too_strict CHECK (id > 1000)');
  const error = await errorOf(world.lab.run('apply'));
  expect(error).toMatchObject({ code: 'NEW_TABLE_NOT_COPIED', message: expect.stringContaining('"too_strict"') });
  await world.onClone('ALTER TABLE failing DROP CONSTRAINT too_strict');
  await world.applied();
  expect(await world.same('failing')).toBe(60);
  await quietIn(world.lab);
});

stage('what somebody writes on the clone meanwhile is found', async () => {
  await world.onSource(made('written'), filled('written'));
  await world.lab.runAndDie('apply', 1);
  await world.onClone(`INSERT INTO written VALUES (1000, 1, 'of the clone')`);
  // As the counters of the clone tell of it by then, or the rows themselves.
  expect(await refusalOf(world.lab.run('apply'))).toMatch(/^NEW_TABLE_(HAS_ROWS|ARRIVING)$/);
  await world.onClone('DROP TABLE written');
  await world.applied();
  expect(await world.same('written')).toBe(60);
  await quietIn(world.lab);
});

stage('a table that somebody else publishes is still somebody else’s doing', async () => {
  await world.onSource(
    [
      'BEGIN',
      made('foreign_one'),
      filled('foreign_one'),
      'ALTER PUBLICATION acas_demo_shop ADD TABLE foreign_one',
      'COMMIT',
    ].join(';'),
  );
  const { findings, changes } = await world.lab.plan();
  expect(findings.map(({ code }) => code)).toContain('PUBLICATION_ALTERED');
  expect(changes.map(({ operation }) => operation.kind)).toEqual(['prove-continuity']);
  await world.onSource('ALTER PUBLICATION acas_demo_shop DROP TABLE foreign_one');
  await world.applied();
  expect(await world.same('foreign_one')).toBe(60);
  await quietIn(world.lab);
});

for (const [what, table, ddl, code, seen] of [
  ['without an identity', 'r_1', 'CREATE TABLE r_1 (a integer)', 'REPLICA_IDENTITY_MISSING', 'no primary key'],
  [
    'with row level security',
    'r_2',
    `${made('r_2')}; ALTER TABLE r_2 ENABLE ROW LEVEL SECURITY`,
    'NEW_TABLE_NOT_ADDED',
    'row level security',
  ],
  [
    'that is partitioned without a key',
    'r_3',
    'CREATE TABLE r_3 (id integer) PARTITION BY RANGE (id)',
    'NEW_PARTITIONS_REFUSE_WRITES',
    'public.r_3',
  ],
  [
    'of a type that the clone lacks',
    'r_4',
    `CREATE TYPE r_4_mood AS ENUM ('a'); CREATE TABLE r_4 (id integer PRIMARY KEY, m r_4_mood)`,
    'NEW_TABLE_NOT_ADDED',
    'type public.r_4_mood',
  ],
] as const)
  stage(`a table ${what} is refused with a word, and stops nothing`, async () => {
    await world.onSource(...ddl.split('; '));
    const { plan, status } = await looksOf(world.lab);
    const finding = plan.findings.find((one) => one.code === code)!;
    expect([finding.severity, finding.seen]).toEqual(['warn', expect.stringContaining(seen)]);
    expect(plan.changes).toEqual([]);
    expect(isFollowing(status)).toBe(true);
    expect(await world.lab.run('apply')).toBe('nothing-to-do');
    await world.onSource(`DROP TABLE ${table}`);
  });

stage('a relation of the clone with the name of an index is named', async () => {
  await world.onClone('CREATE SEQUENCE indexed_pkey');
  await world.onSource(made('indexed'));
  const [finding] = (await world.lab.plan()).findings;
  expect(finding!.seen).toContain('public.indexed_pkey');
  await world.onClone('DROP SEQUENCE indexed_pkey');
  await world.applied();
  await quietIn(world.lab);
});

stage('default privileges of the clone that give more are refused, and nothing is left of it', async () => {
  await world.onClone('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC');
  await world.onSource(made('private'));
  expect(await refusalOf(world.lab.run('apply'))).toBe('NEW_TABLE_RIGHTS_DIFFER');
  expect(await world.onClone(`SELECT to_regclass('private') IS NULL AS gone`)).toEqual([{ gone: true }]);
  await world.onClone('ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM PUBLIC');
  await world.applied();
  await quietIn(world.lab);
});

stage('one that is dropped, and made again, is another one', async () => {
  await world.onSource(made('again'), filled('again'));
  await world.applied();
  await world.onSource('DROP TABLE again', made('again'), `INSERT INTO again VALUES (1, 1, 'second')`);
  const [finding] = (await world.lab.plan()).findings.filter(({ code }) => code === 'NEW_TABLE_NOT_ADDED');
  expect(finding?.seen).toContain('subscription acas_demo_shop takes a table of its name');
  await world.onClone('DROP TABLE again');
  await world.applied();
  expect(await world.same('again')).toBe(1);
  await quietIn(world.lab);
});

stage('a transaction that writes to it keeps it from being published, and is not kept waiting', async () => {
  await world.onSource(made('held_up'));
  const writer = await world.lab.source('shop');
  await writer.query('BEGIN');
  await writer.query(`INSERT INTO held_up VALUES (1, 1, 'open')`);
  expect(await refusalOf(world.lab.run('apply'))).toBe('LOCK_TIMEOUT');
  await writer.query('COMMIT');
  await writer.end();
  await world.applied();
  expect(await world.same('held_up')).toBe(1);
  await quietIn(world.lab);
});

stage('rows that ALTER TABLE writes anew are doubted as those of any other table', async () => {
  await world.onSource(`ALTER TABLE there ALTER writer TYPE integer USING writer + 1`);
  expect((await world.lab.plan()).findings.map(({ code }) => code)).toContain('CONTINUITY_NOT_PROVEN');
  await world.onClone('UPDATE there SET writer = writer + 1');
  expect(await refusalOf(world.lab.run('apply'))).toBe('nothing was refused');
  expect(await world.same('there')).toBe(60);
  await quietIn(world.lab);
});

stage('a hold is refused while a table is on its way, and a reset takes the rights for its copy back', async () => {
  await world.onSource(made('"other side".on_its_way'), filled('"other side".on_its_way'));
  await world.lab.runAndDie('apply', 3);
  const error = await errorOf(world.lab.run('hold'));
  expect(error).toMatchObject({ code: 'NEW_TABLE_ARRIVING', message: expect.stringContaining('on_its_way') });
  await world.lab.follow(printedRun(error, 'NEW_TABLE_ARRIVING'));
  expect(await world.same('"other side".on_its_way')).toBe(60);

  await world.onSource(made('"other side".too_late'));
  await world.lab.runAndDie('apply', 3);
  expect(await rightsOf('"other side".too_late')).toEqual([{ select: true, usage: true }]);
  expect((await world.lab.plan('teardown')).findings.map(({ code }) => code)).not.toContain('ROLE_NOT_DROPPABLE');
  await world.lab.run('reset');
  expect(await rightsOf('"other side".too_late')).toEqual([{ select: false, usage: false }]);
});

const rightsOf = (table: string) =>
  world.onSource(`SELECT has_table_privilege('acas_demo', '${table}', 'SELECT') AS select,
    has_schema_privilege('acas_demo', 'other side', 'USAGE') AS usage`);
