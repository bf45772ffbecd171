import { ORDERS, type KindName, type Order } from './kinds';
import type { Survival } from './difference';

/** What makes the clone like the source again. */
type Remedy = 'none' | 'sql' | 'plan' | 'sequences' | 'large-objects' | 'doctor' | 'clone';

/** One change of the source, and what becomes of it on a clone that follows. */
export interface FollowRule {
  readonly change: string;
  /** Replication carries it. */
  readonly follows: boolean;
  /** What becomes of the stream while the clone has not got it; of a clone that follows by itself it goes on. */
  readonly stream: Survival;
  /** On which side it is done first. */
  readonly order: Order;
  readonly remedy: Remedy;
  /** The first major that has it; else all from 13. */
  readonly from?: number;
  /** Kinds under which sql-runner schema tells of it; none: it does not. */
  readonly kinds: readonly KindName[];
}

const follows = (change: string): FollowRule => ({
  change,
  follows: true,
  stream: 'continues',
  order: 'either',
  remedy: 'none',
  kinds: [],
});
const rule = (
  change: string,
  stream: Survival,
  order: Order,
  kind: KindName | readonly KindName[],
  more: Partial<FollowRule> = {},
): FollowRule => ({
  change,
  follows: false,
  stream,
  order,
  remedy: 'sql',
  kinds: typeof kind === 'string' ? [kind] : kind,
  ...more,
});

/**
 * What follows and what does not: the table of docs/schema-drift.md is made of it. The statements of each row, which
 * tests carry out on 17, are in test/sql-runner/drift/changes.ts.
 */
