import { OperatorError } from '../../../errors/operator-error';
import { allChecks } from '../../../sql-runner/checks/all-checks';
import { diagnose, type Diagnosis } from '../../../sql-runner/actions/doctor';
import { formatMark } from '../../../sql-runner/model/mark';
import type { UserType } from '../../../sql-runner/postgres/catalog/user-types';
import { definition, sent } from '../checks/provocations';
import { eventually } from '../../support/eventually';
import { answering } from '../support/answering';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { INHERITABLE } from '../support/inheritables';
import { cloned, following, slot, untouched } from '../support/observations';
import { fencing } from '../support/run-in';

const diagnosed = (world: World) =>
  inWorld(world, async () => {
    const diagnosis = await diagnose(world.opening, world.contracts);
    await eventually(async () => world.open.size === 0);
    return diagnosis;
  });
const statusOf = ({ results }: Diagnosis, wanted: string) => results.find(({ code }) => code === wanted)?.status;

/** A table that is replicated, of which the clone's type lacks a label, and so perhaps more. */
function differing(): World {
  const world = newWorld(following);
  const mood: UserType = {
    oid: 7,
    arrays: [],
    schema: 'public',
    name: 'mood',
    kind: 'e',
    uses: [],
    labels: [{ oid: 1, label: 'sad' }],
    base: null,
    notNull: false,
    checks: [],
    attributes: [],
  };
  const { source, target } = world.survey;
  source.databases.shop!.sent.push({ ...sent, publication: 'acas_demo_shop' });
  source.databases.shop!.definitions.push({ ...definition, types: [7] });
  source.databases.shop!.types.push({
    ...mood,
    labels: [...mood.labels, { oid: 2, label: 'glad' }],
    arrays: [],
    uses: [],
    checks: [],
    attributes: [],
  });
  target.databases.shop!.definitions.push({ ...definition, types: [7] });
  target.databases.shop!.types.push({
    ...mood,
    labels: [...mood.labels],
    arrays: [],
    uses: [],
    checks: [],
    attributes: [],
  });
  return world;
}

test('definitions are compared; where they could not be read, none is called alike', async () => {
  const world = differing();
  expect(statusOf(await diagnosed(world), 'ENUM_LABEL_MISSING')).toBe('fail');
  const refused = new OperatorError({ code: 'READ_TIMEOUT', seen: 's', why: 'w', next: 'n' });
  world.survey.source.databases.shop!.definitions[0]!.digest = 'other';
  world.onSql = (sql) => (sql.includes("l.mode = 'AccessExclusiveLock'") ? refused : undefined);
  const unread = await diagnosed(world);
  expect(unread.results[0]).toMatchObject({ code: 'READ_TIMEOUT', status: 'fail' });
  const compared = allChecks().filter((check) => check.side === 'target' && check.both === 'definitions');
  expect(compared.map(({ code }) => statusOf(unread, code))).toEqual(compared.map(() => 'skipped'));
  expect(compared.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['COLUMNS_DIFFER', 'KEY_DIFFERS', 'CONSTRAINT_ONLY_ON_CLONE', 'TYPE_DIFFERS']),
  );
});

test('streams that could not be looked at are told, and not spoken of', async () => {
  const world = newWorld(following);
  expect((await diagnosed(world)).looked).toMatchObject({ streams: 2, following: 2 });
  const refused = new OperatorError({ code: 'READ_TIMEOUT', seen: 's', why: 'w', next: 'n' });
  world.onSql = (sql) => (sql.includes('AS "waitsForRelation"') ? refused : undefined);
  const unread = await diagnosed(world);
  expect(unread.results[0]).toMatchObject({ code: 'READ_TIMEOUT', status: 'fail' });
  expect([unread.looked, statusOf(unread, 'APPLY_WORKER_STOPPED')]).toEqual([null, 'skipped']);
});

