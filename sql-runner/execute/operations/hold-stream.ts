import { OperatorError } from '../../../errors/operator-error';
import { applyWorkers } from '../../postgres/catalog/apply-workers';
import { originName, originState } from '../../postgres/catalog/origins';
import { replicationSlots } from '../../postgres/catalog/slots';
import { subscriptionUpdates } from '../../postgres/catalog/subscription-updates';
import { subscriptions, type Subscription } from '../../postgres/catalog/subscriptions';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';
import type { Session } from '../../postgres/session';
import type { Operation } from '../../model/change';
import { formatMark, ownMark, type SubscriptionMark } from '../../model/mark';
import type { Place } from '../../model/address';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';
import { waitFor } from '../wait';

type Hold = Extract<Operation, { kind: 'hold-stream' }>;
type Held = NonNullable<SubscriptionMark['held']>;

/** A worker that was disabled ends at the end of the transaction that it applies. */
const WORKER_END_MS = 60_000;

/**
 * The mark says in the transaction that disables it that this is by consent, so that a run which dies afterwards leaves
 * nothing that looks like somebody else's doing; where both sides stand is known only once the worker is gone. Its
 * last transactions may not be on the clone's disk by then (synchronous_commit = off): the commit of that second mark,
 * which is synchronous, puts them there, so that no crash takes the origin back behind what is recorded.
 */
export async function holdStream(operation: Hold, execution: Execution): Promise<void> {
  const { mark, subscription } = await find(operation, execution);
  const before = mark.held;
  // One that was recorded whole only gives its slot up.
  if (before !== undefined && before.open === undefined && !subscription.enabled) {
    if (operation.released) await remember(operation, execution, { ...mark, held: { ...before, released: true } });
    return;
  }
  const begun = before === undefined || subscription.enabled ? await begin(operation, execution, mark) : mark;
  await untilGone(operation, execution);
  const { origin, confirmed } = await positions(operation, execution);
  const { open: _, ...held } = { ...begun.held!, origin, confirmed };
  // A run that died in between has left it alone for a while, in which anybody may have read the slot.
  const doubt = begun === mark ? { unproven: { ...mark.unproven, origin, confirmed } } : {};
  await remember(operation, execution, {
    ...begun,
    ...doubt,
    held: { ...held, ...(operation.released ? { released: true as const } : {}) },
  });
}

const sourceOf = ({ place }: Hold): Place => ({ side: 'source', database: place.database });

async function find(operation: Hold, { connections }: Execution) {
  const { environment, subscription: name } = operation;
  const present = await connections.use(operation.place, subscriptions);
  const subscription = present.find((one) => one.name === name);
  const mark = ownMark(subscription?.comment ?? null, 'subscription', environment);
  if (subscription === undefined || mark === null) throw new Error(`subscription ${name} is no longer ours`);
  return { subscription, mark };
}

async function begin(operation: Hold, execution: Execution, mark: SubscriptionMark): Promise<SubscriptionMark> {
  const source = await execution.writer(sourceOf(operation));
  const at = new Date().toISOString();
  const counted = await execution.connections.use(operation.place, subscriptionUpdates);
  const held: Held = {
    at,
    ...(await positions(operation, execution)),
    ...(counted === null ? {} : { counting: counted.since }),
    version: source.serverVersionNum,
    open: true,
  };
  const begun = { ...mark, held };
  await remember(operation, execution, begun, (session) =>
    session.query(`ALTER SUBSCRIPTION ${quoteIdent(operation.subscription)} DISABLE`),
  );
  return begun;
}

async function remember(
  { place, subscription: name }: Hold,
  execution: Execution,
  mark: SubscriptionMark,
  also: (session: Session) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const session = await execution.writer(place);
  await namingWaits(place, session, execution, () =>
    session.transaction(async () => {
      await session.query('SET LOCAL synchronous_commit = local');
      await also(session);
      await session.query(`COMMENT ON SUBSCRIPTION ${quoteIdent(name)} IS ${quoteLiteral(formatMark(mark))}`);
    }),
  );
}

async function untilGone(operation: Hold, { connections }: Execution): Promise<void> {
  const { place, subscription: name, slot } = operation;
  const gone = await waitFor(async () => {
    const workers = await connections.use(place, applyWorkers);
    const runs = workers.some(
      (one) => one.database === place.database && one.subscription === name && one.pid !== null,
    );
    if (runs) return null;
    const slots = await connections.use(sourceOf(operation), replicationSlots);
    return slots.some((one) => one.name === slot && one.active) ? null : true;
  }, WORKER_END_MS);
  if (gone !== null) return;
  throw new OperatorError({
    code: 'SLOT_ACTIVE',
    seen: `subscription ${name} in database ${place.database} is disabled, and its worker, or another reader of slot ${slot}, has not ended in ${WORKER_END_MS / 1000} s`,
    why: 'where both sides stand can be recorded only once nobody moves it; a worker ends after the transaction that it applies',
    next: 'run the same command again, which carries the hold on',
  });
}

/** The clone first: what the slot has confirmed by then can only be more. */
async function positions(operation: Hold, { connections }: Execution): Promise<Pick<Held, 'origin' | 'confirmed'>> {
  const { place, subscription: name, slot } = operation;
  const origin = await connections.use(place, async (session) => {
    const found = (await subscriptions(session)).find((one: Subscription) => one.name === name);
    return found === undefined ? null : ((await originState(session, originName(found.oid)))?.progress ?? null);
  });
  const slots = await connections.use(sourceOf(operation), replicationSlots);
  const confirmed = slots.find((one) => one.name === slot)?.confirmedFlushLsn ?? null;
  if (origin === null || confirmed === null) throw new Error(`subscription ${name} or slot ${slot} has no position`);
  return { origin, confirmed };
}
