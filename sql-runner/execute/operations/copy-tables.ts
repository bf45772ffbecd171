import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';
import type { AddedTable } from '../../model/table-notes';
import { displayTable } from '../../model/table-selection';
import type { Place } from '../../model/address';
import { publications } from '../../postgres/catalog/publications';
import { quoteIdent } from '../../postgres/text/quoting';
import { tableKey } from '../../model/table-index';
import type { Execution } from '../execution';
import { noteTables } from './added-mark';
import { publicationNamed } from './known-alterations';
import { awaitCopies } from './await-copies';
import { compareAdded } from './compare-added';
import { refuseRows } from './make-table';
import { refuseDoubled, refuseOthers, takenStates, type States } from './taken-by-refresh';

type Copying = Extract<Operation, { kind: 'copy-tables' }>;
type Table = Copying['tables'][number];

/**
 * Each part looks at what is there, so that it goes on where a run of before was killed: a table that the subscription
 * knows is not taken once more, one that is ready is not waited for. What is compared is noted last.
 */
export async function copyTables(operation: Copying, execution: Execution): Promise<void> {
  // What is partitioned has no row of its own: its partitions are taken, and are among them.
  const held = { ...operation, tables: operation.tables.filter(({ parted }) => parted !== true) };
  const known = await takenStates(operation.stream, execution);
  const unknown = await notTaken(held, execution, known);
  if (unknown.length > 0) await take(held, execution, unknown, known);
  await awaitCopies(held, execution, () => takenStates(operation.stream, execution));
  const before = await publishedRows(operation, execution);
  if (held.tables.length > 0) await compareAdded(held, execution);
  const session = await execution.writer(operation.stream.place);
  const compared = new Map(operation.tables.map((table) => [table.oid, before(table)]));
  // What left once and is a copy again is no longer noted as gone, nor one that had its name before, unless the clone's
  // copy of the publication names that: it would be missed.
  const copy = await publicationNamed(session, operation.stream.publication);
  const [listed, named] = [new Set(copy?.tables.map(({ oid }) => oid)), new Set(operation.tables.map(tableKey))];
  await noteTables(session, operation.stream, {
    added: (added) =>
      added.map((one) =>
        compared.has(one.oid) ? { ...one, again: undefined, compared: compared.get(one.oid)! } : one,
      ),
    left: (left) =>
      left.filter(({ oid, ...one }) => !compared.has(oid) && (listed.has(oid) || !named.has(tableKey(one)))),
  });
}

const sourceOf = ({ stream }: Copying): Place => ({ side: 'source', database: stream.place.database });

/** @returns of the tables of the change those that the subscription does not know */
async function notTaken(operation: Copying, execution: Execution, known: States): Promise<readonly Table[]> {
  const { stream, tables } = operation;
  const sent = await refuseOthers(stream, execution, known, tables);
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
  await refuseDoubled(stream, execution, known, new Set(operation.tables.map(tableKey)));
}

/** Read before the rows: what is altered later is not covered by them, and is seen by the next plan. */
async function publishedRows(
  operation: Copying,
  { connections }: Execution,
): Promise<(table: Table) => NonNullable<AddedTable['compared']>> {
  const all = await connections.use(sourceOf(operation), publications);
  const rows = all.find(({ name }) => name === operation.stream.publication)?.rows;
  return (table) => {
    const [member, own] = [rows?.members[displayTable(table)], rows?.tables[String(table.oid)]];
    const row = table.partition === true ? '' : member;
    if (row === undefined || own === undefined) throw notSent(operation, [table]);
    const { stored, touched, names, order, given, known, housed, joined } = own;
    const place = joined === null ? {} : { joined };
    return { row, stored, touched, names, order, given: [...given], known, housed, ...place };
  };
}

function notSent({ stream }: Copying, missing: readonly Table[]): OperatorError {
  return new OperatorError({
    code: 'NEW_TABLE_MOVED',
    seen: `publication ${stream.publication} in database ${stream.place.database} does not send ${missing.map(displayTable).join(', ')} under that name`,
    why: 'it was dropped, renamed or taken out of the publication meanwhile: nothing of it is copied',
    next: 'run sql-runner plan to see where it stands',
  });
}
