import { OperatorError } from '../../../errors/operator-error';
import type { Place } from '../../model/address';
import type { Operation } from '../../model/change';
import { formatMark, ownMark, type SubscriptionMark } from '../../model/mark';
import { applyWorkers } from '../../postgres/catalog/apply-workers';
import { originName, originState } from '../../postgres/catalog/origins';
import { replicationSlots } from '../../postgres/catalog/slots';
import { pendingSkip, subscriptions } from '../../postgres/catalog/subscriptions';
import type { Session } from '../../postgres/session';
import { compareLsn } from '../../postgres/text/lsn';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';
import { noteOf } from '../../resources/skipped-transactions';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';
import { tellingOwn } from '../own-updates';
import { waitFor } from '../wait';

type Skip = Extract<Operation, { kind: 'skip-transaction' }>;

/** A worker that fails is started again after wal_retrieve_retry_interval, and reads a large transaction to its end. */
const SKIP_MS = 120_000;
const WORKER_END_MS = 60_000;

/**
 * The mark tells of it in the transaction that gives it up, so that whoever dies on the way has nobody call the stream in
 * sync. Before that it was still failing; after that it either goes on, or is disabled and goes on by the next apply: with
 * the transaction, if the origin was not moved yet, and without it, if it was. In both cases every row is compared.
 */
export async function skipTransaction(operation: Skip, execution: Execution): Promise<void> {
  await giveUp(operation, execution);
  if (operation.byPosition) await untilPast(operation, execution);
  else await leadPast(operation, execution);
}

async function giveUp(operation: Skip, execution: Execution): Promise<void> {
  const { subscription, transaction, byPosition } = operation;
  const name = quoteIdent(subscription);
  await altering(operation, execution, async (session) => {
    const { mark, enabled, oid } = await find(session, operation);
    const progress = (await originState(session, originName(oid)))?.progress;
    if (!enabled || progress !== operation.origin) throw moved(operation);
    const others = (mark.skipped ?? []).filter(({ finish }) => finish !== transaction.finish);
    await remember(session, operation, { ...mark, skipped: [...others, noteOf(transaction, new Date())] });
    await session.query(
      byPosition
        ? `ALTER SUBSCRIPTION ${name} SKIP (lsn = ${quoteLiteral(transaction.finish)})`
        : `ALTER SUBSCRIPTION ${name} DISABLE`,
    );
  });
}

/** The server forgets the position once it has skipped, or met another transaction (clear_subscription_skip_lsn). */
async function untilPast(operation: Skip, { connections, listener, interrupted, patience }: Execution): Promise<void> {
  const { place, subscription, transaction } = operation;
  listener({ type: 'waiting', for: `the worker of subscription ${subscription} to pass ${transaction.finish}` });
  const past = await waitFor(
    () =>
      connections.use(place, async (session) => {
        const { oid } = await find(session, operation);
        const progress = (await originState(session, originName(oid)))?.progress ?? null;
        const isPast = progress !== null && compareLsn(progress, transaction.end) >= 0;
        return isPast && !(await pendingSkip(session, subscription)) ? true : null;
      }),
    patience === undefined || patience.timeoutMs === 0 ? SKIP_MS : patience.timeoutMs,
    undefined,
    interrupted,
  );
  if (past === null) throw notPast(operation);
}

/**
 * The origin moves at once, whatever becomes of the transaction (pg_replication_origin_advance), so it is the last thing
 * before ENABLE, and only from where the plan saw it: what the worker has applied meanwhile must not be skipped over, nor
 * anything else that came before.
 */
async function leadPast(operation: Skip, execution: Execution): Promise<void> {
  const { place, subscription, transaction, origin } = operation;
  await untilGone(operation, execution);
  const session = await execution.writer(place);
  const advanced = await session.query(
    `SELECT pg_replication_origin_advance('pg_' || s.oid, $3::pg_lsn) FROM pg_subscription s
      WHERE s.subname = $1 AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND NOT s.subenabled AND pg_replication_origin_progress('pg_' || s.oid, false) = $2::pg_lsn`,
    [subscription, origin, transaction.end],
  );
  await altering(operation, execution, async (own) => {
    const { mark } = await find(own, operation);
    const left = (mark.skipped ?? []).filter(({ finish }) => finish !== transaction.finish);
    if (advanced.length === 0)
      await remember(own, operation, { ...mark, skipped: left.length === 0 ? undefined : left });
    await own.query(`ALTER SUBSCRIPTION ${quoteIdent(subscription)} ENABLE`);
  });
  if (advanced.length === 0) throw moved(operation);
}

async function untilGone(operation: Skip, { connections }: Execution): Promise<void> {
  const { place, subscription: name, slot } = operation;
  const source: Place = { side: 'source', database: place.database };
  const gone = await waitFor(async () => {
    const workers = await connections.use(place, applyWorkers);
    if (workers.some((one) => one.database === place.database && one.subscription === name && one.pid !== null))
      return null;
    return (await connections.use(source, replicationSlots)).some((one) => one.name === slot && one.active)
      ? null
      : true;
  }, WORKER_END_MS);
  if (gone === null) throw notPast(operation);
}

async function altering(
  { place, environment }: Skip,
  execution: Execution,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const session = await execution.writer(place);
  await namingWaits(place, session, execution, () =>
    session.transaction(() => tellingOwn(session, environment, () => work(session))),
  );
}

async function find(session: Session, { subscription: name, environment }: Skip) {
  const found = (await subscriptions(session)).find((one) => one.name === name);
  const mark = ownMark(found?.comment ?? null, 'subscription', environment);
  if (found === undefined || mark === null) throw new Error(`subscription ${name} is no longer ours`);
  return { mark, enabled: found.enabled, oid: found.oid };
}

async function remember(session: Session, { subscription }: Skip, mark: SubscriptionMark): Promise<void> {
  await session.query(`COMMENT ON SUBSCRIPTION ${quoteIdent(subscription)} IS ${quoteLiteral(formatMark(mark))}`);
}

const moved = ({ subscription, place, origin }: Skip): OperatorError =>
  new OperatorError({
    code: 'STREAM_MOVED',
    seen: `subscription ${subscription} in database ${place.database} has gone on from ${origin}, or was disabled, since the plan was made`,
    why: 'what it comes to next is no longer known; nothing was skipped',
    next: 'run the same command again, which looks once more',
  });

const notPast = ({ subscription, place, transaction, environment }: Skip): OperatorError =>
  new OperatorError({
    code: 'SKIP_NOT_DONE',
    seen: `subscription ${subscription} in database ${place.database} has not passed the transaction that ends at ${transaction.finish}`,
    why: 'its worker is not there, cannot connect, or has not ended; its mark says that this transaction may be missing',
    next: `sql-runner status ${environment} says what keeps it; put that right, then run sql-runner apply ${environment}, which lets it go on and compares every row`,
  });
