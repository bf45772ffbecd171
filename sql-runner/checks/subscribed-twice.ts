import { streamsOf } from '../model/streams';
import { displayTable } from '../model/table-selection';
import { quoteIdent } from '../postgres/text/quoting';
import { oursOf, takenBeside, TWICE_WHY } from '../resources/subscribed-twice';
import type { TargetCheck } from './check';

/** Whoever may make subscriptions on the clone may make one of any publication of production. */
export const subscribedTwice: TargetCheck = {
  code: 'TABLE_SUBSCRIBED_TWICE',
  holds: 'no other subscription takes a table of ours',
  side: 'target',
  run: (target, { contract }) =>
    streamsOf(contract).flatMap(({ database, stream }) =>
      takenBeside(target.databases[database]?.taken ?? [], stream.subscription, oursOf(contract)).map(
        ({ subscription, tables }) => ({
          severity: 'block',
          standing: true,
          seen: `subscription ${subscription} of database ${database} takes ${tables.map(displayTable).join(', ')} too, beside ${stream.subscription}`,
          why: TWICE_WHY,
          next: `see whose it is, and once it is gone, whether rows are there twice (sql-runner verify ${contract.environment}); if nobody needs it, in database ${database} on the clone: DROP SUBSCRIPTION ${quoteIdent(subscription)};`,
        }),
      ),
    ),
};