test('what follows is not well while apply would change something', async () => {
  const world = fencing();
  const [two] = (await diagnosed(world)).results;
  expect(two).toMatchObject({ code: 'CHANGES_OPEN', status: 'fail', holds: null });
  expect(two!.findings[0]!.seen).toMatch(/^2 things are not as .*: target\/shop\/\S+, target\/ledger\/\S+$/);
  const one = newWorld(following);
  one.observation.source.databases.shop!.connectGrant.hasGrant = false;
  one.observation.source.databases.shop!.connectGrant.mayConnect = false;
  const [first] = (await diagnosed(one)).results;
  expect(first!.findings[0]!.seen).toMatch(/^1 thing is not as /);
});

describe('what plan and a check find alike', () => {
  const place = { schema: 'public', table: 'orders', name: 'mask', mode: 'always', beforeRow: true } as const;
  const masking = () => {
    const world = newWorld(cloned);
    world.observation.target!.inheritable.triggers.push({ ...place, database: 'shop', oid: 7 });
    for (const database of Object.values(world.survey.target.databases)) database.subscriptionOptions = [];
    world.survey.target.databases.shop!.triggers.push({ ...place, rootSchema: 'public', rootName: 'orders' });
    return world;
  };
  const told = async (world: World) =>
    (await diagnosed(world)).results
      .filter(({ code }) => code === 'TRIGGERS_FIRE_ON_APPLY')
      .map(({ status, findings, holds }) => [status, findings.length, holds]);
  const ONCE = [['fail', 1, 'no trigger of the clone fires for replicated rows']];

  test('is told once, as plan tells it', async () => {
    expect(await told(masking())).toEqual(ONCE);
  });

  test('is told also where the check could not be made', async () => {
    const world = masking();
    const unread = (sql: string, side: string) => side === 'target' && sql.includes('age(datfrozenxid)');
    world.onSql = (sql, { side }) => (unread(sql, side) ? sqlError('57014') : undefined);
    expect(await told(world)).toEqual(ONCE);
  });
});

test('before a clone is connected there is always something to change, which is no finding', async () => {
  const { results } = await diagnosed(newWorld(untouched));
  // The target stack makes the routes back.
  const looked = allChecks().filter(({ code }) => code !== 'PRODUCTION_NOT_ROUTED');
  expect(results.map(({ code }) => code)).toEqual(looked.map(({ code }) => code));
});

test('of a clone that lets nobody in it is told what production keeps for it, and which slots are lost', async () => {
  const world = newWorld(following);
  let most = 0;
  const { endpoint } = world.contract.cluster;
  world.onConnect = ({ side }) => {
    most = Math.max(most, [...world.open].filter(({ host }) => host === endpoint).length);
    return side === 'target' ? sqlError('53300') : undefined;
  };
  world.observation.source.slots[0]!.walStatus = 'lost';
  const { results } = await diagnosed(world);
  expect(results.slice(0, 2).map(({ code }) => code)).toEqual(['CONNECT_TOO_MANY', 'SLOT_LOST']);
  expect(results[0]!.findings[0]!.why).toMatch(/ Meanwhile production keeps/);
  // The source is read once more, and not on twice as many sessions.
  expect(most).toBeLessThan(3);
});

test('where the source refuses as well, no more is said of what it keeps', async () => {
  const world = newWorld(following);
  world.onConnect = ({ side }) => sqlError(side === 'target' ? '53300' : '28P01');
  const { results } = await diagnosed(world);
  const told = results.filter(({ holds }) => holds === null);
  expect(told.map(({ code }) => code).sort()).toEqual(['CONNECT_AUTH', 'CONNECT_TOO_MANY']);
});

test('what is not the fault of the clone is told as it is', async () => {
  const world = newWorld(following);
  Object.assign(world.observation, { ticket: { version: 7 } });
  const [first] = (await diagnosed(world)).results;
  expect(first).toMatchObject({ code: 'TICKET_MALFORMED', status: 'fail' });
  expect(first!.findings[0]!.why).not.toContain('Meanwhile');
});

