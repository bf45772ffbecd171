import type { Client } from 'pg';
import { createColors } from 'picocolors';
import { lookAtSchemas, type SchemaComparison } from '../../sql-runner/actions/schema';
import type { Difference } from '../../sql-runner/drift/difference';
import { WHAT_FOLLOWS, type FollowRule } from '../../sql-runner/drift/what-follows';
import { jsonDocument } from '../../sql-runner/commands/machine-output';
import { differencesIn, isAlike, schemaText } from '../../sql-runner/render/schema-text';
import { schemaDocument } from '../../sql-runner/render/schemas/schema';
import { schemaSarif } from '../../sql-runner/render/schema-sarif';
import { FORMAT_VERSION } from '../../sql-runner/render/format-version';
import { CHANGES, named, nameOf, ROLES, setupOf } from '../sql-runner/drift/changes';
import type { Change } from '../sql-runner/drift/change';
import { eventually } from '../support/eventually';
import { DirectLab } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { StreamStands } from './support/stream-stands';
import { writeTo } from './support/change-writer';
import { typedFrom } from './support/typed-from-text';
import { execute, reconnectSooner } from './support/provocations';

/**
 * What schema says of a clone that follows while the source is written to, at every kind of change at once; and what it
 * prints, carried out as it stands there, until nothing differs and every row is equal.
 */

const stage = stagesInOrder();
/** On their own: one stops the stream for good, of the other the moment matters. */
const ALONE = ['add-column-computed', 'add-column-keyless', 'new-partition'];
/** What no statement on the clone can heal is left. */
const LEFT = ['large-objects'];
let world: DirectLab;
let clone: Client;
let stream: StreamStands;
let writing: Promise<number> | null = null;
let goOn = true;

const ruleOf = ({ id }: Change): FollowRule => WHAT_FOLLOWS[id];
const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);
const look = () => lookAtSchemas(world.open, world.contracts, []);

beforeAll(async () => {
  world = await DirectLab.start('schema', { databases: ['shop'] });
  await onSource(...ROLES, ...CHANGES.flatMap(setupOf));
  await world.run('apply');
  await world.deployTarget();
  await reconnectSooner(world);
  await world.run('apply');
  clone = await world.clone('shop');
  stream = new StreamStands(world, clone);
});
afterAll(async () => {
  goOn = false;
  await writing;
  await clone?.end();
  await world?.lab.down();
});

const isOf = (change: Change, text: string) => new RegExp(`\\b${nameOf(change)}(_|\\b)`).test(text);

const own = (comparison: SchemaComparison, change: Change): Difference[] =>
  differencesIn(comparison).filter(({ object, statements }) =>
    [object, ...statements].some((text) => isOf(change, text)),
  );

