import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';
import type { PlannedSequence } from '../../model/sequences';
import { definitionNow, sequences, type Sequence } from '../../postgres/catalog/sequences';
import type { Session } from '../../postgres/session';
import { displayQualified, quoteInteger, quoteQualified } from '../../postgres/text/quoting';
import { serverSaid, type ServerError } from '../../postgres/text/server-said';
import { isNamed } from '../../resources/sequence-renames';
import { verdictOf } from '../../resources/sequence-verdict';
import { someOf } from '../../resources/some-of';
import { GaveUp, type Execution } from '../execution';
import { describeWaits, namingWaits, WaitedInVain } from '../lock-wait';

type Moving = Extract<Operation, { kind: 'move-sequences' }>;

/** Who takes values of the clone waits behind this, so it is short. */
const LOCK_MS = 1_000;

/** It is not where the plan saw it, or another one. What had been done to it is taken back. */
class NotSet extends Error {}

/**
 * Reads where the source stands now, then sets each sequence for itself; one that cannot be set keeps none of the others
 * from it. All that was handed out until it was read lies before where it is set to.
 */
export async function moveSequences(operation: Moving, execution: Execution): Promise<void> {
  const { place } = operation;
  const { connections, interrupted } = execution;
  const there = await connections.use<Sequence[]>({ side: 'source', database: place.database }, sequences);
  const session = await execution.writer(place);
  const left: string[] = [];
  for (const [index, planned] of operation.sequences.entries()) {
    if (interrupted() && index > 0) throw new GaveUp();
    const name = displayQualified(planned);
    try {
      const source = there.find(({ oid }) => oid === planned.source);
      if (source === undefined || !isNamed(source, planned))
        throw new NotSet('on the source it has gone, or has another name');
      await namingWaits(place, session, execution, () => setOne(session, planned, source, operation));
    } catch (cause) {
      left.push(`${name}: ${reasonOf(cause)}`);
    }
  }
  if (left.length > 0) throw notSet(operation, left);
}

/**
 * nextval() keeps ROW EXCLUSIVE on a sequence to the end of its transaction, and so do we while we look how it is made.
 * ALTER SEQUENCE then takes SHARE ROW EXCLUSIVE, with which nobody takes values any more, and gives it another file, which
 * is how sessions notice that the values in their caches are void (nextval_internal, AlterSequence in sequence.c). The
 * option is the one that it has. Only then it is read where it stands.
 */
async function setOne(session: Session, planned: PlannedSequence, source: Sequence, { wanted }: Moving): Promise<void> {
  const name = quoteQualified(planned);
  await session
    .transaction(async () => {
      const clone = await definitionNow(session, planned, LOCK_MS);
      if (clone === null || clone.oid !== planned.clone) throw new NotSet('another sequence has its name by now');
      const [row] = await session.query<{ last: string; called: boolean }>(
        `ALTER SEQUENCE ${name} CACHE ${quoteInteger(BigInt(clone.cache))};
         SELECT last_value::text AS last, is_called AS called FROM ${name}`,
      );
      const pair = { source, clone: { ...clone, position: row! } };
      const { standing } = verdictOf(pair, { ...wanted, putBack: planned.back });
      // Somebody has moved it there meanwhile, or beyond: it stays as it was.
      if (standing.kind === 'level' || standing.kind === 'ahead') throw new Nothing();
      if (standing.kind !== 'move') throw new NotSet(HINDRANCES[standing.by.kind]);
      const { last, called } = standing.to;
      await session.query('SELECT setval($1::oid::regclass, $2::bigint, $3::boolean)', [
        String(planned.clone),
        last,
        called,
      ]);
    })
    .catch((cause: unknown) => {
      if (!(cause instanceof Nothing)) throw cause;
    });
}

/** Rolls back, and all is well. */
class Nothing extends Error {}

const HINDRANCES = {
  unread: 'where it stands on the source could not be read any more',
  direction: 'it counts the other way by now',
  bounds: 'it may not have the value of the source by now',
  column: 'it belongs to another column by now',
  rights: 'the login has not the rights of its owner any more',
} as const;

function reasonOf(cause: unknown): string {
  if (cause instanceof NotSet) return cause.message;
  if (cause instanceof WaitedInVain)
    return `it waited ${LOCK_MS / 1000} s in vain for ${cause.waits.length === 0 ? 'a lock' : describeWaits(cause.waits)}`;
  // The session is gone, and the next one would fail as well.
  if (cause instanceof OperatorError || typeof (cause as ServerError).code !== 'string') throw cause;
  return serverSaid(cause as ServerError);
}

function notSet({ place, sequences: all }: Moving, left: readonly string[]): OperatorError {
  return new OperatorError({
    code: 'SEQUENCES_NOT_SET',
    seen: `in database ${place.database} of the clone ${left.length} of ${all.length} sequences were not set: ${someOf(left)}`,
    why: 'those may hand out values that the source has handed out; the others are set and stay so',
    next: 'remove the cause and run the same command again',
  });
}
