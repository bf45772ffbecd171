import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';
import { formatMark } from '../../model/mark';
import type { Place } from '../../model/address';
import type { RenameFacts } from '../../model/renames';
import { displayTable, sameTable } from '../../model/table-selection';
import type { Session } from '../../postgres/session';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../postgres/text/quoting';
import { serverSaid, type ServerError } from '../../postgres/text/server-said';
import { columnStatement, nameStatements } from '../../resources/rename-statements';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';
import { markOf } from './added-mark';
import type { Demand } from './renames-left';

type Following = Extract<Operation, { kind: 'follow-renames' }>;

/** A name that is taken, or not there any more; a right that is missing. */
const REFUSED = ['42P07', '42710', '42701', '42P01', '42703', '3F000', '42501'];

/**
 * In one transaction, under a lock that is waited for a second at most: the worker, and who reads on the clone, wait behind
 * it as long.
 */
export async function giveNames(operation: Following, execution: Execution, demand: Demand): Promise<void> {
  const { table, to, columns } = demand;
  const place: Place = operation.of.subscriber;
  const session = await execution.writer(place);
  const statements = [
    ...(sameTable(table.here, to) ? [] : nameStatements(table.here, to)),
    ...columns.map((column) => columnStatement(to, column)),
  ];
  try {
    await namingWaits(place, session, execution, () =>
      session.transaction(async () => {
        await session.query(`SET LOCAL lock_timeout = '1s'`);
        await session.query(`LOCK TABLE ONLY ${quoteQualified(table.here)} IN ACCESS EXCLUSIVE MODE`);
        await refuseAnother(operation, session, table);
        // Made of quoted names.
        // eslint-disable-next-line local/safe-sql
        for (const text of statements) await session.query(text);
        await noteColumns(operation, session, demand);
      }),
    );
  } catch (cause) {
    throw REFUSED.includes(String((cause as { code?: unknown }).code))
      ? refused(operation, table, cause as ServerError)
      : cause;
  }
}

/** In the transaction that renames them: else each would look as one that somebody made on the clone. */
async function noteColumns(
  { of, environment }: Following,
  session: Session,
  { table: { oid }, columns }: Demand,
): Promise<void> {
  if (columns.length === 0) return;
  const written = await session.query<{ number: number; xmin: string }>(
    `SELECT attnum::int AS number, xmin::text AS xmin FROM pg_attribute
      WHERE attrelid::int8 = $1::int8 AND attname::text = ANY ($2::text[]) AND NOT attisdropped`,
    [String(oid), columns.map(({ to }) => to)],
  );
  const { subscription } = of.stream;
  const mark = await markOf(session, { subscription, environment });
  const isAgain = (one: { oid: number; number: number }) =>
    one.oid === oid && written.some(({ number }) => number === one.number);
  const renamed = [...(mark.renamed ?? []).filter((one) => !isAgain(one)), ...written.map((one) => ({ oid, ...one }))];
  const text = formatMark({ ...mark, renamed: renamed.slice(-REMEMBERED) });
  await session.query(`COMMENT ON SUBSCRIPTION ${quoteIdent(subscription)} IS ${quoteLiteral(text)}`);
}

/** A mark is the comment of a subscription, and is read with every look. */
const REMEMBERED = 50;

/** Under the lock: what has the name by then may be another table. */
async function refuseAnother(operation: Following, session: Session, { oid, here }: RenameFacts): Promise<void> {
  const [row] = await session.query<{ same: boolean }>(
    `SELECT count(*) = 1 AS same FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid::int8 = $1::int8 AND n.nspname = $2 AND c.relname = $3`,
    [String(oid), here.schema, here.name],
  );
  if (row!.same) return;
  throw new OperatorError({
    code: 'RENAME_NOT_FOLLOWED',
    seen: `table ${displayTable(here)} in database ${operation.of.database} of the clone is another one than was planned with`,
    why: 'it was renamed or dropped meanwhile; nothing of it was renamed',
    next: 'run sql-runner plan to see where it stands',
  });
}

function refused({ of, environment }: Following, { here, there }: RenameFacts, cause: ServerError): OperatorError {
  return new OperatorError({
    code: 'RENAME_NOT_FOLLOWED',
    seen: `table ${displayTable(here)} in database ${of.database} of the clone could not be renamed as ${displayTable(there)} is on the source: ${serverSaid(cause)}`,
    why: 'its stream stops at the first change under the new name; nothing is lost meanwhile, and production keeps its WAL',
    next: `put that right on the clone, then sql-runner apply ${environment}`,
    cause,
  });
}
