import { displayTable } from '../model/table-selection';
import type { DefinedColumn } from '../postgres/catalog/table-definitions';
import { quoteIdent, quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import { compareOwned } from './compare-rights';
import { alike, difference, type Difference } from './difference';
import { moved, place } from './table-place';
import { alter, columnTitle, ofTable, type TablePair } from './table-pair';

/** What of a table is neither a column's definition nor a rule: where it stands, how it is stored, whose it is. */
export function compareTableForm(pair: TablePair): Difference[] {
  const { there, here } = pair;
  const table = displayTable(there.relation);
  const named = { title: `table ${table}`, statement: `TABLE ${quoteQualified(here.relation)}`, table };
  return [
    ...partition(pair),
    ...persistence(pair),
    ...options(pair),
    ...there.opened.defined.columns.flatMap((column) => stored(pair, column)),
    ...compareOwned(there.relation, here.relation, named),
  ];
}

function partition(pair: TablePair): Difference[] {
  const { there, here } = pair;
  const table = displayTable(there.relation);
  const found: Difference[] = [];
  if (there.opened.parts.partitionKey !== here.opened.parts.partitionKey)
    found.push(
      ofTable(pair, {
        kind: 'partition-key',
        object: `partition key of ${table}`,
        source: there.opened.parts.partitionKey ?? 'none',
        clone: here.opened.parts.partitionKey ?? 'none',
        survives: 'stops',
        consequence: 'the worker stops at the first row that has no place in a partition',
        statements: [],
        next: 'a table is partitioned when it is made: it takes a new clone',
      }),
    );
  if (place(there) !== place(here))
    found.push(
      difference({
        kind: 'partition',
        object: `table ${table}`,
        table,
        source: place(there),
        clone: place(here),
        ...whenMoved(pair),
        statements: moved(there, here),
        next: 'sql-runner plan tells whether it is replicated still, and apply compares its rows afterwards',
      }),
    );
  return found;
}

/** A table that left its table on the source is carried no more, and shows in it on the clone. */
function whenMoved({ there, here, replicated }: TablePair): Pick<Difference, 'survives' | 'consequence' | 'when'> {
  if (!replicated && there.parent === null && here.parent === null)
    return { survives: 'continues', consequence: 'no stream carries the table', when: 'now' };
  return there.parent !== null && here.parent !== null
    ? {
        survives: 'stops',
        consequence: 'the worker stops at a row that the clone has no place for',
        when: 'stopped or in sync',
      }
    : { survives: 'differs', consequence: 'its rows show in the table above on one side only', when: 'in sync' };
}

function persistence(pair: TablePair): Difference[] {
  const [there, here] = [pair.there.relation.persistence, pair.here.relation.persistence];
  if (there === here) return [];
  const words = (kind: string) => (kind === 'u' ? 'UNLOGGED' : 'LOGGED');
  return [
    ofTable(pair, {
      kind: 'persistence',
      object: `table ${displayTable(pair.there.relation)}`,
      source: words(there),
      clone: words(here),
      survives: 'differs',
      consequence: there === 'u' ? 'an unlogged table is not sent' : 'a crash of the clone empties it',
      statements: there === 'u' ? [] : [alter(pair, 'SET LOGGED')],
      next: there === 'u' ? 'SET LOGGED on the source; sql-runner doctor tells what to do then' : null,
    }),
  ];
}

function options(pair: TablePair): Difference[] {
  const [there, here] = [pair.there.opened.defined.options, pair.here.opened.defined.options];
  if (alike([...there].sort(), [...here].sort())) return [];
  const nameOf = (option: string) => option.slice(0, option.indexOf('='));
  const reset = here.map(nameOf).filter((name) => !there.map(nameOf).includes(name));
  const set = there
    .filter((option) => !here.includes(option))
    .map((option) => `${nameOf(option)} = ${quoteLiteral(option.slice(option.indexOf('=') + 1))}`);
  return [
    ofTable(pair, {
      kind: 'table-options',
      object: `storage parameters of ${displayTable(pair.there.relation)}`,
      source: there.join(', ') || 'none',
      clone: here.join(', ') || 'none',
      statements: [
        ...(reset.length === 0 ? [] : [alter(pair, `RESET (${reset.join(', ')})`)]),
        ...(set.length === 0 ? [] : [alter(pair, `SET (${set.join(', ')})`)]),
      ],
    }),
  ];
}

/** Storage, compression, statistics target and options; the rights and the comment of a column. */
function stored(pair: TablePair, there: DefinedColumn): Difference[] {
  const here = pair.here.opened.defined.columns.find(({ name }) => name === there.name);
  if (here === undefined) return [];
  const set = storedStatements(pair, there, here);
  const differing =
    set.length === 0
      ? []
      : [
          ofTable(pair, {
            kind: 'column-storage',
            object: columnTitle(pair, there.name),
            source: storedWords(storageOf(pair.there, there), there),
            clone: storedWords(storageOf(pair.here, here), here),
            statements: set,
          }),
        ];
  return [...differing, ...columnRights(pair, there, here)];
}

function storedStatements(pair: TablePair, there: DefinedColumn, here: DefinedColumn): string[] {
  const column = (what: string) => alter(pair, `ALTER COLUMN ${quoteIdent(there.name)} ${what}`);
  const nameOf = (option: string) => option.slice(0, option.indexOf('='));
  const reset = here.options.map(nameOf).filter((name) => !there.options.map(nameOf).includes(name));
  const set = there.options
    .filter((option) => !here.options.includes(option))
    .map((option) => option.replace('=', ' = '));
  const [wanted, has] = [storageOf(pair.there, there), storageOf(pair.here, here)];
  // The type decides what is stored where nothing else is said; another type is told first.
  const storage = wanted !== has && there.type === here.type;
  return [
    ...(storage ? [column(`SET STORAGE ${wanted}`)] : []),
    ...(there.compression === here.compression ? [] : [column(`SET COMPRESSION ${there.compression ?? 'default'}`)]),
    ...(there.statistics === here.statistics ? [] : [column(`SET STATISTICS ${there.statistics ?? -1}`)]),
    ...(reset.length === 0 ? [] : [column(`RESET (${reset.join(', ')})`)]),
    ...(set.length === 0 ? [] : [column(`SET (${set.join(', ')})`)]),
  ];
}

const storageOf = ({ opened }: TablePair['there'], { name }: DefinedColumn): string =>
  opened.parts.storage[name] ?? 'PLAIN';

const storedWords = (storage: string, { compression, statistics, options: list }: DefinedColumn): string =>
  [
    `STORAGE ${storage}`,
    ...(compression === null ? [] : [`COMPRESSION ${compression}`]),
    ...(statistics === null ? [] : [`STATISTICS ${statistics}`]),
    ...list,
  ].join(', ');

function columnRights(pair: TablePair, there: DefinedColumn, here: DefinedColumn): Difference[] {
  const { opened, relation } = pair.here;
  const name = `${quoteQualified(relation)}.${quoteIdent(there.name)}`;
  const owner = opened.defined.owner;
  const blank = (column: DefinedColumn) => ({ owner, rights: column.grants, comment: column.comment });
  const named = { title: columnTitle(pair, there.name), statement: `COLUMN ${name}` };
  return compareOwned(blank(there), blank(here), named).map((found) => ({
    ...found,
    table: displayTable(pair.there.relation),
    statements:
      found.kind === 'rights'
        ? found.statements.map((text) => ofColumn(text, there.name, name, relation))
        : found.statements,
  }));
}

/** `GRANT SELECT (price) ON "public"."orders" TO …`. */
const ofColumn = (text: string, column: string, name: string, relation: { schema: string; name: string }): string =>
  text
    .replace(/^(GRANT|REVOKE) (\w+) ON /, `$1 $2 (${quoteIdent(column).replaceAll('$', '$$$$')}) ON `)
    .replace(`COLUMN ${name}`, () => quoteQualified(relation));
