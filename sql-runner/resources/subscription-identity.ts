import type { Statement } from '../model/change';
import type { TargetObservation } from '../model/observation';
import { dollarQuote } from '../postgres/text/dollar-quote';
import { quoteLiteral } from '../postgres/text/quoting';
import type { SubscriptionMark } from '../model/mark';
import type { StreamOf } from '../model/streams';

/**
 * A subscription that is dropped and made again by hand may carry a copy of our comment. What the server gave tells it
 * apart: its oid, which is in the name of its origin, and the transaction that made that origin. An origin alone can be
 * made again too: a worker that finds none makes one, without a position (ApplyWorkerMain in worker.c).
 */
export function isRemade(target: TargetObservation, of: StreamOf, mark: SubscriptionMark): boolean {
  const made = target.databases[of.database]?.streams[of.stream.subscription]?.made;
  return mark.made !== undefined && made !== undefined && mark.made !== made;
}

/**
 * Adds it to the mark, in the transaction that makes the subscription: only the server knows what it gave.
 * As postgres/catalog/origins.ts reads it. Without such an origin EXECUTE refuses, and nothing is made.
 */
export function rememberMade(of: StreamOf): Statement {
  const body = `BEGIN
  EXECUTE (SELECT format('COMMENT ON SUBSCRIPTION %I IS %L', s.subname,
                         regexp_replace(obj_description(s.oid, 'pg_subscription'), '}$', ',"made":"' || o.roname || ' ' || o.xmin || '"}'))
             FROM pg_subscription s JOIN pg_replication_origin o ON o.roname = 'pg_' || s.oid
            WHERE s.subname = ${quoteLiteral(of.stream.subscription)} AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()));
END`;
  return { text: `DO ${dollarQuote(body)}` };
}
