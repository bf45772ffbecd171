/** On which side a change of that kind is made first, the next time. */
export const ORDERS = {
  clone: 'clone, then source',
  source: 'source; once in sync, the clone',
  printed: 'source; then the clone, as printed',
  relaxed: 'clone: DROP NOT NULL; source; once in sync, the clone',
  plain: 'both without the default, clone first; then the default on the source',
  told: 'source; then as it is told',
  either: 'either side first',
} as const;

export type Order = keyof typeof ORDERS;

/** What the source has and the clone has not, the other way round, and what both have otherwise. */
export type Mark = '+' | '-' | '~';

interface Kind {
  readonly title: string;
  /** Safe orders, by what the source has done: added, dropped, altered. */
  readonly order: Readonly<Record<Mark, Order>>;
}

const kind = (title: string, added: Order, dropped: Order, altered: Order): Kind => ({
  title,
  order: { '+': added, '-': dropped, '~': altered },
});
const harmless = (title: string): Kind => kind(title, 'either', 'either', 'either');

/** Every kind of difference, in the order in which their statements are carried out. */
export const KINDS = {
  locale: harmless('Encoding or locale of a database'),
  role: harmless('A role, its attributes and memberships'),
  schema: kind('A schema', 'clone', 'either', 'either'),
  extension: kind('An extension, or its version', 'clone', 'source', 'clone'),
  collation: kind('A collation', 'clone', 'source', 'clone'),
  view: harmless('A view'),
  'materialized-view': harmless('A materialized view'),
  type: kind('An enum, domain, composite or range type', 'clone', 'source', 'printed'),
  'enum-label': kind('A label of an enum', 'clone', 'source', 'printed'),
  'domain-rule': kind('NOT NULL or CHECK of a domain', 'source', 'clone', 'clone'),
  'type-default': harmless('The default of a domain'),
  function: kind('A function or procedure', 'clone', 'source', 'clone'),
  table: kind('A table', 'told', 'source', 'printed'),
  persistence: kind('Whether a table is logged', 'source', 'source', 'source'),
  'foreign-key': kind('A foreign key', 'source', 'clone', 'source'),
  check: kind('A CHECK constraint', 'source', 'clone', 'source'),
  'check-validation': harmless('A CHECK constraint or foreign key that is not validated'),
  'partition-key': kind('By what a table is partitioned', 'printed', 'printed', 'printed'),
  partition: kind('Where a partition is attached', 'printed', 'printed', 'printed'),
  'column-renamed': kind('The name of a column', 'printed', 'printed', 'printed'),
  column: kind('A column', 'clone', 'source', 'printed'),
  'column-type': kind('The type of a column', 'clone', 'clone', 'clone'),
  'column-generated': kind('What a generated column is computed from', 'clone', 'clone', 'clone'),
  'column-values': kind('The values that a column was added with', 'clone', 'clone', 'clone'),
  'column-collation': harmless('The collation of a column'),
  'column-not-null': kind('NOT NULL of a column', 'source', 'clone', 'source'),
  'column-identity': harmless('Whether a column is an identity'),
  'column-default': harmless('The default of a column'),
  'column-storage': harmless('Storage, compression, statistics or options of a column'),
  key: kind('By which columns rows are identified', 'printed', 'printed', 'printed'),
  unique: kind('A primary key, unique index or exclusion constraint', 'source', 'clone', 'source'),
  index: harmless('An index'),
  'rule-name': harmless('The name of a constraint or index'),
  'replica-identity': kind('The replica identity', 'printed', 'printed', 'printed'),
  'table-options': harmless('Storage parameters of a table'),
  'large-objects': harmless('Large objects'),
  owner: harmless('The owner of something'),
  rights: harmless('Rights on something'),
  comment: harmless('A comment'),
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as KindName[];
