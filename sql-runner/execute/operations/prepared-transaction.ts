import { endablePrepared } from '../../postgres/catalog/prepared-transactions';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';
import type { Operation } from '../../model/change';
import type { Execution } from '../execution';

/**
 * ROLLBACK PREPARED cannot run inside a transaction block, and asks for the
 * role that prepared. One that is gone, or whose name another transaction has
 * taken since the plan, is left: repeating this is safe.
 */
export async function rollbackPrepared(
  operation: Extract<Operation, { kind: 'rollback-prepared' }>,
  execution: Execution,
): Promise<void> {
  const session = await execution.writer(operation.place);
  const present = await endablePrepared(session);
  const found = present.find(({ gid, transaction }) => gid === operation.gid && transaction === operation.transaction);
  if (found === undefined) return;
  await session.query(`SET ROLE ${quoteIdent(found.owner)}`);
  try {
    await session.query(`ROLLBACK PREPARED ${quoteLiteral(found.gid)}`);
  } finally {
    await session.query('RESET ROLE');
  }
}
