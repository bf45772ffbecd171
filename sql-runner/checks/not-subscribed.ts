import { quoteIdent, quoteQualified } from '../postgres/quoting';
import { displayTable, sameTable } from '../resources/table-selection';
import type { StreamOf } from '../engine/change';
import type { TableName } from '../engine/observation';
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
          next: copyAnew(sent, of, scope.contract.replication.role),
        },
      ];
    }),
};

/**
 * A copy reads the table as the role of the subscription (manual, "Logical Replication: Security"), which reads none
 * otherwise: without SELECT it fails and begins anew for ever. What is granted is taken back, for a role that holds a
 * right cannot be dropped. copy_data = true, for changes before the refresh were skipped.
 */
function copyAnew(table: TableName, { database, stream }: StreamOf, name: string): string {
  const [role, schema, relation] = [quoteIdent(name), quoteIdent(table.schema), quoteQualified(table)];
  const on = (side: string, ...statements: string[]) =>
    `in database ${database} on the ${side}: ${statements.map((statement) => `${statement};`).join(' ')}`;
  const grant = on('source', `GRANT USAGE ON SCHEMA ${schema} TO ${role}`, `GRANT SELECT ON ${relation} TO ${role}`);
  const copy = on(
    'clone',
    `TRUNCATE ONLY ${relation}`,
    `ALTER SUBSCRIPTION ${quoteIdent(stream.subscription)} REFRESH PUBLICATION WITH (copy_data = true)`,
  );
  const revoke = on(
    'source',
    `REVOKE SELECT ON ${relation} FROM ${role}`,
    `REVOKE USAGE ON SCHEMA ${schema} FROM ${role}`,
  );
  return (
    `copy it anew in three steps; first let the copy read it, ${grant} then remove the rows that the clone has of it ` +
    `and copy all, ${copy} and when pg_subscription_rel shows it there with srsubstate r, not before, take back what ` +
    `was granted, or teardown cannot drop the role, ${revoke}`
  );
}

export const notSubscribedChecks = [skipped];
