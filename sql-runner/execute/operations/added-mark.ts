import { subscriptions } from '../../postgres/catalog/subscriptions';
import type { Session } from '../../postgres/session';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';
import type { AddingTo } from '../../model/change';
import { formatMark, ownMark, type SubscriptionMark } from '../../model/mark';

/** As it is now: other changes of a run write to it as well. */
export async function markOf(session: Session, { subscription, environment }: AddingTo): Promise<SubscriptionMark> {
  const found = (await subscriptions(session)).find(({ name }) => name === subscription);
  const mark = ownMark(found?.comment ?? null, 'subscription', environment);
  if (mark === null) throw new Error(`subscription ${subscription} is no longer ours`);
  return mark;
}

/** Writes the mark with what becomes of its added tables; none left: as before there were any. */
export async function noteAdded(
  session: Session,
  stream: AddingTo,
  become: (added: NonNullable<SubscriptionMark['added']>) => NonNullable<SubscriptionMark['added']>,
  besides: Partial<SubscriptionMark> = {},
): Promise<void> {
  const mark = await markOf(session, stream);
  const added = become(mark.added ?? []);
  const text = formatMark({ ...mark, ...besides, added: added.length === 0 ? undefined : added });
  await session.query(`COMMENT ON SUBSCRIPTION ${quoteIdent(stream.subscription)} IS ${quoteLiteral(text)}`);
}
