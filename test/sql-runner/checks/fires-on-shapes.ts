import { surveyedTable } from '../support/surveys';
import { definition, sent, type Fires } from './provocations';
import { column, differing, index, pairOf, tables, types } from './shape-provocations';

const ours = 'acas_demo_shop';
const key = index(['id'], { primary: true, name: 'orders_pkey', constraint: 'orders_pkey' });
const wide = index(['a', 'id'], { primary: true, name: 'orders_pkey', constraint: 'orders_pkey' });

export const FIRES_ON_SHAPES: readonly Fires[] = [
  ['TABLE_RENAMED', 'block', tables([[1, 'b']], [[1, 'a', ours]]), 'ALTER TABLE "public"."a" RENAME TO "b";'],
  ['TABLE_SWAPPED', 'block', tables([[2, 'a']], [[1, 'a', ours]]), 'sql-runner reset demo'],
  ['TABLE_DROPPED_ON_SOURCE', 'warn', tables([], [[1, 'a', ours]]), 'DROP TABLE "public"."a";'],
  [
    'PARTITION_DIFFERS',
    'block',
    (world) => {
      tables(
        [
          [1, 'a'],
          [2, 'b'],
        ],
        [
          [1, 'a'],
          [2, 'b', ours],
        ],
      )(world);
      world.target.databases.shop!.definitions[1]!.subscriptions = [ours];
      Object.assign(world.target.databases.shop!.definitions[1]!, { parent: 1, bound: 'DEFAULT' });
    },
    'ALTER TABLE "public"."a" DETACH PARTITION "public"."b";',
  ],
  [
    'TABLE_UNLOGGED_SINCE',
    'block',
    (world) => {
      world.source.databases.shop!.tables.push(surveyedTable('a', { persistence: 'unlogged' }));
      world.target.databases.shop!.definitions.push({ ...definition, schema: 'public', name: 'a' });
    },
    'on the source: ALTER TABLE "public"."a" SET LOGGED;',
  ],
  [
    'TABLE_UNLOGGED_ON_CLONE',
    'block',
    (world) => {
      world.source.databases.shop!.sent.push(sent);
      world.target.databases.shop!.tables.push(
        surveyedTable(sent.name, { schema: sent.schema, persistence: 'unlogged' }),
      );
    },
    'on the clone: ALTER TABLE "parts"."orders_9" SET LOGGED;',
  ],
  [
    'PARTITION_ONLY_ON_CLONE',
    'block',
    (world) => {
      const there: [number, string][] = [
        [1, 'orders'],
        [2, 'rest'],
      ];
      tables(there, [...there, [3, 'own']])(world);
      world.source.databases.shop!.sent.push({ ...sent, schema: 'public', name: 'rest' });
      world.target.databases.shop!.taken.push({
        schema: 'public',
        name: 'rest',
        subscription: ours,
        table: 700,
        state: 'r',
      });
      for (const { databases } of [world.source, world.target])
        Object.assign(databases.shop!.definitions[1]!, { parent: 1, bound: 'DEFAULT' });
      Object.assign(world.target.databases.shop!.definitions[2]!, { parent: 1, bound: 'FOR VALUES IN (1)' });
    },
    'ALTER TABLE "public"."orders" DETACH PARTITION "public"."own";',
  ],
  [
    'COLUMNS_DIFFER',
    'block',
    differing(
      pairOf({ columns: [column('Note', { type: 'text', expression: "'a'::text", missing: 'a', notNull: true })] }, {}),
    ),
    `on the clone: ALTER TABLE "public"."orders" ADD COLUMN "Note" text DEFAULT 'a'::text NOT NULL;`,
  ],
  [
    'COLUMNS_DIFFER',
    'warn',
    differing(pairOf({ dropped: [1] }, { columns: [column('old')] })),
    'ALTER TABLE "public"."orders" DROP COLUMN "old";',
  ],
  [
    'COLUMN_RENAMED',
    'block',
    differing(pairOf({ columns: [column('new')] }, { columns: [column('old')] })),
    'RENAME COLUMN "old" TO "new";',
  ],
  [
    'ADDED_VALUES_DIFFER',
    'warn',
    differing(pairOf({ columns: [column('a', { missing: '1' })] }, { columns: [column('a', { missing: '2' })] })),
    'sql-runner verify demo --database shop',
  ],
  [
    'COLUMN_TYPE_DIFFERS',
    'block',
    differing(pairOf({ columns: [column('a', { type: 'bigint' })] }, { columns: [column('a')] })),
    'on the clone: ALTER TABLE "public"."orders" ALTER COLUMN "a" TYPE bigint USING "a"::bigint;',
  ],
  [
    'COLUMN_TYPE_DIFFERS',
    'warn',
    differing(pairOf({ columns: [column('a')] }, { columns: [column('a', { type: 'bigint' })] })),
    'TYPE integer USING "a"::integer;',
  ],
  [
    'GENERATED_COLUMN_DIFFERS',
    'block',
    differing(
      pairOf(
        { columns: [column('a', { generated: 's', expression: 'b * 2' })] },
        { columns: [column('a', { generated: 's', expression: 'b * 3' })] },
      ),
    ),
    'DROP COLUMN "a", ADD COLUMN "a" integer GENERATED ALWAYS AS (b * 2) STORED;',
  ],
  [
    'CONSTRAINT_ONLY_ON_CLONE',
    'block',
    differing(
      pairOf(
        { columns: [column('a')] },
        {
          columns: [column('a', { notNull: true })],
          checks: [{ name: 'c', definition: 'CHECK ((a > 0))', inherited: false }],
        },
      ),
    ),
    'ALTER COLUMN "a" DROP NOT NULL, DROP CONSTRAINT "c";',
  ],
  [
    'UNIQUE_ONLY_ON_CLONE',
    'block',
    differing(pairOf({}, { indexes: [index(['a'])] })),
    'DROP INDEX "public"."orders_a_key";',
  ],
  [
    'KEY_DIFFERS',
    'block',
    differing(pairOf({ indexes: [wide] }, { indexes: [key] })),
    'DROP CONSTRAINT "orders_pkey"; ALTER TABLE "public"."orders" ADD CONSTRAINT "orders_pkey" PRIMARY KEY ("a", "id");',
  ],
  [
    'FULL_IDENTITY_EXTRA_COLUMN',
    'block',
    differing(pairOf({ identity: 'f' }, { identity: 'f', columns: [column('own', { expression: '1' })] })),
    'ALTER TABLE "public"."orders" DROP COLUMN "own";',
  ],
  [
    'FULL_IDENTITY_EXTRA_COLUMN',
    'warn',
    differing(pairOf({ identity: 'f' }, { identity: 'f', columns: [column('own')] })),
    'DROP COLUMN "own";',
  ],
  [
    'ENUM_LABEL_MISSING',
    'block',
    types(
      {
        labels: [
          { oid: 1, label: 'a' },
          { oid: 2, label: 'b' },
        ],
      },
      { labels: [{ oid: 1, label: 'a' }] },
    ),
    `ALTER TYPE "public"."mood" ADD VALUE 'b' AFTER 'a';`,
  ],
  [
    'ENUM_LABELS_EXCHANGED',
    'block',
    types(
      {
        labels: [
          { oid: 2, label: 'a' },
          { oid: 1, label: 'b' },
        ],
      },
      {
        labels: [
          { oid: 1, label: 'a' },
          { oid: 2, label: 'b' },
        ],
      },
    ),
    'sql-runner reset demo',
  ],
  [
    'TYPE_NOT_ON_CLONE',
    'block',
    types({ labels: [{ oid: 1, label: 'a' }] }, null),
    `CREATE TYPE "public"."mood" AS ENUM ('a');`,
  ],
  [
    'DOMAIN_STRICTER_ON_CLONE',
    'block',
    types(
      { kind: 'd', base: 'text' },
      { kind: 'd', base: 'text', notNull: true, checks: [{ name: 'c', definition: 'CHECK ((VALUE > 0))' }] },
    ),
    'ALTER DOMAIN "public"."mood" DROP NOT NULL; ALTER DOMAIN "public"."mood" DROP CONSTRAINT "c";',
  ],
  [
    'TYPE_DIFFERS',
    'block',
    types(
      {
        kind: 'c',
        attributes: [
          { name: 'a', type: 'text' },
          { name: 'b', type: 'text' },
        ],
      },
      { kind: 'c', attributes: [{ name: 'a', type: 'text' }] },
    ),
    'ALTER TYPE "public"."mood" ADD ATTRIBUTE "b" text;',
  ],
  [
    'DEFINITION_NOT_READ',
    'warn',
    (world) => {
      const table = { schema: 'public', name: 'orders', side: 'source' as const, pid: 4711 };
      world.shapes.shop = { pairs: [], unread: [table], usedTypes: [], typesOnClone: [], indexesThere: [] };
    },
    'WHERE pid = 4711',
  ],
  [
    'DEFINITION_DIFFERS',
    'info',
    differing(
      pairOf(
        { columns: [column('a', { expression: '2', notNull: true })] },
        { columns: [column('a', { expression: '1' })] },
      ),
    ),
    'on the clone: ALTER TABLE "public"."orders" ALTER COLUMN "a" SET NOT NULL, ALTER COLUMN "a" SET DEFAULT 2;',
  ],
];
