/** One rule of docs/schema-changes.md, in the order that it gives. */
export interface Rule {
  readonly title: string;
  /** `$` stands for the table, which has (id, note) and a writer all the time. */
  readonly table?: string;
  /** On which side each statement runs; `await` until the clone has applied everything, or `stopped`: has stopped. */
  readonly steps: readonly (readonly [
    'source' | 'clone' | 'both, clone first' | 'in sync' | 'stopped' | 'as printed',
    string?,
  ])[];
  /** The stream stops on the way, and goes on. */
  readonly stops?: true;
}

const ADD_NULL = 'ALTER TABLE $ ADD COLUMN c text';

export const KEYED_RULES: readonly Rule[] = [
  {
    title: 'add a column with a constant default',
    steps: [['both, clone first', `ALTER TABLE $ ADD COLUMN c text NOT NULL DEFAULT 'x'`]],
  },
  {
    title: 'add a column with a computed default',
    steps: [
      ['both, clone first', 'ALTER TABLE $ ADD COLUMN c uuid'],
      ['source', 'ALTER TABLE $ ALTER c SET DEFAULT gen_random_uuid()'],
      ['source', 'UPDATE $ SET c = gen_random_uuid() WHERE c IS NULL'],
      ['source', 'ALTER TABLE $ ALTER c SET NOT NULL'],
    ],
  },
  {
    title: 'drop a column',
    table: `ALTER TABLE $ ADD COLUMN c int NOT NULL DEFAULT 1; ALTER TABLE $ ALTER c SET DEFAULT 2`,
    steps: [
      ['clone', 'ALTER TABLE $ ALTER c DROP NOT NULL'],
      ['source', 'ALTER TABLE $ DROP COLUMN c'],
      ['in sync'],
      ['clone', 'ALTER TABLE $ DROP COLUMN c'],
    ],
  },
  {
    title: 'widen a type',
    table: 'ALTER TABLE $ ADD COLUMN c int DEFAULT 1',
    steps: [['both, clone first', 'ALTER TABLE $ ALTER c TYPE bigint']],
  },
  {
    title: 'add a constraint',
    steps: [
      ['source', `ALTER TABLE $ ADD CONSTRAINT c CHECK (note <> '-')`],
      ['source', 'ALTER TABLE $ ALTER note SET NOT NULL'],
      ['source', 'CREATE UNIQUE INDEX ON $ (id, note)'],
      ['in sync'],
      ['clone', 'CREATE UNIQUE INDEX ON $ (id, note)'],
      ['clone', `ALTER TABLE $ ADD CONSTRAINT c CHECK (note <> '-')`],
      ['clone', 'ALTER TABLE $ ALTER note SET NOT NULL'],
    ],
  },
  {
    title: 'drop a constraint',
    table: `ALTER TABLE $ ADD CONSTRAINT c CHECK (note <> '-')`,
    steps: [['both, clone first', 'ALTER TABLE $ DROP CONSTRAINT c']],
  },
  {
    title: 'add a label to an enum',
    table: `CREATE TYPE $_e AS ENUM ('a'); ALTER TABLE $ ADD COLUMN c $_e`,
    steps: [
      ['both, clone first', `ALTER TYPE $_e ADD VALUE 'b'`],
      ['source', `UPDATE $ SET c = 'b'`],
    ],
  },
  {
    title: 'rename a column',
    table: ADD_NULL,
    steps: [['source', 'ALTER TABLE $ RENAME COLUMN c TO d'], ['stopped'], ['as printed']],
    stops: true,
  },
  {
    title: 'add a column on the source alone, by mistake',
    steps: [['source', `ALTER TABLE $ ADD COLUMN c text NOT NULL DEFAULT 'x'`], ['stopped'], ['as printed']],
    stops: true,
  },
];

export const KEYLESS_RULES: readonly Rule[] = [
  {
    title: 'add a column with a computed default',
    steps: [
      ['both, clone first', 'ALTER TABLE $ ADD COLUMN c uuid'],
      ['source', 'ALTER TABLE $ ALTER c SET DEFAULT gen_random_uuid()'],
      ['source', 'UPDATE $ SET c = gen_random_uuid() WHERE c IS NULL'],
    ],
  },
  {
    title: 'add a constraint, and a label to an enum',
    table: `CREATE TYPE $_e AS ENUM ('a'); ALTER TABLE $ ADD COLUMN c $_e`,
    steps: [
      ['source', `ALTER TABLE $ ADD CONSTRAINT k CHECK (note <> '-')`],
      ['both, clone first', `ALTER TYPE $_e ADD VALUE 'b'`],
      ['source', `UPDATE $ SET c = 'b'`],
      ['in sync'],
      ['clone', `ALTER TABLE $ ADD CONSTRAINT k CHECK (note <> '-')`],
    ],
  },
  {
    title: 'add a column with a default',
    steps: [['source', `ALTER TABLE $ ADD COLUMN c text NOT NULL DEFAULT 'x'`], ['stopped'], ['as printed']],
    stops: true,
  },
  {
    title: 'add a column without a default',
    steps: [
      ['both, clone first', ADD_NULL],
      ['source', `UPDATE $ SET c = 'x'`],
    ],
  },
  {
    title: 'drop a column',
    table: `ALTER TABLE $ ADD COLUMN c int NOT NULL DEFAULT 1`,
    steps: [
      ['clone', 'ALTER TABLE $ ALTER c DROP NOT NULL, ALTER c DROP DEFAULT'],
      ['source', 'ALTER TABLE $ ALTER c DROP NOT NULL, ALTER c DROP DEFAULT'],
      ['source', 'UPDATE $ SET c = NULL'],
      ['source', 'ALTER TABLE $ DROP COLUMN c'],
      ['in sync'],
      ['clone', 'ALTER TABLE $ DROP COLUMN c'],
    ],
  },
  {
    title: 'drop a constraint',
    table: `ALTER TABLE $ ADD CONSTRAINT c CHECK (note <> '-')`,
    steps: [['both, clone first', 'ALTER TABLE $ DROP CONSTRAINT c']],
  },
  {
    title: 'widen a type',
    table: 'ALTER TABLE $ ADD COLUMN c int DEFAULT 1',
    steps: [['both, clone first', 'ALTER TABLE $ ALTER c TYPE bigint']],
  },
  {
    title: 'rename a column',
    table: ADD_NULL,
    steps: [['source', 'ALTER TABLE $ RENAME COLUMN c TO d'], ['stopped'], ['as printed']],
    stops: true,
  },
];
