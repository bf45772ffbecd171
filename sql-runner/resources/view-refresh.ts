import { changeOf, type Change } from '../model/change';
import { addressText, type Address } from '../model/address';
import type { MaterializedView } from '../postgres/catalog/materialized-views';
import { displayQualified, quoteQualified } from '../postgres/text/quoting';
import { someOf } from './some-of';
import type { OrderedView } from './view-order';

export interface Refreshing {
  readonly database: string;
  /** All that are refreshed in this database. */
  readonly chosen: ReadonlySet<MaterializedView>;
  readonly slots: readonly string[];
  readonly statementSeconds: number;
  readonly refreshed: Readonly<Record<string, string>>;
}

/** One materialized view, in a change of its own: what fails of one keeps none of the others from it. */
export function refreshChange({ view, reads }: OrderedView, of: Refreshing): Change {
  const address: Address = {
    side: 'target',
    database: of.database,
    kind: 'materialized-view',
    name: displayQualified(view),
  };
  const concurrently = view.populated && view.hasKey && view.ownerMakesTables;
  const last = of.refreshed[addressText(address)];
  const known =
    last === undefined
      ? 'when it was refreshed last is not known'
      : `refreshed by the run that began ${last}; by others: not known`;
  return changeOf({
    address,
    action: 'update',
    reason: [howRead(view), ...beforeIt(reads, of.chosen)].join('; '),
    preview: [`${refreshSql(view, concurrently)};  -- ${known}`],
    operation: {
      kind: 'refresh-view',
      place: { side: 'target', database: of.database },
      oid: view.oid,
      schema: view.schema,
      name: view.name,
      concurrently,
      after: reads.filter((one) => of.chosen.has(one)).map(({ oid }) => oid),
      slots: of.slots,
      statementSeconds: of.statementSeconds,
    },
  });
}

export const refreshSql = (view: { readonly schema: string; readonly name: string }, concurrently: boolean): string =>
  `REFRESH MATERIALIZED VIEW ${concurrently ? 'CONCURRENTLY ' : ''}${quoteQualified(view)}`;

function howRead({ populated, hasKey, ownerMakesTables }: MaterializedView): string {
  if (!populated) return 'it holds no rows on the clone yet, and cannot be read until it does';
  const blocked = 'under ACCESS EXCLUSIVE: who reads it waits to the end';
  if (!hasKey) return `${blocked}, as it has no unique index of columns and of all rows`;
  if (!ownerMakesTables) return `${blocked}, as its owner may make no temporary tables`;
  return 'under EXCLUSIVE: who reads it goes on reading';
}

function beforeIt(reads: readonly MaterializedView[], chosen: ReadonlySet<MaterializedView>): string[] {
  const [first, old] = [reads.filter((one) => chosen.has(one)), reads.filter((one) => !chosen.has(one))];
  const names = (all: readonly MaterializedView[]) => someOf(all.map(displayQualified));
  return [
    ...(first.length === 0 ? [] : [`it reads ${names(first)}`]),
    ...(old.length === 0 ? [] : [`it reads ${names(old)}, not refreshed by this run: those rows are older ones`]),
  ];
}
