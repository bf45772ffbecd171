import { randomBytes } from 'node:crypto';
import { OperatorError } from '../../errors/operator-error';
import type { Session } from '../postgres/session';
import type { Pair } from './sides';

/**
 * Refuses to compare a database with itself, which would be equal whatever the
 * clone holds.
 *
 * An advisory lock is of one database of one server (manual, "Advisory
 * Locks"): if the target's session cannot have one that the source's holds,
 * both are in the same place. A clone has the source's system identifier and
 * database OIDs, so these would not tell.
 *
 * @throws OperatorError
 */
export async function assertTwoDatabases(pair: Pair): Promise<void> {
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