describe('a role that the environment had before', () => {
  const former = { name: 'former', comment: formatMark({ kind: 'role', environment: 'demo' }), connectGrants: [] };
  const told = async (held: object[] | Error) => {
    const world = answering({
      'JOIN pg_shdescription d': ({ side }) => (side === 'source' ? [former] : []),
      'count(DISTINCT (s.classid': () => held,
    });
    const { results } = await diagnosed(world);
    return results
      .filter(({ status }) => status !== 'pass')
      .map(({ code, findings }) => `${code} ${findings[0]!.seen}`);
  };
  const left = expect.stringMatching(/^FORMER_ROLE_LEFT role former on the source is ours/);

  test('is told with what holds it', async () => {
    // Something in a database that lets nobody in.
    expect(await told([{ database: 'closed', count: 1 }])).toEqual([
      left,
      expect.stringMatching(/^ROLE_NOT_DROPPABLE role former .* in database closed on the source: 1 thing/),
    ]);
  });

  test('is told where what holds it could not be read, which is told as well', async () => {
    expect(await told(sqlError('57014'))).toEqual([expect.stringMatching(/^DATABASE_ERROR 57014/), left]);
  });
});

describe('a database of the clone that has the name of one which was renamed', () => {
  const ours = formatMark({ kind: 'publication', environment: 'demo', slot: 'acas_demo_shop' });
  const oids = (shop: string) => [
    { oid: 5, name: shop },
    { oid: 6, name: 'ledger' },
  ];
  const told = async (renamed: boolean) => {
    const world = answering({
      'datname::text AS name FROM pg_database': ({ side }) =>
        side === 'source' || !renamed ? oids('shop') : [...oids('shop_old'), { oid: 7, name: 'shop' }],
      'AS "needsIdentity"': ({ database }) => (database === 'shop_old' ? [{ oid: 1, comment: ours }] : []),
    });
    const { databases } = world.observation.target!;
    databases.shop_old = structuredClone(databases.shop!);
    world.survey.target.databases.shop_old = structuredClone(world.survey.target.databases.shop!);
    for (const database of ['shop', 'ledger'])
      world.survey.target.databases[database]!.subscriptionOptions[0]!.values.binary = 'true';
    const { results } = await diagnosed(world);
    return results
      .flatMap(({ findings }) => findings.map(({ code, seen }) => `${code} ${/database (\w+)/.exec(seen)?.[1]}`))
      .filter((one) => !one.startsWith('CHANGES_OPEN'));
  };

  test('is none of the environment: nothing is said of what it has', async () => {
    expect(await told(true)).toEqual(['DATABASE_RENAMED shop', 'SUBSCRIPTION_ALTERED ledger']);
  });

  test('is looked at like any other as long as none is renamed', async () => {
    expect(await told(false)).toEqual(['SUBSCRIPTION_ALTERED shop', 'SUBSCRIPTION_ALTERED ledger']);
  });
});

test('a slot of ours that the environment names no more is not called one of others', async () => {
  const world = newWorld(following);
  world.observation.source.slots.push(slot('acas_demo_old', 'old', { active: false }));
  const ofOthers = async () => statusOf(await diagnosed(world), 'FOREIGN_SLOT_UNUSED');
  expect(await ofOthers()).toBe('warn');
  const comment = formatMark({ kind: 'publication', environment: 'demo', slot: 'acas_demo_old' });
  world.observation.source.inheritable.publications = [
    { ...INHERITABLE.publications[0]!, name: 'acas_demo_old', comment },
  ];
  const diagnosis = await diagnosed(world);
  expect(['FOREIGN_SLOT_UNUSED', 'STREAM_FORGOTTEN'].map((code) => statusOf(diagnosis, code))).toEqual([
    'pass',
    'warn',
  ]);
});
