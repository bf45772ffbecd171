import type { Code } from '../../../errors/codes';
import { OperatorError } from '../../../errors/operator-error';
import { allChecks } from '../../../sql-runner/checks/all-checks';
import { diagnose, isHealthy } from '../../../sql-runner/actions/doctor';
import { surveySource, surveyTarget } from '../../../sql-runner/observe/survey-environment';
import { roleLimits } from '../../../sql-runner/postgres/catalog/role-limits';
import { eventually } from '../../support/eventually';
import { tell } from '../support/facts';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { following, prepared, untouched } from '../support/observations';
import { readingIn } from '../support/reading-in';

const diagnosed = async (world: World) => {
  return inWorld(world, async () => {
    const diagnosis = await diagnose(world.opening, world.contracts);
    // What was being opened when another read failed is closed as soon as it is open.
    await eventually(async () => world.open.size === 0);
    return diagnosis;
  });
};
const statuses = ({ results }: Awaited<ReturnType<typeof diagnosed>>) =>
  results.filter(({ status }) => status !== 'pass').map(({ code, status }) => `${code} ${status}`);

test('an environment in good health passes every check', async () => {
  const diagnosis = await diagnosed(newWorld(following));
  expect([statuses(diagnosis), isHealthy(diagnosis), diagnosis.environment]).toEqual([[], true, 'demo']);
  expect(diagnosis.results.every(({ holds, findings }) => holds !== null && findings.length === 0)).toBe(true);
});

test('without a clone the checks of the clone are skipped', async () => {
  const diagnosis = await diagnosed(newWorld(prepared));
  const skipped = diagnosis.results.filter(({ status }) => status === 'skipped');
  expect(skipped.every(({ findings }) => findings.length === 0)).toBe(true);
  expect(skipped.map(({ code }) => code)).toContain('TARGET_WORKERS_WITHOUT_RESERVE');
  expect(skipped.map(({ code }) => code)).not.toContain('WAL_LEVEL_NOT_LOGICAL');
  expect(isHealthy(diagnosis)).toBe(true);
});

test('findings have the worst status of their code; what planning refuses is told before the checks', async () => {
  const world = newWorld(following);
  world.observation.source.slots[0]!.walStatus = 'lost';
  world.survey.source.aurora.forceSsl = '0';
  world.survey.source.databases.shop!.rowsWritten = 0;
  const diagnosis = await diagnosed(world);
  expect(statuses(diagnosis)).toEqual([
    'SLOT_LOST fail',
    'TLS_NOT_FORCED warn',
    'SLOT_AT_RISK fail',
    'DATABASE_IDLE info',
  ]);
  expect(isHealthy(diagnosis)).toBe(false);
  expect(diagnosis.results[0]).toMatchObject({ code: 'SLOT_LOST', holds: null });
});

test('findings of one code are one result, in the order in which they were found', async () => {
  const world = newWorld(following);
  for (const slot of world.observation.source.slots) slot.walStatus = 'lost';
  world.observation.target!.isSourceServer = true;
  const { results } = await diagnosed(world);
  expect(results.slice(0, 2).map(({ code, findings }) => [code, findings.length])).toEqual([
    ['SAME_CLUSTER', 1],
    ['SLOT_LOST', 2],
  ]);
});

test('a side that cannot be read is one finding, and the other side is checked', async () => {
  const world = newWorld(following);
  world.onConnect = ({ side }) => (side === 'target' ? sqlError('53300') : undefined);
  const diagnosis = await diagnosed(world);
  const [first] = diagnosis.results;
  expect(first).toMatchObject({ code: 'CONNECT_TOO_MANY', status: 'fail', holds: null });
  expect(first!.findings).toHaveLength(1);
  // Of routes that the target stack makes there is no line.
  expect(diagnosis.results).toHaveLength(1 + allChecks().length - 1);
  expect(diagnosis.results.find(({ code }) => code === 'WAL_LEVEL_NOT_LOGICAL')?.status).toBe('pass');
  expect(diagnosis.results.find(({ code }) => code === 'INHERITED_SLOT_LEFT')?.status).toBe('skipped');
  expect(isHealthy(diagnosis)).toBe(false);
});

test('two sides that cannot be read are two findings', async () => {
  const world = newWorld(following);
  world.onConnect = ({ side }) => sqlError(side === 'target' ? '53300' : '28P01');
  expect(
    statuses(await diagnosed(world))
      .slice(0, 2)
      .sort(),
  ).toEqual(['CONNECT_AUTH fail', 'CONNECT_TOO_MANY fail']);
  world.onConnect = () => sqlError('53300');
  const [first] = (await diagnosed(world)).results;
  expect(first!.findings.map(({ seen }) => seen.split(' ')[3]).sort()).toEqual(['source', 'target']);
});

