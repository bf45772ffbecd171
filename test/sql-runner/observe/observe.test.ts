import { NOTHING_INHERITABLE } from '../../../sql-runner/model/inheritable';
import { INHERITABLE } from '../support/inheritables';
import type { Observation } from '../../../sql-runner/model/observation';
import { newWorld, sqlError, type World } from '../support/fake-world';
import { cloned, edit, following, prepared, ticketed, untouched } from '../support/observations';
import { table, partition, UNIDENTIFIED } from '../support/tables';
import { observedIn } from '../support/observed-world';

async function observed(world: World) {
  return withoutRows(await observedIn(world));
}

/** The rows of a publication in the catalog are of a real server: see catalog.test.ts. */
const withoutRows = (observation: Observation) =>
  edit(observation, ({ source, target }) => {
    for (const { publications } of [source, target ?? source].flatMap(({ databases }) => Object.values(databases)))
      for (const publication of publications) delete publication.rows;
  });

test.each([
  ['an untouched source', untouched],
  ['a prepared source', prepared],
  ['a ticket', ticketed],
  ['a clone', cloned],
  ['streams that follow', following],
])('%s is observed as it is', async (_, state) => {
  const world = newWorld(state);
  expect(await observed(world)).toEqual(world.observation);
});

test('what is out of the ordinary on the source is observed', async () => {
  const world = newWorld(following);
  const { source } = world.observation;
  source.hasRdsReplication = false;
  source.passwordWorks = false;
  source.databases.shop!.mayCreate = false;
  source.databases.shop!.connectGrant.mayConnect = false;
  source.databases.ledger!.connectGrant.hasGrant = true;
  source.databases.ledger!.tables.push(
    table('cache', { persistence: 'unlogged', ...UNIDENTIFIED, mayPublish: false }),
    partition('m1', 'events', { extension: { name: 'x', configured: false } }),
  );
  const altered = { publishesEverything: false, altered: ['it does not send UPDATE'], allTables: true };
  Object.assign(source.databases.shop!.publications[0]!, altered);
  Object.assign(source.role!, { comment: null, canLogin: false, memberOfRdsReplication: false, settings: [] });
  Object.assign(source, { inheritable: edit(INHERITABLE, () => undefined) });
  expect(await observed(world)).toEqual(world.observation);
});

test('what is out of the ordinary on the clone is observed', async () => {
  const world = newWorld(following);
  const { target } = world.observation;
  Object.assign(target!, { isSourceServer: true, seedLsn: null });
  const inheritable = edit(INHERITABLE, ({ foreignServers, cron, cronJobs }) => {
    foreignServers.push({ database: 'ledger', name: 'erp', userMappings: 1 });
    // Where the table may not be read, its jobs are not asked for.
    Object.assign(cron[0]!, { mayRead: false, ownOnly: true, deactivate: null });
    cronJobs.pop();
  });
  Object.assign(target!, { inheritable });
  target!.readOnlyDatabases.push('shop');
  target!.databases.shop!.writtenTables.push({ schema: 'public', name: 'orders' });
  target!.databases.ledger!.streams.acas_demo_ledger = { subscription: null, originProgress: null };
  target!.databases.ledger!.taken = [];
  target!.subscriptions = target!.subscriptions.filter(({ database }) => database === 'shop');
  expect(await observed(world)).toEqual(world.observation);
});

test('without the function there is no seed LSN, and it is not asked for', async () => {
  const world = newWorld(cloned);
  Object.assign(world.observation.target!, { seedFunctionExists: false, seedLsn: null });
  expect((await observed(world)).target).toMatchObject({ seedFunctionExists: false, seedLsn: null });
  expect(world.log.filter((line) => line.includes('SELECT aurora_volume'))).toEqual([]);
});

test('read-only databases that are not of the environment are nobody’s business', async () => {
  const world = newWorld(cloned);
  world.onSql = (sql) => (sql.includes('s.setrole = 0') ? [{ name: 'shop' }, { name: 'reports' }] : undefined);
  expect((await observed(world)).target!.readOnlyDatabases).toEqual(['shop']);
});

test('a database that is missing on either side is observed as missing, and the others are read', async () => {
  const world = newWorld(following);
  world.observation.source.databases.shop = {
    exists: false,
    publications: [],
    tables: [],
    connectGrant: { mayConnect: true, hasGrant: false, mayGrant: true },
  };
  world.observation.target!.databases.shop = { exists: false, publications: [], writtenTables: [], streams: {} };
  world.observation.target!.subscriptions = world.observation.target!.subscriptions.filter(
    ({ database }) => database === 'ledger',
  );
  expect(await observed(world)).toEqual(world.observation);
});

