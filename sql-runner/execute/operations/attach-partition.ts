import type { Operation } from '../../model/change';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';
import { awaitApplied } from './await-applied';
import { refuseRows } from './make-table';

type Attaching = Extract<Operation, { kind: 'attach-partition' }>;

/** A run that dies before it is committed leaves it apart, and the next one begins here again. */
export async function attachPartition(
  { stream, of, table, attach }: Attaching,
  execution: Execution,
): Promise<void> {
  await awaitApplied(of, execution);
  const session = await execution.writer(stream.place);
  await namingWaits(stream.place, session, execution, () =>
    session.transaction(async () => {
      await refuseRows(session, { stream, table });
      // Quoted where it is planned; the bound is the server's own text.
      // eslint-disable-next-line local/safe-sql
      await session.query(attach);
    }),
  );
}