export const WHAT_FOLLOWS = {
  'write-rows': follows('INSERT, UPDATE, DELETE'),
  truncate: follows('TRUNCATE'),
  nextval: rule('Values that sequences hand out', 'continues', 'either', [], { remedy: 'sequences' }),
  'large-object': rule('Large objects', 'continues', 'either', 'large-objects', { remedy: 'large-objects' }),
  'new-table': rule('CREATE TABLE', 'continues', 'told', 'table', { remedy: 'plan' }),
  'rename-table': rule('ALTER TABLE … RENAME TO', 'stops', 'printed', 'table', { remedy: 'plan' }),
  'new-partition': rule('CREATE TABLE … PARTITION OF', 'stops', 'told', 'table', { remedy: 'doctor' }),
  'attach-partition': rule('ATTACH PARTITION', 'differs', 'printed', 'partition'),
  'detach-partition': rule('DETACH PARTITION', 'differs', 'printed', 'partition'),
  'add-column': rule('ADD COLUMN, without a default', 'stops', 'clone', 'column'),
  'add-column-default': rule('ADD COLUMN with a constant default', 'stops', 'clone', 'column'),
  'add-column-keyless': rule('The same, of a table without a key', 'stops', 'printed', 'column'),
  'add-column-computed': rule('ADD COLUMN with a computed default', 'stops', 'plain', 'column', { remedy: 'clone' }),
  'add-column-generated': rule('ADD COLUMN … GENERATED … STORED', 'continues', 'clone', 'column'),
  'drop-column': rule('DROP COLUMN', 'continues', 'source', 'column'),
  'drop-column-required': rule('DROP COLUMN that is NOT NULL', 'stops', 'relaxed', 'column'),
  'rename-column': rule('RENAME COLUMN', 'stops', 'printed', 'column-renamed', { remedy: 'plan' }),
  'widen-type': rule('ALTER COLUMN … TYPE, a wider one', 'stops', 'clone', 'column-type'),
  'narrow-type': rule('ALTER COLUMN … TYPE, a narrower one', 'continues', 'clone', 'column-type'),
  'alter-generated': rule('Another generated column of that name', 'differs', 'clone', 'column-generated'),
  'set-default': rule('SET DEFAULT, DROP DEFAULT', 'continues', 'either', 'column-default'),
  'set-not-null': rule('SET NOT NULL', 'continues', 'source', 'column-not-null'),
  'drop-not-null': rule('DROP NOT NULL', 'stops', 'clone', 'column-not-null'),
  'add-identity': rule('ADD GENERATED … AS IDENTITY', 'continues', 'either', 'column-identity'),
  collation: rule('Another COLLATE of a column', 'continues', 'either', 'column-collation'),
  storage: rule('SET STORAGE, SET STATISTICS', 'continues', 'either', 'column-storage'),
  compression: rule('SET COMPRESSION', 'continues', 'either', 'column-storage', { from: 14 }),
  'table-options': rule('Storage parameters', 'continues', 'either', 'table-options'),
  'add-check': rule('ADD CONSTRAINT … CHECK', 'continues', 'source', 'check'),
  'drop-check': rule('DROP CONSTRAINT, a CHECK', 'stops', 'clone', 'check'),
  'validate-check': rule('VALIDATE CONSTRAINT', 'continues', 'either', 'check-validation'),
  'add-unique': rule('ADD CONSTRAINT … UNIQUE, a unique index', 'continues', 'source', 'unique'),
  'drop-unique': rule('DROP CONSTRAINT, a unique one', 'stops', 'clone', 'unique'),
  'nulls-not-distinct': rule('UNIQUE NULLS NOT DISTINCT, dropped', 'stops', 'clone', 'unique', { from: 15 }),
  'add-exclusion': rule('ADD CONSTRAINT … EXCLUDE', 'continues', 'source', 'unique'),
  'add-index': rule('CREATE INDEX', 'continues', 'either', 'index'),
  'drop-index': rule('DROP INDEX', 'continues', 'either', 'index'),
  'rename-index': rule('RENAME of an index or constraint', 'continues', 'either', 'rule-name'),
  'add-foreign-key': rule('ADD CONSTRAINT … FOREIGN KEY', 'continues', 'source', 'foreign-key'),
  'drop-foreign-key': rule('DROP CONSTRAINT, a foreign key', 'stops', 'clone', 'foreign-key'),
  'other-key': rule('Another primary key', 'stops', 'printed', 'key'),
  'replica-identity': rule('REPLICA IDENTITY FULL, of a table with a key', 'continues', 'printed', 'replica-identity'),
  'enum-label': rule('ALTER TYPE … ADD VALUE', 'stops', 'clone', 'enum-label'),
  'rename-label': rule('ALTER TYPE … RENAME VALUE', 'stops', 'printed', 'enum-label'),
  'domain-check': rule('ALTER DOMAIN … ADD CONSTRAINT', 'continues', 'source', 'domain-rule'),
  'drop-domain-check': rule('ALTER DOMAIN … DROP CONSTRAINT', 'stops', 'clone', 'domain-rule'),
  'domain-default': rule('ALTER DOMAIN … SET DEFAULT', 'continues', 'either', 'type-default'),
  'composite-attribute': rule('ALTER TYPE … ADD ATTRIBUTE', 'stops', 'printed', 'type'),
  'new-type': rule('CREATE TYPE, CREATE DOMAIN', 'continues', 'clone', 'type'),
  'rename-type': rule('ALTER TYPE … RENAME TO', 'continues', 'printed', 'type'),
  'new-function': rule('CREATE FUNCTION', 'continues', 'clone', 'function'),
  'other-function': rule('CREATE OR REPLACE FUNCTION', 'continues', 'clone', 'function'),
  'generating-function': rule('The same, of one that a generated column calls', 'differs', 'clone', 'function'),
  'new-view': rule('CREATE VIEW', 'continues', 'either', 'view'),
  'other-view': rule('CREATE OR REPLACE VIEW', 'continues', 'either', 'view'),
  'drop-view': rule('DROP VIEW', 'continues', 'either', 'view'),
  'new-materialized-view': rule('CREATE MATERIALIZED VIEW', 'continues', 'either', 'materialized-view'),
  'new-schema': rule('CREATE SCHEMA', 'continues', 'clone', 'schema'),
  'new-extension': rule('CREATE EXTENSION', 'continues', 'clone', 'extension'),
  'new-collation': rule('CREATE COLLATION', 'continues', 'clone', 'collation'),
  'new-role': rule('CREATE ROLE, GRANT of a role', 'continues', 'either', 'role'),
  rights: rule('GRANT, REVOKE', 'continues', 'either', 'rights'),
  owner: rule('OWNER TO', 'continues', 'either', 'owner'),
  comment: rule('COMMENT ON', 'continues', 'either', 'comment'),
} as const satisfies Readonly<Record<string, FollowRule>>;

/** The majors that the table has a column for. */
export const FOLLOW_MAJORS = [13, 14, 15, 16, 17, 18] as const;

export type FollowId = keyof typeof WHAT_FOLLOWS;

const STREAM: Readonly<Record<Survival, string>> = { continues: 'goes on', stops: 'stops', differs: 'rows differ' };
const REMEDY: Readonly<Record<Remedy, string>> = {
  none: '',
  sql: 'as `sql-runner schema` prints it',
  plan: '`sql-runner apply`',
  sequences: '`sql-runner sequences`',
  'large-objects': '`sql-runner large-objects`',
  doctor: 'as `sql-runner doctor` prints it',
  clone: 'a new clone',
};

/** What a cell of the table says for a major. */
export function onMajor({ follows: by, stream, from = 13 }: FollowRule, major: number): string {
  if (major < from) return '–';
  return by ? 'follows' : STREAM[stream];
}

export const remedyOf = ({ remedy }: FollowRule): string => REMEDY[remedy];
export const orderOf = ({ follows: by, order }: FollowRule): string => (by ? '' : ORDERS[order]);
