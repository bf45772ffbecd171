import type { Selection } from '../../contract/contract';
import type { CatalogTable } from '../postgres/catalog/tables';
import { quoteQualified } from '../postgres/text/quoting';
import { displayTable, excludingNothing, isSelected, selectedLeaves } from '../model/table-selection';
import { TableTree } from '../model/table-tree';
import type { Found, SourceCheck } from './check';
import { byName, tableKey } from '../drift/shape-pairs';
import { streamsOf, newClone } from '../model/streams';
import type { SourceSurvey, Scope } from '../model/survey';

/** What a selection reaches, and no stream replicates. */
const unlogged: SourceCheck = {
  code: 'UNLOGGED_TABLES',
  holds: 'no selected table or partition is unlogged',
  side: 'source',
  run: (source, scope) =>
    eachStream(source, scope, (database, selection, tables) => {
      const leaves = selectedLeaves(selection, new TableTree(tables));
      // What the clone has otherwise became unlogged since, and is told as that.
      const here = byName(scope.target?.databases[database]?.definitions ?? []);
      const found = leaves.filter((table) => table.persistence === 'unlogged' && !here.has(tableKey(table)));
      if (found.length === 0) return null;
      const when = scope.connected ? `only with a new clone (${newClone(scope.contract)}), before it is taken, ` : '';
      return {
        severity: 'warn',
        seen: `database ${database} has unlogged tables: ${found.map(displayTable).join(', ')}`,
        why: 'they write no WAL: they are empty on the clone and stay so',
        next: `if the clone needs their rows (each table is rewritten under a lock), ${when}in database ${database} on the source: ${found.map((table) => `ALTER TABLE ${quoteQualified(table)} SET LOGGED;`).join(' ')}`,
      };
    }),
};

const foreign: SourceCheck = {
  code: 'FOREIGN_TABLES_NOT_REPLICATED',
  holds: 'no selected table or partition is a foreign table',
  side: 'source',
  run: (source, scope) =>
    eachStream(source, scope, (database, selection, tables) => {
      const tree = new TableTree(tables);
      const found = selectedLeaves(selection, tree).filter(({ kind }) => kind === 'foreign');
      if (found.length === 0) return null;
      const tops = new Set(found.filter(({ partition }) => partition).map((table) => displayTable(tree.top(table))));
      const split = `; so the partitions of ${[...tops].join(', ')} are published one by one, and one that is made later is not published by itself`;
      return {
        severity: tops.size > 0 ? 'warn' : 'info',
        seen: `database ${database} has foreign tables: ${found.map(displayTable).join(', ')}`,
        why: `their rows are on another server, and no publication can send them${tops.size > 0 ? split : ''}`,
        next:
          tops.size > 0
            ? 'nothing while no partition is added; one that is added becomes part of the next clone'
            : 'nothing, unless readers of the clone need them: the clone has the definition of the foreign tables',
      };
    }),
};

/** They come with their extension, and often belong to a role that nobody can be made a member of. */
const extensions: SourceCheck = {
  code: 'EXTENSION_TABLES_NOT_REPLICATED',
  holds: 'no table of an extension is left out',
  side: 'source',
  run: (source, scope) =>
    eachStream(source, scope, (database, selection, tables) => {
      if (selection.kind === 'tables') return null;
      const found = tables.filter(({ extension, kind }) => extension !== null && kind !== 'foreign');
      const left = found.filter((table) => !table.partition && isSelected(selection, table));
      const users = left.filter(({ extension }) => extension!.configured);
      if (left.length === 0) return null;
      return {
        severity: users.length > 0 ? 'warn' : 'info',
        seen: `database ${database} has tables that belong to extensions and are left out: ${left.map(describe).join(', ')}`,
        why: 'the clone has their rows as of the moment it was taken; what is added or changed on the source later does not reach it',
        next:
          users.length > 0
            ? `nothing where only the extension writes to them; what users add to ${users.map(displayTable).join(', ')} has to be added on the clone as well, or the table named in databases[].tables of the environment file before a new clone is made`
            : 'nothing: only their extensions write to them',
      };
    }),
};

/** What is misspelt there is sent to the other account although somebody said that it should not be. */
const unmatched: SourceCheck = {
  code: 'EXCLUDE_MATCHES_NOTHING',
  holds: 'whatever is excluded is there',
  side: 'source',
  run: (source, scope) =>
    eachStream(source, scope, (database, selection, tables) => {
      const found = excludingNothing(selection, tables);
      if (found.length === 0) return null;
      return {
        severity: 'warn',
        seen: `database ${database} has no table that ${found.join(', ')} in databases[].exclude would leave out`,
        why: 'a name that is misspelt leaves nothing out: the table that was meant is replicated',
        next: 'nothing where it is meant for a table that is still to come; else put it right in the environment file',
      };
    }),
};

const describe = (table: CatalogTable): string =>
  `${displayTable(table)} (extension ${table.extension!.name}, about ${table.estimatedRows} rows${table.extension!.configured ? ', users may add some' : ''})`;

function eachStream(
  source: SourceSurvey,
  { contract }: Scope,
  look: (database: string, selection: Selection, tables: readonly CatalogTable[]) => Found | null,
): Found[] {
  return streamsOf(contract).flatMap(({ database, stream }) => {
    const survey = source.databases[database];
    const finding = survey === undefined ? null : look(database, stream.selection, survey.tables);
    return finding === null ? [] : [finding];
  });
}

export const notSelectedChecks = [unlogged, foreign, extensions, unmatched];
