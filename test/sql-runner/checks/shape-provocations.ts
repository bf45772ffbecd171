import type { ShapePair } from '../../../sql-runner/model/survey';
import type { ColumnShape, TableShape, UniqueIndex } from '../../../sql-runner/postgres/catalog/table-shapes';
import type { TableDigest } from '../../../sql-runner/postgres/catalog/table-digests';
import type { UserType } from '../../../sql-runner/postgres/catalog/user-types';
import type { Draft } from '../support/observations';
import type { Edit } from './provocations';

export const column = (name: string, overrides: Partial<ColumnShape> = {}): ColumnShape => ({
  number: 1,
  name,
  type: 'integer',
  collation: null,
  notNull: false,
  identity: '',
  generated: '',
  expression: null,
  missing: null,
  cameWithClone: true,
  ...overrides,
});

export const index = (columns: string[], overrides: Partial<UniqueIndex> = {}): UniqueIndex => ({
  schema: 'public',
  name: `orders_${columns.join('_')}_key`,
  constraint: null,
  primary: false,
  exclusion: false,
  ready: true,
  valid: true,
  immediate: true,
  replicaIdentity: false,
  columns,
  refuses: columns.join(),
  definition: `CREATE UNIQUE INDEX orders_${columns.join('_')}_key ON public.orders USING btree (${columns.join()})`,
  inherited: false,
  referencedBy: [],
  ...overrides,
});

export const shape = (overrides: Partial<TableShape> = {}): TableShape => ({
  oid: 16400,
  schema: 'public',
  name: 'orders',
  file: 16400,
  identity: 'd',
  columns: [],
  dropped: [],
  indexes: [],
  checks: [],
  ...overrides,
});

export const pairOf = (
  there: Partial<TableShape>,
  here: Partial<TableShape>,
  more: Partial<ShapePair> = {},
): ShapePair => ({
  database: 'shop',
  there: shape(there),
  here: shape(here),
  same: true,
  parent: null,
  leaves: [],
  ...more,
});

export const differing =
  (...pairs: ShapePair[]): Edit =>
  (world) => {
    world.shapes.shop = {
      pairs: pairs as Draft<ShapePair>[],
      unread: [],
      usedTypes: [],
      typesOnClone: [],
      indexesThere: [],
    };
  };

const type = (overrides: Partial<UserType>): UserType => ({
  oid: 16500,
  arrays: [],
  schema: 'public',
  name: 'mood',
  kind: 'e',
  uses: [],
  labels: [],
  base: null,
  notNull: false,
  checks: [],
  attributes: [],
  ...overrides,
});

export const types =
  (there: Partial<UserType>, here: Partial<UserType> | null): Edit =>
  (world) => {
    const typesOnClone = here === null ? [] : [type(here)];
    world.shapes.shop = { pairs: [], unread: [], usedTypes: [type(there)], typesOnClone } as never;
  };

const digest = (oid: number, name: string, publications: string[] = []): Draft<TableDigest> => ({
  oid,
  schema: 'public',
  name,
  parent: null,
  inherits: [],
  bound: null,
  digest: '',
  types: [],
  subscriptions: [],
  publications,
});

export const tables =
  (there: [oid: number, name: string][], here: [oid: number, name: string, ...publications: string[]][]): Edit =>
  ({ source, target }) => {
    source.databases.shop!.definitions = there.map(([oid, name]) => digest(oid, name));
    target.databases.shop!.definitions = here.map(([oid, name, ...publications]) => digest(oid, name, publications));
  };
