import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';
import type { TableName } from '../../model/observation';
import type { RenamedColumn, RenameFacts } from '../../model/renames';
import { displayTable, sameTable } from '../../model/table-selection';
import { namedTables, namesTaken, type NamedTable } from '../../postgres/catalog/named-tables';
import { relationsNamed, schemasNamed } from '../../postgres/catalog/table-needs';
import type { ChangedTable, SentName } from '../../postgres/sent-names';
import { wayThrough } from '../../resources/renames';
import type { Execution } from '../execution';

type Following = Extract<Operation, { kind: 'follow-renames' }>;

/** What a table of the clone is to be called now, and its columns. */
export interface Demand {
  readonly table: RenameFacts;
  readonly to: TableName;
  readonly columns: readonly RenamedColumn[];
}

const oidsOf = ({ tables }: Following): number[] => tables.map(({ oid }) => oid);

/** What the source calls them by now, or by which another table is called there, may be another name than was planned with. */
export async function refuseMoved(operation: Following, { connections }: Execution): Promise<void> {
  const { of, tables } = operation;
  await connections.use(of.publisher, async (session) => {
    const found = await namedTables(session, oidsOf(operation), of.stream.publication);
    for (const table of tables) {
      const now = found.find(({ oid }) => oid === table.oid);
      if (now === undefined || !isCalled(now, table.there, ({ to }) => to, table.columns))
        throw moved(operation, displayTable(table.there));
      await refuseNamesake(operation, session, table, table.here);
    }
  });
}

/** Rows of another table of this name would arrive in this one. */
async function refuseNamesake(
  operation: Following,
  session: Parameters<typeof relationsNamed>[0],
  table: RenameFacts,
  name: TableName,
): Promise<void> {
  const all = await relationsNamed(session, [name]);
  if (all.some(({ oid, kind }) => oid !== table.oid && (kind === 'r' || kind === 'p')))
    throw moved(operation, displayTable(name));
}

/** Of what was planned, as the clone has it by now. */
export async function leftToDo(operation: Following, { connections }: Execution): Promise<RenameFacts[]> {
  const { of, tables } = operation;
  const found = await connections.use(of.subscriber, (session) =>
    namedTables(session, oidsOf(operation), of.stream.publication),
  );
  return tables.flatMap((table) => {
    const now = found.find(({ oid }) => oid === table.oid);
    if (now === undefined) throw moved(operation, displayTable(table.here));
    const has = (name: string) => now.columns.some((column) => column.name === name);
    const columns = table.columns.filter(({ to }) => !has(to));
    if (!columns.every(({ from }) => has(from))) throw moved(operation, displayTable(table.here));
    const isDone = sameTable(now, table.there) && columns.length === 0;
    return isDone ? [] : [{ ...table, here: { schema: now.schema, name: now.name }, columns }];
  });
}

function isCalled(
  now: NamedTable,
  name: TableName,
  end: (column: RenamedColumn) => string,
  columns: readonly RenamedColumn[],
): boolean {
  return sameTable(now, name) && columns.every((one) => now.columns.some((column) => column.name === end(one)));
}

/**
 * What the next transaction needs to be applied. The old name, and the new one, in one transaction cannot be had both:
 * it is applied as one.
 */
export async function demandedOf(
  operation: Following,
  { connections }: Execution,
  left: readonly RenameFacts[],
  next: readonly ChangedTable[],
): Promise<Demand[]> {
  const demands = left.flatMap((table): Demand[] => {
    const names = next.find(({ oid }) => oid === table.oid)?.names ?? [];
    const [first] = names;
    if (first === undefined) return [];
    const columns = table.columns.filter((column) => names.some(isUnder(column)));
    if (!names.every((one) => sameTable(one, first)) || columns.some((one) => !names.every(isUnder(one))))
      throw mixed(operation, table);
    return sameTable(first, table.here) && columns.length === 0
      ? []
      : [{ table, to: { schema: first.schema, name: first.name }, columns }];
  });
  for (const { table, to } of demands.filter((one) => !sameTable(one.to, one.table.there))) {
    await connections.use(operation.of.publisher, (session) => refuseNamesake(operation, session, table, to));
    await connections.use(operation.of.subscriber, async (session) => {
      const names = sameTable(to, table.here) ? [] : wayThrough(to, table.here);
      const taken = await namesTaken(session, names);
      const schemas = await schemasNamed(session, [to.schema]);
      if (taken.length > 0 || schemas.length === 0) throw moved(operation, displayTable(to));
    });
  }
  return demands;
}

const isUnder =
  ({ from, to }: RenamedColumn) =>
  ({ columns }: SentName): boolean =>
    columns.includes(to) && !columns.includes(from);

function moved({ of }: Following, name: string): OperatorError {
  return new OperatorError({
    code: 'RENAME_NOT_FOLLOWED',
    seen: `in database ${of.database} what has, or had, the name ${name} is no longer as it was planned with`,
    why: 'it was renamed or dropped meanwhile, or another one has that name; nothing more was renamed on the clone',
    next: 'run sql-runner plan to see where it stands',
  });
}

function mixed({ of, environment }: Following, { here, there }: RenameFacts): OperatorError {
  const both = [...new Set([here, there].map(displayTable))].join(' or ');
  return new OperatorError({
    code: 'RENAME_NOT_FOLLOWED',
    seen: `the transaction that comes next in database ${of.database} has changes of ${both} from before it was renamed, and from after it`,
    why: 'it is applied as one, and the clone can have only one of the names meanwhile: it cannot be applied',
    next: `sql-runner skip ${environment} shows what it holds and leaves it out; its rows then differ until sql-runner resync ${environment} has copied the table anew`,
  });
}
