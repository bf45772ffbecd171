import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';
import { displayTable } from '../../model/table-selection';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';
import { awaitApplied } from './await-applied';
import { refuseRows } from './make-table';

type Attaching = Extract<Operation, { kind: 'attach-partition' }>;

/** A run that dies before it is committed leaves it apart, and the next one begins here again. */
export async function attachPartition(operation: Attaching, execution: Execution): Promise<void> {
  const { stream, of, table, attach } = operation;
  await awaitApplied(of, execution);
  const session = await execution.writer(stream.place);
  await namingWaits(stream.place, session, execution, () =>
    session.transaction(async () => {
      await refuseRows(session, { stream, table });
      try {
        // Quoted where it is planned; the bound is the server's own text.
        // eslint-disable-next-line local/safe-sql
        await session.query(attach);
      } catch (cause) {
        throw (cause as { code?: string }).code === CHECK_VIOLATION ? holdsItsRows(operation) : cause;
      }
    }),
  );
}

const CHECK_VIOLATION = '23514';

/** Of a default partition that was detached meanwhile nothing is sent, and neither is what is deleted from it. */
function holdsItsRows({ stream, table }: Attaching): OperatorError {
  return new OperatorError({
    code: 'NEW_TABLE_HAS_ROWS',
    seen: `in database ${stream.place.database} of the clone the default partition has rows that belong to ${displayTable(table)}, although all that the source had written is applied`,
    why: 'the source has none of them there: it moved them while that partition was detached, which is not sent, or somebody wrote them on the clone',
    next: 'delete from the default partition of the clone the rows that belong to the new one; they come with its copy. Then run the same command again',
  });
}
