import type { Session } from '../postgres/session';
import { countAtOnce, updatesNotCounted } from '../postgres/catalog/subscription-updates';
import { subscriptions } from '../postgres/catalog/subscriptions';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { formatMark, ownMark, type SubscriptionMark } from '../model/mark';

/**
 * Carries out statements of ours, and tells in the same transaction, in the mark of a subscription of the same database,
 * how many updates of subscriptions they were. What a run alters it remembers when it ends (remember-updates.ts); one
 * that is killed cannot, and what it did would look like somebody else's doing.
 *
 * As many are told as this session has made, and never what was planned: an update that the server does not count must
 * not stand for one that somebody else makes.
 */
export async function tellingOwn(session: Session, environment: string, work: () => Promise<void>): Promise<void> {
  const start = await updatesNotCounted(session);
  if (start === null) return work();
  const before = await marksOf(session, environment);
  await work();
  const end = await updatesNotCounted(session);
  const made = end === null || end.since !== start.since ? 0 : end.updates - start.updates;
  if (made === 0) return;
  const after = await marksOf(session, environment);
  const [told] = after;
  // Dropped, with all that its mark told: what is told gets less.
  if (told === undefined) return;
  const own = before.find(({ name }) => name === told.name)?.mark.own;
  const earlier = own?.since === start.since ? own.updates : 0;
  const updates = earlier + made + endedHolds(before, after, start.since);
  const mark = { ...told.mark, own: { since: start.since, updates } };
  await session.query(`COMMENT ON SUBSCRIPTION ${quoteIdent(told.name)} IS ${quoteLiteral(formatMark(mark))}`);
  await countAtOnce(session);
}

interface Marked {
  readonly name: string;
  readonly enabled: boolean;
  readonly mark: SubscriptionMark;
}

async function marksOf(session: Session, environment: string): Promise<Marked[]> {
  return (await subscriptions(session)).flatMap(({ name, enabled, comment }) => {
    const mark = ownMark(comment, 'subscription', environment);
    return mark === null ? [] : [{ name, enabled, mark }];
  });
}

/** That one was disabled by consent was our own doing too; for as long as it is that explains itself. */
function endedHolds(before: readonly Marked[], after: readonly Marked[], since: string): number {
  const isHeld = ({ enabled, mark }: Marked) => !enabled && mark.held?.counting === since;
  const held = after.filter(isHeld).map(({ name }) => name);
  return before.filter((one) => isHeld(one) && !held.includes(one.name)).length;
}
