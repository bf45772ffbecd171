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
      const role = quoteIdent(scope.contract.replication.role);
      const [schema, table] = [quoteIdent(sent.schema), quoteQualified(sent)];
      return [
        {
          code: 'TABLE_NOT_SUBSCRIBED',
          severity: 'block',
          seen: `subscription ${subscription} does not know ${displayTable(sent)} of database ${of.database}`,
          why: 'its changes arrive and are skipped without a word; a partition that was made later is such a table',
          // The copy reads the table as the role of the subscription (manual, "Logical Replication: Security"), which reads
          // none otherwise: without SELECT it fails and begins anew for ever. A role that holds a right cannot be dropped.
          next: `copy it anew in three steps; first let the copy read it, in database ${of.database} on the source: GRANT USAGE ON SCHEMA ${schema} TO ${role}; GRANT SELECT ON ${table} TO ${role}; then remove the rows that the clone has of it and copy all, in database ${of.database} on the clone: TRUNCATE ONLY ${table}; ALTER SUBSCRIPTION ${quoteIdent(subscription)} REFRESH PUBLICATION WITH (copy_data = true); and when pg_subscription_rel shows it there with srsubstate r, not before, take back what was granted, or teardown cannot drop the role, in database ${of.database} on the source: REVOKE SELECT ON ${table} FROM ${role}; REVOKE USAGE ON SCHEMA ${schema} FROM ${role};`,
        },
      ];
    }),
};

export const notSubscribedChecks = [skipped];
