import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';
import type { Place } from '../../model/address';
import type { RenameFacts } from '../../model/renames';
import { displayTable, sameTable } from '../../model/table-selection';
import type { Session } from '../../postgres/session';
import { quoteQualified } from '../../postgres/text/quoting';
import { serverSaid, type ServerError } from '../../postgres/text/server-said';
import { columnStatement, nameStatements } from '../../resources/rename-statements';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';
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
      }),
    );
  } catch (cause) {
    throw REFUSED.includes(String((cause as { code?: unknown }).code))
      ? refused(operation, table, cause as ServerError)
      : cause;
  }
}

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
