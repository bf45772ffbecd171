import { DatabaseError } from 'pg';
import type { Session } from '../postgres/session';
import type { Side } from './types';

/** The two connections that compare one table at a time. */
export type Pair = Readonly<Record<Side, Session>>;

/** A statement that one side refused. */
export class ReadFailed extends Error {
  constructor(
    readonly side: Side,
    override readonly cause: DatabaseError,
  ) {
    super(cause.message);
  }
}

/** @throws ReadFailed for an error of a statement; whatever else happens as it is */
export async function onSide<T>(
  pair: Pair,
  side: Side,
  read: (session: Session, side: Side) => Promise<T>,
): Promise<T> {
  try {
    return await read(pair[side], side);
  } catch (cause) {
    throw cause instanceof DatabaseError ? new ReadFailed(side, cause) : cause;
  }
}

/** Runs on both sides at once; waits for both even if one fails, as a session runs one statement at a time. */
export async function bothSides<T>(
  pair: Pair,
  read: (session: Session, side: Side) => Promise<T>,
): Promise<Record<Side, T>> {
  const [source, target] = await Promise.allSettled([onSide(pair, 'source', read), onSide(pair, 'target', read)]);
  if (source.status === 'rejected') throw source.reason;
  if (target.status === 'rejected') throw target.reason;
  return { source: source.value, target: target.value };
}
