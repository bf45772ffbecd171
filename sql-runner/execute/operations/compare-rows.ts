import type { Side } from '../../../contract/contract';
import type { Session } from '../../postgres/session';
import type { TableRef, TableVerdict } from '../../verify/types';
import { verifyTables } from '../../verify/verify-tables';
import { GaveUp, type Execution } from '../execution';
import { unlessStopped } from '../wait';

interface Compared {
  readonly database: string;
  readonly tables: readonly TableRef[];
  /** Of the stream that carries them. */
  readonly slot: string;
  /** What is said of them while it is waited for: `3 tables of database shop`. */
  readonly shown: string;
}

/**
 * Every row of the tables, on both sides while they are written to.
 * @throws GaveUp once the operator has asked to stop
 */
export async function compareRows(
  { database, tables, slot, shown }: Compared,
  { connections, listener, interrupted }: Execution,
): Promise<TableVerdict[]> {
  listener({ type: 'waiting', for: `the comparison of every row of ${shown}` });
  const opened: Session[] = [];
  const open = (side: Side) => async () => {
    const session = await connections.open({ side, database }, true, { statementTimeoutMs: 0 });
    opened.push(session);
    return session;
  };
  const compare = () =>
    verifyTables({
      database,
      tables: [...tables],
      openSource: open('source'),
      openTarget: open('target'),
      slotName: slot,
    });
  try {
    return await unlessStopped(compare, interrupted);
  } catch (cause) {
    // In the middle of a table they would read on to its end.
    if (cause instanceof GaveUp) await Promise.all(opened.map((session) => session.close()));
    throw cause;
  }
}
