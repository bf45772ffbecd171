import { observe } from '../../../sql-runner/observe/observe';
import { observeStreams } from '../../../sql-runner/observe/observe-streams';
import { newWorld, type World } from '../support/fake-world';
import { formatMark } from '../../../sql-runner/model/mark';
import { INHERITABLE } from '../support/inheritables';
import { cloned, edit, following, prepared, publication, ticketed, untouched } from '../support/observations';
import { readingIn } from '../support/reading-in';

type State = Parameters<typeof newWorld>[0];

/** A stream follows, one of the other database is still to be connected. */
const half: State = (contract) =>
  edit(following(contract), ({ target }) => {
    target!.databases.ledger = edit(cloned(contract), () => undefined).target!.databases.ledger! as never;
    target!.subscriptions = target!.subscriptions.filter(({ database }) => database === 'shop');
  });
const renamed: State = (contract) =>
  edit(following(contract), ({ source, target }) => {
    source.databases.ledger!.exists = false;
    target!.databases.shop!.exists = false;
  });

/** Where what was read differs from what a plan reads; names of what was not read. */
function compare(light: unknown, full: unknown, path: string, unread: string[]): string[] {
  if (typeof full !== 'object' || full === null || typeof light !== 'object' || light === null)
    return Object.is(light, full) ? [] : [`${path}: ${JSON.stringify(light)} and ${JSON.stringify(full)}`];
  const keys = new Set([...Object.keys(full), ...Object.keys(light)]);
  return [...keys].flatMap((key) => {
    try {
      const [one, other] = [light, full].map((facts) => (facts as Record<string, unknown>)[key]);
      return compare(one, other, `${path}.${key}`, unread);
    } catch (cause) {
      unread.push(`${path}.${key}`);
      expect((cause as Error).message).toBe(`${key} was not read`);
      return [];
    }
  });
}

async function compared(world: World): Promise<{ differences: string[]; unread: string[] }> {
  const light = await readingIn(world, (reading) => observeStreams(reading));
  const full = await readingIn(world, (reading) => observe(reading));
  const unread: string[] = [];
  return { differences: compare(light, full, '', unread), unread };
}

test.each<[string, State]>([
  ['nothing is there', untouched],
  ['the source is prepared', prepared],
  ['a ticket is issued', ticketed],
  ['the clone is not connected', cloned],
  ['all streams follow', following],
  ['one stream follows, and one is not connected', half],
  ['databases are missing on either side', renamed],
])('while %s, what is read of it for status is what a plan reads', async (_, state) => {
  const { differences, unread } = await compared(newWorld(state));
  expect(differences).toEqual([]);
  expect(unread).toContain('.source.inheritable');
});

test('of streams that follow their history is read, and not what only matters before they begin; of each that is published, its tables', async () => {
  const { unread } = await compared(newWorld(following));
  expect(unread).toContain('.target.databases.shop.writtenTables');
  expect(unread.filter((path) => path.endsWith('.heartbeats') || path.endsWith('.tables'))).toEqual([]);
  const { unread: before } = await compared(newWorld(cloned));
  expect(before).not.toContain('.source.databases.shop.tables');
  expect(before).toContain('.target.databases.shop.heartbeats');
  expect(before).not.toContain('.target.databases.shop.writtenTables');
  const { unread: first } = await compared(newWorld(untouched));
  expect(first).toContain('.source.databases.shop.tables');
});

test('what is there only now and then is not taken for absent where it is not read', async () => {
  const world = newWorld(following);
  const { source, target } = world.observation;
  Object.assign(source.cluster, { parameterGroupStatus: 'pending-reboot' });
  Object.assign(source, { settings: { 'rds.logical_replication': 'on' }, previousGroupIsGone: true });
  const marked = [{ name: 'former', comment: 'c', connectGrants: [] }];
  world.onSql = (sql, { side }) => (side === 'target' && sql.includes('JOIN pg_shdescription d') ? marked : undefined);
  // Of a clone without any database of the environment another one is asked about the server.
  target!.databases.postgres = edit(target!.databases.shop!, () => undefined);
  for (const database of ['shop', 'ledger']) target!.databases[database]!.exists = false;
  const { unread } = await compared(world);
  expect(unread).toEqual(expect.arrayContaining(['.source.settings', '.source.previousGroupIsGone']));
  expect(unread).toEqual(expect.arrayContaining(['.target.markedRoles', '.target.elsewhere']));
});

test('and neither are heartbeats that are not where they should be, or are of others', async () => {
  const world = newWorld(following);
  const found = ['demo', 'other'].map((environment) => {
    return { schema: 'attic', table: 'old', comment: formatMark({ kind: 'heartbeat', environment }) };
  });
  world.onSql = (sql) => (sql.includes('FROM pg_description d\n') ? found : undefined);
  const { unread } = await compared(world);
  for (const side of ['source', 'target'])
    for (const fact of ['heartbeatsElsewhere', 'heartbeatsOfOthers'])
      expect(unread).toContain(`.${side}.databases.shop.${fact}`);
});

test('streams that the environment names no more are seen in its databases and in others, as a plan sees them', async () => {
  const world = newWorld(following);
  const { source } = world.observation;
  source.databases.old = edit(source.databases.shop!, (old) => void (old.publications = []));
  source.databases.shop!.publications.push(publication('acas_demo_was', null));
  source.inheritable.publications = [
    ['shop', 'acas_demo_was'],
    ['old', 'acas_demo_old'],
  ].map(([database, name]) => {
    const comment = formatMark({ kind: 'publication', environment: 'demo', slot: name! });
    return { ...INHERITABLE.publications[0]!, database: database!, name: name!, comment };
  });
  const seen = async (observed: typeof observeStreams) => {
    const { forgotten } = (await readingIn(world, (reading) => observed(reading))).source;
    return forgotten.map(({ database, stream }) => `${database} ${stream.publication}`).sort();
  };
  expect(await seen(observeStreams)).toEqual(['old acas_demo_old', 'shop acas_demo_was']);
  expect(await seen(observe)).toEqual(await seen(observeStreams));
});

test('the slots are read before all of the clone: what was confirmed by then, it must have', async () => {
  const world = newWorld(following);
  await readingIn(world, (reading) => observeStreams(reading));
  const first = (pattern: RegExp) => world.log.findIndex((line) => pattern.test(line));
  const slots = first(/^source .*to_jsonb\(s\) AS slot/);
  expect(slots).toBeGreaterThan(-1);
  expect(slots).toBeLessThan(first(/^target .*(pg_replication_origin_progress|pg_subscription)/));
});
