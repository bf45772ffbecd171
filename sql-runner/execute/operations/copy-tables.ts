import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';
import type { AddedTable } from '../../model/mark';
import { displayTable } from '../../model/table-selection';
import type { Place } from '../../model/address';
import { publications } from '../../postgres/catalog/publications';
import { publishedTables } from '../../postgres/catalog/publications';
import { subscriptionRelations, subscriptions } from '../../postgres/catalog/subscriptions';
import { quoteIdent } from '../../postgres/text/quoting';
import { tableKey } from '../../model/table-index';
import type { Execution } from '../execution';
import { noteAdded } from './added-mark';
import { awaitCopies } from './await-copies';
import { compareAdded } from './compare-added';
import { refuseRows } from './make-table';

type Copying = Extract<Operation, { kind: 'copy-tables' }>;
type Table = Copying['tables'][number];

/** By name, as the subscription has them. */
type States = ReadonlyMap<string, string>;

/**
 * Each part looks at what is there, so that it goes on where a run of before was killed: a table that the subscription
 * knows is not taken once more, one that is ready is not waited for. What is compared is noted last.
 */
export async function copyTables(operation: Copying, execution: Execution): Promise<void> {
  const known = await takenStates(operation, execution);
  const unknown = await refuseOthers(operation, execution, known);
  if (unknown.length > 0) await take(operation, execution, unknown, known);
  await awaitCopies(operation, execution, () => takenStates(operation, execution));
  const before = await publishedRows(operation, execution);
  await compareAdded(operation, execution);
  const session = await execution.writer(operation.stream.place);
  const compared = new Map(operation.tables.map((table) => [table.oid, before(table)]));
  await noteAdded(session, operation.stream, (added) =>
    added.map((one) => (compared.has(one.oid) ? { ...one, again: undefined, compared: compared.get(one.oid)! } : one)),
  );
}

const sourceOf = ({ stream }: Copying): Place => ({ side: 'source', database: stream.place.database });

async function takenStates({ stream }: Copying, { connections }: Execution): Promise<States> {
  return connections.use(stream.place, async (session) => {
    const oid = (await subscriptions(session)).find(({ name }) => name === stream.subscription)?.oid;
    const all = (await subscriptionRelations(session)).filter(({ subscription }) => subscription === oid);
    return new Map(all.map((one) => [tableKey(one), one.state]));
  });
}

/**
 * A refresh begins to copy every table that the subscription does not know. One that came with the clone has its rows,
 * and must never be among them.
 * @returns of the tables of the change those that it does not know
 */
async function refuseOthers(operation: Copying, execution: Execution, known: States): Promise<readonly Table[]> {
  const { stream, tables } = operation;
  const sent = await execution.connections.use(sourceOf(operation), (session) =>
    publishedTables(session, stream.publication),
  );
  const keys = new Set(tables.map(tableKey));
  const others = sent.filter((table) => !known.has(tableKey(table)) && !keys.has(tableKey(table)));
  if (others.length > 0) throw unexpected(operation, others);
  const missing = tables.filter((table) => !sent.some((one) => tableKey(one) === tableKey(table)));
  if (missing.length > 0) throw notSent(operation, missing);
  return tables.filter((table) => !known.has(tableKey(table)));
}

async function take(operation: Copying, execution: Execution, unknown: readonly Table[], known: States): Promise<void> {
  const { stream } = operation;
  const session = await execution.writer(stream.place);
  for (const table of unknown) await refuseRows(session, { stream, table });
  await session.query(
    `ALTER SUBSCRIPTION ${quoteIdent(stream.subscription)} REFRESH PUBLICATION WITH (copy_data = true)`,
  );
  const keys = new Set(operation.tables.map(tableKey));
  const more = [...(await takenStates(operation, execution)).keys()].filter((key) => !known.has(key) && !keys.has(key));
  if (more.length > 0) {
    const names = more.map((key) => ({ schema: key.split('\0')[0]!, name: key.split('\0')[1]! }));
    throw doubled(operation, names);
  }
}

/** Read before the rows: what is altered later is not covered by them, and is seen by the next plan. */
async function publishedRows(
  operation: Copying,
  { connections }: Execution,
): Promise<(table: Table) => NonNullable<AddedTable['compared']>> {
  const all = await connections.use(sourceOf(operation), publications);
  const rows = all.find(({ name }) => name === operation.stream.publication)?.rows;
  return (table) => {
    const [row, own] = [rows?.members[displayTable(table)], rows?.tables[String(table.oid)]];
    if (row === undefined || own === undefined) throw notSent(operation, [table]);
    const { stored, touched, names, order, given, known, housed } = own;
    return { row, stored, touched, names, order, given: [...given], known, housed };
  };
}

function unexpected({ stream }: Copying, others: readonly { schema: string; name: string }[]): OperatorError {
  return new OperatorError({
    code: 'TABLE_NOT_SUBSCRIBED',
    seen: `publication ${stream.publication} in database ${stream.place.database} sends ${others.map(displayTable).join(', ')} as well, which subscription ${stream.subscription} does not know`,
    why: 'to take the new tables would copy these too, beside the rows that the clone has of them',
    next: `sql-runner doctor ${stream.environment} says what to do about these; then run the same command again`,
  });
}

function notSent({ stream }: Copying, missing: readonly Table[]): OperatorError {
  return new OperatorError({
    code: 'NEW_TABLE_MOVED',
    seen: `publication ${stream.publication} in database ${stream.place.database} does not send ${missing.map(displayTable).join(', ')} under that name`,
    why: 'it was dropped, renamed or taken out of the publication meanwhile: nothing of it is copied',
    next: 'run sql-runner plan to see where it stands',
  });
}

function doubled({ stream }: Copying, more: readonly { schema: string; name: string }[]): OperatorError {
  return new OperatorError({
    code: 'TABLE_NOT_SUBSCRIBED',
    seen: `while subscription ${stream.subscription} in database ${stream.place.database} took the new tables, ${more.map(displayTable).join(', ')} came into its publication and is copied too`,
    why: 'where the clone had rows of it they are there twice now, or stop its copy',
    next: `sql-runner verify ${stream.environment} shows whether rows are there that the source has not`,
  });
}
