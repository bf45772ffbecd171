import { subscriptions } from '../postgres/catalog/subscriptions';
import { countAtOnce, subscriptionUpdates, type SubscriptionCounts } from '../postgres/catalog/subscription-updates';
import { isDatabaseMissing } from '../postgres/connect-errors';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { countWitnessesBy } from '../observe/witness-counts';
import { hasCountedAnew } from '../resources/counted-anew';
import { ownUpdates } from '../resources/unexplained-updates';
import { countedIn } from '../observe/counted';
import { formatMark, ownMark, type SubscriptionMark } from '../model/mark';
import { proofId } from '../resources/resume';
import type { Place } from '../model/address';
import type { Execution } from './execution';
import type { Plan, PlanMode } from '../model/plan';
import { type StreamOf, streamsOf } from '../model/streams';

/**
 * Writes into each mark how often subscriptions have been updated, once a run has altered them itself, or where the count
 * is not known or began anew. What this run altered is then no longer anybody else's doing; see
 * resources/unexplained-updates.ts.
 *
 * @param proven the rows of streams that were doubted have been compared: of all, or by these changes; others stay as they
 * are
 */
export async function rememberUpdates(execution: Execution, planned: Plan, proven: boolean | Made): Promise<void> {
  const { source, target } = execution.connections.contracts;
  if (!ALTERING.has(planned.mode) || target === null) return;
  const ids = planned.changes.map(({ id }) => id);
  // By their kinds: a table may be called so.
  const altered = planned.changes.some(
    ({ address: { side, kind } }) => side === 'target' && /subscription|continuity|read-only/.test(kind),
  );
  const doubted = (of: StreamOf) => ids.includes(proofId(of));
  const isProven = (of: StreamOf) => proven === true || (proven !== false && proven.has(proofId(of)));
  const streams = streamsOf(source);
  const found = (await Promise.all(streams.map((of) => markOf(execution, of)))).flatMap((one) => one ?? []);
  const marked = found.filter(({ of, mark }) => mark !== null && (isProven(of) || !doubted(of)));
  if (marked.length === 0) return;
  // Each session tells what it did when it is idle, and otherwise at most once a second (pgstat_report_stat in pgstat.c).
  if (altered) for (const { of } of found) await countAtOnce(await execution.writer(placeOf(of)));
  const counted = await execution.connections.use(placeOf(marked[0]!.of), subscriptionUpdates);
  if (counted === null) return;
  // One that is disabled explains an update, for as long as it is.
  const inCount = ({ held }: Marked) => held !== null && (held.counting ?? counted.since) === counted.since;
  const updates = counted.updates - found.filter(inCount).length;
  const own = ownUpdates(
    found.flatMap(({ own: one }) => one ?? []),
    counted.since,
  );
  for (const { of, mark } of marked) {
    const compared = isProven(of) && doubted(of);
    const anew = hasCountedAnew(countedIn(counted), mark!);
    const unseen = !compared && (mark!.counts?.unseen === true || (anew && !wasSeen(execution, of, counted)));
    // Somebody else altered one as well, before or meanwhile: who compares no rows leaves that to be told.
    if (planned.mode === 'rotate' && !anew && foreignIn(mark!, updates, own) > 0) continue;
    const worker = counted.workers?.[of.stream.subscription];
    // Of another worker than then the log would not tell that nobody altered anything in between; the count does.
    const isSame = worker === undefined || mark!.counts?.worker === worker || mark!.updates !== updates;
    const isKnown = mark!.updates !== undefined && mark!.counts !== undefined && !anew && isSame;
    // What no run has altered and nobody could look at may still be told by a log that can be read later.
    if (!altered && (isKnown || (anew && unseen))) continue;
    const text = quoteLiteral(
      formatMark({ ...mark!, updates, counts: countsOf(counted, { altered, unseen, worker, own }) }),
    );
    const session = await execution.writer(placeOf(of));
    await session.query(`COMMENT ON SUBSCRIPTION ${quoteIdent(of.stream.subscription)} IS ${text}`);
  }
}

/** Updates since the mark that are none of ours; of a mark of before these were told apart, none. */
function foreignIn({ updates: before, counts }: SubscriptionMark, updates: number, own: number): number {
  if (before === undefined || counts?.own === undefined) return 0;
  return updates - before - (own - counts.own);
}

const countsOf = (
  { since, at }: SubscriptionCounts,
  { altered, unseen, worker, own }: { altered: boolean; unseen: boolean; worker: number | undefined; own: number },
): SubscriptionMark['counts'] => ({
  since,
  at,
  own,
  ...(worker === undefined ? {} : { worker }),
  ...(altered ? { altering: true } : {}),
  ...(unseen ? { unseen: true } : {}),
});

/** The log of the clone has told that nothing was done before this count began. */
function wasSeen({ connections }: Execution, { stream }: StreamOf, { since }: SubscriptionCounts): boolean {
  const witness = countWitnessesBy(connections).get(stream.subscription);
  return witness?.since === since && witness.unread === null && witness.altered === null;
}

/** Modes that alter subscriptions which follow. A hold explains what it does by what it leaves: they are disabled. */
const ALTERING: ReadonlySet<PlanMode> = new Set(['apply', 'resume', 'rotate']);

/** The ids of changes that were made. */
type Made = ReadonlySet<string>;

/** Of a run that fails or is stopped on the way what it did is remembered as well. */
export async function rememberingUpdates(
  execution: Execution,
  planned: Plan,
  work: (made: Set<string>) => Promise<boolean>,
): Promise<boolean> {
  let ended = false;
  const made = new Set<string>();
  try {
    ended = await work(made);
  } finally {
    // Whatever keeps it from that is why the run failed; the next one compares rows then.
    if (!ended) await rememberUpdates(execution, planned, made).catch(() => undefined);
  }
  return ended;
}

const placeOf = ({ database }: StreamOf): Place => ({ side: 'target', database });

interface Marked {
  readonly of: StreamOf;
  readonly mark: SubscriptionMark | null;
  /** Disabled by consent; null: it is not. */
  readonly held: NonNullable<SubscriptionMark['held']> | null;
  /** Of one that is disabled without consent as well. */
  readonly own: SubscriptionMark['own'] | null;
}

/** @returns null where the clone has no such database: a stream that is new waits for the next clone */
async function markOf({ connections }: Execution, of: StreamOf): Promise<Marked | null> {
  const { environment } = connections.contracts.source;
  try {
    const present = await connections.use(placeOf(of), subscriptions);
    const found = present.find(({ name }) => name === of.stream.subscription);
    const mark = ownMark(found?.comment ?? null, 'subscription', environment);
    const held = found?.enabled === false ? (mark?.held ?? null) : null;
    return { of, mark: found?.enabled === true || held !== null ? mark : null, held, own: mark?.own ?? null };
  } catch (error) {
    if (isDatabaseMissing(error)) return null;
    throw error;
  }
}
