import type { CatalogTable } from '../postgres/catalog/tables';
import { quoteQualified } from '../postgres/text/quoting';
import { displayTable, selectedLeaves } from '../model/table-selection';
import { TableTree } from '../model/table-tree';
import type { TargetCheck } from './check';
import { byName, tableKey } from '../drift/shape-pairs';
import { streamsOf, type StreamOf, newClone } from '../model/streams';
import type { SourceDatabaseSurvey, TargetDatabaseSurvey } from '../model/survey';

/** SET UNLOGGED is refused for what a publication names, and not for its partitions. */
const unloggedSince: TargetCheck = {
  code: 'TABLE_UNLOGGED_SINCE',
  stops: ['connect'],
  both: true,
  holds: 'no table of the clone that is replicated is unlogged on the source by now',
  side: 'target',
  run: (target, { contract, source }) =>
    streamsOf(contract).flatMap((of) => {
      const found = unloggedOf(of, source?.databases[of.database], target.databases[of.database]);
      if (found.length === 0) return [];
      return [
        {
          severity: 'block',
          seen: `unlogged on the source by now, and on the clone with rows: ${found.map(displayTable).join(', ')} of database ${of.database}`,
          why: 'an unlogged table writes no WAL: no change of it reaches the clone since, nor will one that it takes now',
          next: `apply compares every row afterwards; where they differ, ${newClone(contract)}; first, which writes it anew under a lock that keeps everybody out, in database ${of.database} on the source: ${found.map((table) => `ALTER TABLE ${quoteQualified(table)} SET LOGGED;`).join(' ')}`,
        },
      ];
    }),
};

function unloggedOf(
  { stream }: StreamOf,
  production: SourceDatabaseSurvey | undefined,
  clone: TargetDatabaseSurvey | undefined,
): CatalogTable[] {
  if (production === undefined || clone === undefined) return [];
  const here = byName(clone.definitions);
  return selectedLeaves(stream.selection, new TableTree(production.tables)).filter(
    (table) => table.persistence === 'unlogged' && here.has(tableKey(table)),
  );
}

/** Made so by hand: the clone came with it as the source had it. */
const unloggedOnClone: TargetCheck = {
  code: 'TABLE_UNLOGGED_ON_CLONE',
  stops: ['connect'],
  both: true,
  holds: 'no replicated table is unlogged on the clone alone',
  side: 'target',
  run: (target, { contract, source }) =>
    streamsOf(contract).flatMap((of) => {
      const [production, clone] = [source?.databases[of.database], target.databases[of.database]];
      if (production === undefined || clone === undefined) return [];
      const here = unloggedIn(clone.tables);
      const found = production.sent.filter(
        (table) => table.publication === of.stream.publication && here.has(tableKey(table)),
      );
      if (found.length === 0) return [];
      return [
        {
          severity: 'block',
          seen: `unlogged on the clone, and not on the source: ${found.map(displayTable).join(', ')} of database ${of.database}`,
          why: 'a crash of the clone leaves no row in it; one that was unlogged when the clone was taken came without rows',
          next: `apply compares every row afterwards; where they differ, ${newClone(contract)}; first, in database ${of.database} on the clone: ${found.map((table) => `ALTER TABLE ${quoteQualified(table)} SET LOGGED;`).join(' ')}`,
        },
      ];
    }),
};

/** Keys of what is unlogged: it is there, though it is none of the tables whose definitions are read. */
export const unloggedIn = (tables: readonly CatalogTable[]): ReadonlySet<string> =>
  new Set(tables.filter(({ persistence }) => persistence === 'unlogged').map(tableKey));

export const unloggedSinceChecks = [unloggedSince, unloggedOnClone];
