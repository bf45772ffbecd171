import { quoteIdent, quoteQualified } from '../postgres/quoting';
import { displayTable, sameTable } from '../resources/table-selection';
import type { TargetCheck } from './check';
import { eachSent } from './each-sent';

const skipped: TargetCheck = {
  code: 'TABLE_NOT_SUBSCRIBED',
  stops: ['connect'],
  both: true,
  holds: 'every subscription takes all tables that its publication sends',
  side: 'target',
  run: (target, scope) =>
    eachSent(target, scope, (sent, of, { clone, onClone }) => {
      const { subscription } = of.stream;
      const subscribed = clone.subscriptions.some(({ name }) => name === subscription);
      const taken = clone.taken.some((table) => table.subscription === subscription && sameTable(table, sent));
      if (!subscribed || taken || !onClone(sent)) return [];
      return [
        {
          code: 'TABLE_NOT_SUBSCRIBED',
          severity: 'block',
          seen: `subscription ${subscription} does not know ${displayTable(sent)} of database ${of.database}`,
          why: 'its changes arrive and are skipped without a word; a partition that was made later is such a table',
          next: `it is copied anew, so it must be empty there; in database ${of.database} on the clone: TRUNCATE ONLY ${quoteQualified(sent)}; ALTER SUBSCRIPTION ${quoteIdent(subscription)} REFRESH PUBLICATION;`,
        },
      ];
    }),
};

export const notSubscribedChecks = [skipped];
