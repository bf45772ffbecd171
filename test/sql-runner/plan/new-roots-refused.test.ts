import { planApply } from '../../../sql-runner/plan/plan-apply';
import type { NewTableFacts } from '../../../sql-runner/model/new-tables';
import type { Observation } from '../../../sql-runner/model/observation';
import { comingTree, type Part } from '../support/new-roots';
import { contract, DEFINITION, FACTS } from '../support/new-tables';
import { edit } from '../support/observations';
import { codes, findingOf, outline } from '../support/plans';
import { UNIDENTIFIED } from '../support/tables';

const plan = (observation: Observation) => planApply(contract, observation);

const THERE = (name: string, parted = false): Partial<NewTableFacts> => ({
  namesake: {
    kind: parted ? 'p' : 'r',
    hasRows: false,
    definition: { ...DEFINITION, name, partitionKey: parted ? 'LIST (id)' : null },
    takenBy: null,
  },
});

test.each<[string, Partial<Record<Part | 'newer', Partial<NewTableFacts>>>, RegExp]>([
  [
    'one of its partitions has rows on the clone',
    { one: { namesake: { ...THERE('one').namesake!, hasRows: true } } },
    /its partition public\.one: the clone has a table of its name with rows/,
  ],
  [
    'the clone has another table of its name',
    { newer: THERE('newer') },
    /something of its name that is not partitioned/,
  ],
  [
    'the clone has it with another key',
    {
      newer: {
        namesake: { ...THERE('newer', true).namesake!, definition: { ...DEFINITION, partitionKey: 'LIST (a)' } },
      },
    },
    /defined in another way: partition key/,
  ],
  [
    'the clone has it with rows',
    { newer: { namesake: { ...THERE('newer', true).namesake!, hasRows: true } } },
    /has a table of its name with rows/,
  ],
  [
    'a partition needs a type that the clone lacks',
    { leaf: { lacking: ['type public.mood'] } },
    /its partition public\.leaf: the clone lacks type public\.mood/,
  ],
  [
    'a partition hides rows',
    { one: { rights: { ...FACTS.rights!, seesAll: false } } },
    /its partition public\.one: it has row level security/,
  ],
  [
    'a partition cannot be read',
    { rest: { definition: null } },
    /its partition public\.rest: somebody has a lock on it/,
  ],
  ['it cannot be read itself', { newer: { definition: null } }, /somebody has a lock on it/],
])('nothing of it is published where %s: that is told, and stops nothing', (_, facts, seen) => {
  const made = plan(comingTree(facts));
  expect(outline(made)).toEqual([]);
  expect(findingOf(made, 'NEW_TABLE_NOT_ADDED')).toMatchObject({ severity: 'warn', seen: expect.stringMatching(seen) });
});

type Tables = Parameters<NonNullable<Parameters<typeof comingTree>[1]>>[0];
const find = (tables: Tables, name: string) => tables.find((one) => one.name === name)!;

test.each<[string, (tables: Tables) => void, string, RegExp]>([
  [
    'a partition has no identity',
    (tables) => Object.assign(find(tables, 'leaf'), UNIDENTIFIED),
    'REPLICA_IDENTITY_MISSING',
    /table public\.leaf/,
  ],
  [
    'new partitions would have none',
    (tables) => (find(tables, 'newer').keyFault = 'no primary key'),
    'NEW_PARTITIONS_REFUSE_WRITES',
    /public\.newer/,
  ],
  [
    'its owner is another one',
    (tables) => (find(tables, 'newer').mayPublish = false),
    'TABLE_NOT_OWNED',
    /public\.newer/,
  ],
  [
    'a partition is unlogged',
    (tables) => (find(tables, 'one').persistence = 'unlogged'),
    'NEW_TABLE_NOT_ADDED',
    /public\.one: it is unlogged/,
  ],
])('nothing of it is published where %s', (_, become, code, seen) => {
  const made = plan(comingTree({}, become));
  expect(outline(made)).toEqual([]);
  expect(findingOf(made, code)).toMatchObject({ severity: 'warn', seen: expect.stringMatching(seen) });
});

test('what a table without a key is acknowledged for lets it come', () => {
  const bare = comingTree({}, (tables) => (find(tables, 'newer').keyFault = 'no primary key'));
  const accepted = { ...contract, acknowledge: ['NEW_PARTITIONS_REFUSE_WRITES' as const] };
  expect(outline(planApply(accepted, bare))).toContain('~ source/shop/published-table/public.newer');
});

test('one with a foreign or an excluded partition is selected by its other parts, which stand not alone', () => {
  const made = plan(comingTree({}, (tables) => Object.assign(find(tables, 'rest'), { kind: 'foreign' })));
  expect(outline(made)).toEqual([]);
  expect(codes(made, 'warn')).toEqual(['NEW_TABLE_NOT_ADDED', 'NEW_TABLE_NOT_ADDED']);
  expect(findingOf(made, 'NEW_TABLE_NOT_ADDED').seen).toContain('it is partitioned, a partition');
});

test('more partitions than there is room for locks is told', () => {
  const made = plan(
    edit(comingTree(), ({ source }) => Object.assign(source.server, { lockers: 1, maxLocksPerTransaction: 19 })),
  );
  expect(findingOf(made, 'NEW_TABLE_NOT_ADDED').seen).toContain('it has 4 partitions, which are locked');
});
