import type { NewTableFacts } from '../../../../sql-runner/model/new-tables';
import type { Observation } from '../../../../sql-runner/model/observation';
import { planApply } from '../../../../sql-runner/plan/plan-apply';
import { coming, contract, DEFINITION, FACTS, OID } from '../../support/new-tables';
import { edit } from '../../support/observations';
import { codes, findingOf, outline } from '../../support/plans';
import { table, UNIDENTIFIED } from '../../support/tables';

const plan = (observation: Observation) => planApply(contract, observation);

const namesake = (more: Partial<NonNullable<NewTableFacts['namesake']>>): Partial<NewTableFacts> => ({
  namesake: { kind: 'r', hasRows: false, definition: DEFINITION, takenBy: null, ...more },
});

test.each<[string, Observation, string]>([
  ['not read', coming({ definition: null }), 'a lock on it'],
  ['of row level security', coming({ rights: { ...FACTS.rights!, seesAll: false } }), 'row level security'],
  ['of no role', coming({ rights: null }), 'row level security'],
  ['of a type', coming({ definition: { ...DEFINITION, typed: true } }), 'made of a type'],
  ['inherited from', coming({ definition: { ...DEFINITION, inherits: true } }), 'inherits from another one'],
  [
    'of another access method',
    coming({ definition: { ...DEFINITION, accessMethod: 'columnar' } }),
    'access method is columnar',
  ],
  ['in need of a type', coming({ lacking: ['type public.mood'] }), 'the clone lacks type public.mood'],
  [
    'with the name of an index taken',
    coming({ inTheWay: [{ schema: 'public', name: 'newer_pkey' }] }),
    'public.newer_pkey',
  ],
  ['a view there', coming(namesake({ kind: 'v' })), 'no ordinary table'],
  ['taken there', coming(namesake({ takenBy: 'other' })), 'subscription other takes'],
  ['with rows there', coming(namesake({ hasRows: true })), 'with rows'],
  [
    'a partition there, and empty',
    coming({ ...namesake({}), strayed: { schema: 'public', name: 'orders' } }),
    'on the clone it is a partition of public.orders',
  ],
  ['locked there', coming(namesake({ definition: null })), 'a lock on the table of its name'],
  [
    'another one there',
    coming(namesake({ definition: { ...DEFINITION, identity: 'f' } })),
    'defined in another way: replica identity',
  ],
  [
    'sent by another stream',
    edit(coming(), ({ source }) => {
      const [own] = source.databases.shop!.publications;
      source.databases.shop!.publications.push({
        ...own!,
        name: 'acas_demo_shop_2',
        tables: [{ oid: OID, schema: 'public', name: 'newer' }],
      });
    }),
    'publication acas_demo_shop_2 of another stream',
  ],
  [
    'without a slot',
    edit(coming(), ({ source }) => (source.server.maxReplicationSlots = 1)),
    'replication slots of the source are in use',
  ],
])('a table that is %s is told, and stops nothing', (_, observation, seen) => {
  const made = plan(observation);
  expect(outline(made)).toEqual([]);
  expect(findingOf(made, 'NEW_TABLE_NOT_ADDED')).toMatchObject({
    severity: 'warn',
    seen: expect.stringContaining(seen),
  });
  expect(codes(made)).toEqual([]);
});

const asTable = (overrides: Parameters<typeof table>[1]): Observation =>
  edit(coming(), ({ source }) => {
    const { tables } = source.databases.shop!;
    tables[tables.length - 1] = table('newer', { oid: OID, ...overrides });
  });

test.each<[string, Observation, string]>([
  ['without an identity', asTable(UNIDENTIFIED), 'REPLICA_IDENTITY_MISSING'],
  ['of another owner', asTable({ mayPublish: false }), 'TABLE_NOT_OWNED'],
  [
    'partitioned without a key',
    asTable({ kind: 'root', ...UNIDENTIFIED, identityFault: null }),
    'NEW_PARTITIONS_REFUSE_WRITES',
  ],
  ['a child', asTable({ parents: [{ schema: 'public', name: 'orders' }] }), 'NEW_TABLE_NOT_ADDED'],
])('one that is %s is never published, and stops nothing', (_, observation, code) => {
  const made = plan(observation);
  expect([outline(made), codes(made), codes(made, 'warn')]).toEqual([[], [], [code]]);
});

test('a table of an extension is told where it was named', () => {
  const named = {
    ...contract,
    links: contract.links.map((link) => ({
      ...link,
      streams: link.streams.map((stream) => ({
        ...stream,
        selection: { kind: 'tables' as const, tables: [{ schema: 'public', name: 'newer' }] },
      })),
    })),
  };
  const made = planApply(named, asTable({ extension: { name: 'postgis', configured: false } }));
  expect(findingOf(made, 'NEW_TABLE_NOT_ADDED').seen).toContain('extension postgis');
});
