import { randomBytes } from 'node:crypto';
import { OperatorError } from '../../errors/operator-error';
import type { Session } from '../postgres/session';
import type { Pair } from './sides';

/**
 * Refuses to compare a database with itself, which would be equal whatever the
 * clone holds, and to read from a replica, whose rows are older than the
 * position that tells how far the target is.
 *
 * An advisory lock is of one database of one server (manual, "Advisory
 * Locks"): if the target's session cannot have one that the source's holds,
 * both are in the same place. A clone has the source's system identifier and
 * database OIDs, so these would not tell.
 *
 * @throws OperatorError
 */
export async function assertTwoDatabases(pair: Pair): Promise<void> {
  for (const session of [pair.source, pair.target]) {
    const [row] = await session.query<{ replica: boolean }>('SELECT pg_is_in_recovery() AS replica');
    if (row!.replica) throw readsFromReplica(session);
  }
  const key = (randomBytes(8).readBigUInt64BE() >> 1n).toString();
  await lock(pair.source, key);
  try {
    if (!(await lock(pair.target, key))) throw sameDatabase(pair);
    await unlock(pair.target, key);
  } finally {
    await unlock(pair.source, key);
  }
}

async function lock(session: Session, key: string): Promise<boolean> {
  const [row] = await session.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1::int8) AS got', [key]);
  return row!.got;
}

const unlock = (session: Session, key: string): Promise<unknown> =>
  session.query('SELECT pg_advisory_unlock($1::int8)', [key]);

const place = ({ target }: Session): string =>
  `${target.host}:${target.port}, database ${JSON.stringify(target.database)}`;

function sameDatabase({ source, target }: Pair): OperatorError {
  return new OperatorError({
    code: 'VERIFY_SAME_DATABASE',
    seen: `The source (${place(source)}) and the target (${place(target)}) are one and the same database`,
    why: 'A database compared with itself is always equal; that says nothing about the clone.',
    next: 'Look where the endpoints in the outputs of both stacks lead to, and whether a DNS name was moved; then run verify again.',
  });
}

function readsFromReplica(session: Session): OperatorError {
  return new OperatorError({
    code: 'VERIFY_READS_REPLICA',
    seen: `The ${session.target.side} session (${place(session)}) is on a replica: the server is in recovery`,
    why: 'A replica may be behind, so a row that is only late there could not be told from a lost one.',
    next: 'Use the endpoint of the cluster, which leads to its writer, in the outputs of the stacks; during a failover wait until the writer is back.',
  });
}
