import type { MaterializedView } from '../../../sql-runner/postgres/catalog/materialized-views';

let last = 20_000;

/** One that may be refreshed without keeping its readers. */
export const materializedView = (name: string, more: Partial<MaterializedView> = {}): MaterializedView => ({
  oid: (last += 1),
  schema: 'public',
  name,
  role: 'keeper',
  mayRefresh: true,
  enters: true,
  populated: true,
  hasKey: true,
  ownerMakesTables: true,
  ...more,
});
