import { subscriptions } from '../../postgres/catalog/subscriptions';
import type { Session } from '../../postgres/session';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';
import type { AddingTo } from '../../model/table-operations';
import { formatMark, ownMark, type SubscriptionMark } from '../../model/mark';
import type { AddedTable, LeftTable } from '../../model/table-notes';

/** As it is now: other changes of a run write to it as well. */
export async function markOf(
  session: Session,
  { subscription, environment }: Pick<AddingTo, 'subscription' | 'environment'>,
): Promise<SubscriptionMark> {
  const found = (await subscriptions(session)).find(({ name }) => name === subscription);
  const mark = ownMark(found?.comment ?? null, 'subscription', environment);
  if (mark === null) throw new Error(`subscription ${subscription} is no longer ours`);
  return mark;
}

interface Become {
  readonly added?: (added: readonly AddedTable[]) => readonly AddedTable[];
  readonly left?: (left: readonly LeftTable[]) => readonly LeftTable[];
}

/** Writes the mark with what becomes of its added tables, and of those that left; none: as before there were any. */
export async function noteTables(
  session: Session,
  stream: AddingTo,
  become: Become,
  besides: Partial<SubscriptionMark> = {},
): Promise<void> {
  const mark = await markOf(session, stream);
  const [added, left] = [become.added?.(mark.added ?? []) ?? mark.added, become.left?.(mark.left ?? []) ?? mark.left];
  const text = formatMark({ ...mark, ...besides, added: unlessNone(added), left: unlessNone(left) });
  await session.query(`COMMENT ON SUBSCRIPTION ${quoteIdent(stream.subscription)} IS ${quoteLiteral(text)}`);
}

const unlessNone = <T>(all: readonly T[] | undefined): T[] | undefined =>
  all === undefined || all.length === 0 ? undefined : [...all];

export const noteAdded = (
  session: Session,
  stream: AddingTo,
  added: NonNullable<Become['added']>,
  besides: Partial<SubscriptionMark> = {},
): Promise<void> => noteTables(session, stream, { added }, besides);

export const noteLeft = (
  session: Session,
  stream: AddingTo,
  left: NonNullable<Become['left']>,
  besides: Partial<SubscriptionMark> = {},
): Promise<void> => noteTables(session, stream, { left }, besides);
