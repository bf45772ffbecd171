import { formatMark, ownMark, type SubscriptionMark } from '../model/mark';
import { subscriptions } from '../postgres/catalog/subscriptions';
import type { Session } from '../postgres/session';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { decideDdl } from './ddl-entries';

interface Doubted {
  readonly subscription: string;
  readonly environment: string;
}

/**
 * In one transaction with the decision, so that nobody calls the rows equal who has not compared them since.
 * @param doubted null: no row can differ by it
 */
export async function decideInDoubt(
  session: Session,
  schema: string,
  number: number,
  decision: 'apply' | 'skip',
  doubted: Doubted | null,
): Promise<void> {
  await session.transaction(async (inside) => {
    if (doubted !== null) await doubt(inside, number, doubted);
    await decideDdl(inside, schema, number, decision);
  });
}

async function doubt(session: Session, number: number, { subscription: name, environment }: Doubted): Promise<void> {
  const found = (await subscriptions(session)).find((one) => one.name === name);
  const mark = ownMark(found?.comment ?? null, 'subscription', environment);
  // Without a mark nobody says of the stream that it is proven.
  if (mark === null) return;
  const ddl = [...new Set([...(mark.unproven?.ddl ?? []), number])];
  const comment = quoteLiteral(formatMark({ ...mark, unproven: { ...mark.unproven, ddl } }));
  await session.query(`COMMENT ON SUBSCRIPTION ${quoteIdent(name)} IS ${comment}`);
}

/**
 * What is left of a doubt once all rows were equal. What was decided about before they were read had come by then; what was
 * decided since may have come after.
 */
export function decidedSince(
  unproven: SubscriptionMark['unproven'],
  decided: readonly number[],
): SubscriptionMark['unproven'] | undefined {
  const later = (unproven?.ddl ?? []).filter((number) => !decided.includes(number));
  return later.length === 0 ? undefined : { ddl: later };
}
