import type { ShapePair } from '../model/survey';
import { displayTable } from '../model/table-selection';
import { quoteIdent, quoteQualified, type QualifiedName } from '../postgres/text/quoting';
import { compareColumns } from './compare-columns';
import { compareRules } from './compare-rules';
import { compareTableForm } from './compare-table-form';
import { difference, paired, type Difference } from './difference';
import type { BothSides, OpenedTable, TableFacts } from './facts';
import { compareKeys } from './compare-keys';
import { place } from './table-place';
import { typeWords, type TypeWords } from './type-words';
import type { TablePair } from './table-pair';

const nameOf = ({ relation }: TableFacts): string => displayTable(relation);

/** Tables of both sides: those that one has alone, and how those differ that both have. */
export function compareTables({ database, source, clone, isReplicated }: BothSides): Difference[] {
  const types = typeWords(source.types, clone.types);
  const both = paired(source.tables, clone.tables, nameOf);
  const former = new Map(both.flatMap(({ there, here }) => (there === null ? [[here!.relation.oid, here!]] : [])));
  const moved = new Map(
    both.flatMap(({ there, here }) => {
      const was = there === null || here !== null ? undefined : former.get(there.relation.oid);
      return was !== undefined && isSame(there!, was) ? [[there!, was] as const] : [];
    }),
  );
  const gone = new Set(moved.values());
  const alone = both.flatMap(({ there, here }) => {
    if (there !== null && here !== null) return [];
    if (there === null) return gone.has(here!) ? [] : [onlyOnClone(here!, isReplicated(here!.relation))];
    const was = moved.get(there);
    return [was === undefined ? onlyOnSource(there, isReplicated(there.relation)) : renamed(there, was, isReplicated)];
  });
  const pairs = tablePairs(database, both, isReplicated, types);
  return [
    ...alone,
    ...pairs.flatMap((pair) => [
      // What a partition has of its table it has once it is one.
      ...(place(pair.there) === place(pair.here) ? compareRules(pair) : []),
      ...compareColumns(pair),
      ...compareKeys(pair),
      ...compareTableForm(pair),
    ]),
  ];
}

/** Oids of what was made on both sides since may be the same by chance. */
const isSame = (there: TableFacts, was: TableFacts): boolean =>
  there.relation.kind === was.relation.kind &&
  there.opened !== null &&
  was.opened !== null &&
  was.opened.shape.columns.some(({ number, name }) =>
    there.opened!.shape.columns.some((column) => column.number === number && column.name === name),
  );

function onlyOnSource({ relation, parent }: TableFacts, replicated: boolean): Difference {
  return difference({
    kind: 'table',
    object: `table ${displayTable(relation)}`,
    table: displayTable(relation),
    source: relation.kind === 'p' ? 'a partitioned table' : 'a table',
    clone: null,
    survives: replicated ? 'stops' : 'continues',
    consequence: replicated
      ? 'the worker stops at the next row of it'
      : 'no stream carries it yet: its rows are not on the clone',
    statements: [],
    next:
      parent === null
        ? 'sql-runner plan shows whether it is added, and sql-runner apply adds it with its rows'
        : 'sql-runner doctor prints what makes the partition and fills it',
  });
}

function onlyOnClone({ relation }: TableFacts, replicated: boolean): Difference {
  return difference({
    kind: 'table',
    object: `table ${displayTable(relation)}`,
    table: displayTable(relation),
    source: null,
    clone: relation.kind === 'p' ? 'a partitioned table' : 'a table',
    consequence: replicated
      ? 'nothing comes for it any more'
      : 'the source has none of its name, and sends no row for it',
    statements: [],
    next: 'sql-runner plan and doctor tell what becomes of it; dropping it loses its rows',
  });
}

function renamed(
  { relation: now }: TableFacts,
  { relation: was }: TableFacts,
  isReplicated: BothSides['isReplicated'],
): Difference {
  const between = { schema: now.schema, name: was.name };
  return difference({
    kind: 'table',
    object: `table ${displayTable(now)}`,
    table: displayTable(now),
    source: displayTable(now),
    clone: displayTable(was),
    survives: isReplicated(now) ? 'stops' : 'continues',
    consequence: 'tables are found by name: the worker stops at the next row',
    when: isReplicated(now) ? 'stopped or in sync' : 'now',
    statements: [
      ...(was.schema === now.schema ? [] : [`ALTER TABLE ${quoteQualified(was)} SET SCHEMA ${quoteIdent(now.schema)}`]),
      ...(was.name === now.name ? [] : [`ALTER TABLE ${quoteQualified(between)} RENAME TO ${quoteIdent(now.name)}`]),
    ],
    next: 'what else differs of it is told under its new name',
  });
}

interface Growing extends TablePair {
  parent: TablePair | null;
}

function tablePairs(
  database: string,
  both: readonly { there: TableFacts | null; here: TableFacts | null }[],
  isReplicated: BothSides['isReplicated'],
  types: TypeWords,
): TablePair[] {
  const made = new Map<string, Growing>();
  for (const { there, here } of both) {
    if (!isOpened(there) || !isOpened(here)) continue;
    const [production, clone] = [there.opened.shape, here.opened.shape];
    const same = production.oid === clone.oid;
    const shapes: ShapePair = { database, there: production, here: clone, same, parent: null, leaves: [] };
    made.set(nameOf(there), { there, here, shapes, replicated: isReplicated(there.relation), parent: null, types });
  }
  for (const pair of made.values()) {
    const parent = pair.there.parent === null ? undefined : made.get(displayTable(pair.there.parent));
    if (parent === undefined || !samePlace(pair.there.parent, pair.here.parent)) continue;
    pair.parent = parent;
    (pair.shapes as { parent: ShapePair | null }).parent = parent.shapes;
  }
  for (const { shapes } of made.values())
    for (let above = shapes.parent; above !== null; above = above.parent) (above.leaves as ShapePair[]).push(shapes);
  return [...made.values()];
}

const isOpened = (table: TableFacts | null): table is TableFacts & { opened: OpenedTable } =>
  table !== null && table.opened !== null;

const samePlace = (there: QualifiedName | null, here: QualifiedName | null): boolean =>
  (there === null ? '' : displayTable(there)) === (here === null ? '' : displayTable(here));