const rowsOf = async (client: Client, table: string): Promise<string[]> => {
  const { rows } = await client.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`);
  return rows.map(({ row }) => row);
};

const carryOutText = (found: readonly Difference[]) => typedFrom(found, clone);

stage('nothing is found between a clone and its source, and what was not compared is said', async () => {
  const comparison = await look();
  expect(differencesIn(comparison)).toEqual([]);
  expect(isAlike(comparison)).toBe(true);
  expect(comparison.databases[0]!.compared.replicated).toBeGreaterThan(60);
  const text = schemaText(comparison, createColors(false));
  expect(text).toMatch(/\nNo difference in what was compared, environment demo\.$/);
  expect(text).toMatch(/Not compared: where sequences stand/);
});

const TOGETHER = CHANGES.filter(({ id }) => !ALONE.includes(id));

stage('each change is told with its kind and with what becomes of the stream', async () => {
  writing = writeTo(
    await world.source('shop'),
    TOGETHER.filter(({ rows }) => rows !== false),
    () => goOn,
  );
  for (const change of TOGETHER.filter((one) => ruleOf(one).stream !== 'stops'))
    await onSource(
      ...[...change.source, ...(change.rows === false ? [] : (change.writes ?? []))].map((text) => named(change, text)),
    );
  // What is said to go on goes on.
  await stream.caughtUp();
  for (const change of TOGETHER.filter((one) => ruleOf(one).stream === 'stops'))
    await onSource(...[...change.source, ...(change.writes ?? [])].map((text) => named(change, text)));
  const comparison = await look();
  const said = (found: readonly Difference[]) => ({
    kinds: [...new Set(found.map(({ kind }) => kind))].sort(),
    survives: found.some(({ survives }) => survives === 'stops')
      ? 'stops'
      : found.some(({ survives }) => survives === 'differs')
        ? 'differs'
        : 'continues',
    orders: [...new Set(found.map(({ order }) => order))],
  });
  const GLOBAL: Readonly<Record<string, (one: Difference) => boolean>> = {
    'large-object': ({ kind }) => kind === 'large-objects',
    'new-extension': ({ object }) => object === 'extension citext',
  };
  const foundOf = (change: Change) =>
    GLOBAL[change.id] === undefined ? own(comparison, change) : differencesIn(comparison).filter(GLOBAL[change.id]!);
  const expected = (change: Change) => {
    const { kinds, stream, order } = ruleOf(change);
    const none = kinds.length === 0;
    return { kinds: [...kinds].sort(), survives: none ? 'continues' : stream, orders: none ? [] : [order] };
  };
  expect(Object.fromEntries(TOGETHER.map((change) => [change.id, said(foundOf(change))]))).toEqual(
    Object.fromEntries(TOGETHER.map((change) => [change.id, expected(change)])),
  );
});

stage('as text in 80 columns, as JSON and as SARIF', async () => {
  const comparison = await look();
  const lines = schemaText(comparison, createColors(false)).split('\n');
  const long = lines.filter((line) => line.length > 80 && !/[$"']/.test(line));
  expect(long).toEqual([]);
  schemaDocument.parse(JSON.parse(jsonDocument(comparison)));
  expect(JSON.parse(jsonDocument(comparison))).toMatchObject({ format_version: FORMAT_VERSION });
  const { runs } = JSON.parse(schemaSarif(comparison, '0.0.0')) as {
    runs: { results: { ruleId: string; level: string }[] }[];
  };
  expect(runs[0]!.results).toHaveLength(differencesIn(comparison).length);
});

stage('what is printed heals, in its order and at its time, while writers write', async () => {
  for (let round = 0; round < 60; round += 1) {
    const comparison = await look();
    const found = differencesIn(comparison).filter(({ statements }) => statements.length > 0);
    if (found.length === 0) break;
    await carryOutText(found.filter(({ when }) => when === 'now'));
    const said = await stream.stoppedAt();
    const at = said === null ? null : TOGETHER.find((one) => isOf(one, said))!;
    const later = at === null ? found : own(comparison, at);
    await carryOutText(
      later.filter(({ when }) => when === 'stopped or in sync' || (at === null && when === 'in sync')),
    );
  }
  const left = differencesIn(await look());
  expect(left.filter(({ kind }) => kind !== 'table').map(({ kind }) => kind)).toEqual(LEFT);
  expect(left.filter(({ kind }) => kind === 'table').map(({ object, next }) => [object, next])).toEqual([
    ['table public.d_new_table_t_new', expect.stringContaining('sql-runner apply')],
  ]);
});

stage('every row is equal, and what plan has to do it does', async () => {
  goOn = false;
  expect(await writing).toBeGreaterThan(100);
  writing = null;
  await stream.caughtUp();
  const source = await world.source('shop');
  const differing: string[] = [];
  for (const change of CHANGES) {
    const table = named(change, change.renamed ?? '$');
    if (JSON.stringify(await rowsOf(source, table)) !== JSON.stringify(await rowsOf(clone, table)))
      differing.push(table);
  }
  await source.end();
  expect(differing).toEqual([]);
  // The first compares every row of a stream that was in doubt, the second adds the table that is new.
  await world.run('apply');
  await world.run('apply');
  await world.run('sequences', { sequences: { headroom: 0, putBack: false } });
  expect(differencesIn(await look()).map(({ kind }) => kind)).toEqual(LEFT);
});

const alone = (id: string): Change => CHANGES.find((one) => one.id === id)!;

stage('a table without a key takes its column when the stream has stopped at it', async () => {
  const change = alone('add-column-keyless');
  const errors = await stream.errors();
  await onSource(...[...change.source, ...change.writes!].map((text) => named(change, text)));
  await eventually(async () => (await stream.errors()) > errors);
  const found = own(await look(), change);
  expect(found).toMatchObject([{ kind: 'column', survives: 'stops', when: 'stopped or in sync', order: 'printed' }]);
  await carryOutText(found);
  await stream.caughtUp();
  expect(own(await look(), change)).toEqual([]);
  const source = await world.source('shop');
  expect(await rowsOf(clone, nameOf(change))).toEqual(await rowsOf(source, nameOf(change)));
  await source.end();
});

stage('a server that is compared with itself is refused', async () => {
  const { source, target } = world.contracts;
  const { endpoint, port } = source.cluster;
  const same = { source, target: { ...target!, cluster: { ...target!.cluster, endpoint, port } } };
  await expect(lookAtSchemas(world.open, same as typeof world.contracts, [])).rejects.toMatchObject({
    code: 'SAME_CLUSTER',
  });
});

stage('what somebody keeps readers out of is not called the same', async () => {
  const holder = await world.source('shop');
  await holder.query('BEGIN; LOCK TABLE d_comment_t');
  const comparison = await look();
  await holder.query('ROLLBACK').finally(() => holder.end());
  expect(comparison.databases[0]!.unread).toEqual([
    'table public.d_comment_t on the source: somebody keeps readers out',
  ]);
  const databases = comparison.databases.map((one) => ({ ...one, differences: [] }));
  expect(isAlike({ ...comparison, databases, roles: [] })).toBe(false);
});

stage('values that no statement can make up are said to be so', async () => {
  const change = alone('add-column-computed');
  await onSource(...change.source.map((text) => named(change, text)));
  expect(own(await look(), change)).toMatchObject([
    { kind: 'column', survives: 'stops', order: 'plain', statements: [], next: expect.stringContaining('a new clone') },
  ]);
});