test('two codes are two findings, although the same was seen', async () => {
  const world = newWorld(following);
  const refused = (side: string) =>
    new OperatorError({
      code: `${side === 'source' ? 'SOURCE' : 'TARGET'}_NOT_DEPLOYED`,
      seen: 's',
      why: 'w',
      next: 'n',
    });
  world.onSql = (sql, { side }) => (sql.includes('age(datfrozenxid)') ? refused(side) : undefined);
  const failed = statuses(await diagnosed(world)).filter((line) => line.endsWith('fail'));
  expect(failed.sort()).toEqual(['SOURCE_NOT_DEPLOYED fail', 'TARGET_NOT_DEPLOYED fail']);
});

test.each<[string, string, Code]>([
  ['the ticket', 'neither', 'TICKET_MALFORMED'],
  ['the source', 'source', 'SOURCE_NOT_DEPLOYED'],
  ['the clone', 'target', 'TARGET_NOT_DEPLOYED'],
])('what cannot be read of %s alone is told', async (_, side, code) => {
  const world = newWorld(following);
  if (code === 'TICKET_MALFORMED') Object.assign(world.observation, { ticket: { version: 7 } });
  const refused = new OperatorError({ code, seen: 's', why: 'w', next: 'n' });
  world.onSql = (sql, at) => (sql.includes('age(datfrozenxid)') && at.side === side ? refused : undefined);
  expect(statuses(await diagnosed(world))[0]).toBe(`${code} fail`);
});

describe('the survey', () => {
  test('reads what is there, on sessions that cannot write', async () => {
    const world = newWorld(following);
    world.survey.source.prepared.push({ gid: 'g', owner: 'o', database: 'shop', ageSeconds: 9 });
    world.survey.source.slotlessSenders = 3;
    world.observation.target!.inheritable.origins.push({ id: 1, name: 'pg_1' }, { id: 2, name: 'pg_2' });
    const readOnly: boolean[] = [];
    world.onConnect = ({ options }) => void readOnly.push(options.includes('default_transaction_read_only=on'));
    const source = await readingIn(world, surveySource);
    expect(readOnly).toEqual([true, true]);
    const { cluster, aurora, groupParameters, slotlessSenders, openWrites, freezeAges, login } = world.survey.source;
    expect(source).toMatchObject({ cluster, aurora, groupParameters, slotlessSenders, openWrites, freezeAges, login });
    expect(source.prepared).toEqual(world.survey.source.prepared);
    expect(source.role).toMatchObject({ name: 'acas_demo', connectionLimit: -1 });
    expect(source.slots.map(({ name }) => name)).toEqual(['acas_demo_shop', 'acas_demo_ledger']);
    const { tables: _, ...shop } = world.survey.source.databases.shop!;
    expect(source.databases).toMatchObject({ shop, ledger: shop });
    const target = await readingIn(world, surveyTarget);
    expect(target).toMatchObject({ cluster: world.survey.target.cluster });
    for (const [database, { publications: _, tables: __, taken: ___, ...facts }] of Object.entries(
      world.survey.target.databases,
    ))
      expect(target!.databases[database]).toMatchObject(facts);
    expect(target!.databases.shop!.publications.map(({ name }) => name)).toContain('acas_demo_shop');
  });

  test('has no clone before it is deployed, and no role before it is made', async () => {
    expect(await readingIn(newWorld(prepared), surveyTarget)).toBeNull();
    expect((await readingIn(newWorld(untouched), surveySource)).role).toBeNull();
    const half = newWorld(following);
    tell(half.facts, roleLimits, () => null);
    expect((await readingIn(half, surveySource)).role).toBeNull();
  });

  test('leaves out a database that is not there, unless none is; other refusals count, wherever they come', async () => {
    const one = newWorld(following);
    one.observation.source.databases.shop!.exists = false;
    expect(Object.keys((await readingIn(one, surveySource)).databases)).toEqual(['ledger']);
    one.observation.source.databases.ledger!.exists = false;
    await expect(readingIn(one, surveySource)).rejects.toMatchObject({ code: 'CONNECT_DATABASE_MISSING' });
    for (const refused of ['shop', 'ledger']) {
      const world = newWorld(following);
      world.observation.source.databases[refused === 'shop' ? 'ledger' : 'shop']!.exists = false;
      world.onConnect = ({ database }) => (database === refused ? sqlError('53300') : undefined);
      await expect(readingIn(world, surveySource)).rejects.toMatchObject({ code: 'CONNECT_TOO_MANY' });
    }
  });
});