test('when no database is there, that is the error; any other refusal is told at once', async () => {
  const none = newWorld(cloned);
  for (const database of ['shop', 'ledger']) none.observation.source.databases[database]!.exists = false;
  await expect(observed(none)).rejects.toMatchObject({ code: 'CONNECT_DATABASE_MISSING' });
  const forbidden = newWorld(cloned);
  forbidden.onConnect = ({ database }) => (database === 'shop' ? sqlError('42501') : undefined);
  await expect(observed(forbidden)).rejects.toMatchObject({ code: 'CONNECT_FORBIDDEN' });
});

test('a password that is right for a database that lets nobody in is right; another failure is one', async () => {
  const refusing = (code: string) => {
    const world = newWorld(prepared);
    world.onConnect = ({ user }) => (user === 'acas_demo' ? sqlError(code) : undefined);
    return observed(world);
  };
  expect((await refusing('42501')).source.passwordWorks).toBe(true);
  expect((await refusing('28P01')).source.passwordWorks).toBe(false);
  await expect(refusing('53300')).rejects.toMatchObject({ code: 'CONNECT_TOO_MANY' });
});

test('a column list of one table of several is enough', async () => {
  const world = newWorld(prepared);
  const entry = { publication: 'acas_demo_shop', schema: 'public', hasRowFilter: false };
  world.onSql = (sql) =>
    sql.includes('"hasRowFilter"')
      ? [
          { ...entry, name: 'customers', columns: null },
          { ...entry, name: 'orders', columns: ['id'] },
        ]
      : undefined;
  expect((await observed(world)).source.databases.shop!.publications).toMatchObject([{ publishesEverything: false }]);
});

test("subscriptions of others are not taken for the stream's, and databases are read in the order of their names", async () => {
  const world = newWorld(following);
  const { target } = world.observation;
  const [ledger] = target!.subscriptions;
  target!.subscriptions.unshift({ ...ledger!, oid: 1, name: 'a_first_one' });
  target!.inheritable.eventTriggers.push(
    ...['ledger', 'shop'].map((database) => ({ ...edit(INHERITABLE, () => undefined).eventTriggers[0]!, database })),
  );
  expect(await observed(world)).toEqual(world.observation);
});

test('jobs are read where row security does not fail, which is on for that one statement', async () => {
  const world = newWorld(following);
  Object.assign(world.observation.target!, { inheritable: edit(INHERITABLE, () => undefined) });
  const asked: string[] = [];
  world.onSql = (sql, { side, database }) => {
    if (side === 'target' && database === 'ledger') asked.push(sql);
    return undefined;
  };
  await observed(world);
  const jobs = asked.findIndex((sql) => sql.includes('FROM cron.job j'));
  const around = [-2, -1, 1].map((beside) => asked[jobs + beside]);
  expect(around).toEqual(['BEGIN READ ONLY', 'SET LOCAL row_security = on', 'COMMIT']);
  asked.length = 0;
  Object.assign(world.observation.target!.inheritable.cron[0]!, { mayRead: false });
  expect((await observed(world)).target!.inheritable.cronJobs).toEqual([]);
  expect(asked.join()).not.toContain('cron.job j');
});

test('before there is a clone nobody asks what it would bring along', async () => {
  const world = newWorld(prepared);
  Object.assign(world.observation.source, { inheritable: edit(INHERITABLE, () => undefined) });
  expect((await observed(world)).source.inheritable).toEqual(NOTHING_INHERITABLE);
});

test('triggers are looked for on the tables of our publications', async () => {
  const world = newWorld(following);
  const asked: unknown[] = [];
  world.onSql = (sql, _, [names]) => (sql.includes('FROM replicated JOIN') ? (asked.push(names), []) : undefined);
  await observed(world);
  expect(new Set(asked.map(String))).toEqual(new Set(['acas_demo_shop,acas_demo_ledger']));
});

test('what is set in our own group is not asked for', async () => {
  const world = newWorld(prepared);
  world.survey.source.groupParameters = { work_mem: '1' };
  expect((await observed(world)).source.groupParameters).toBeUndefined();
  const before = newWorld(untouched);
  before.observation.source.groupParameters = { work_mem: '1' };
  expect((await observed(before)).source.groupParameters).toEqual({ work_mem: '1' });
});
