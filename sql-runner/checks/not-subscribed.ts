import type { SourceContract } from '../../contract/contract';
import type { TableName } from '../model/observation';
import type { SubscriptionOptions } from '../postgres/catalog/subscription-options';
import type { TableDigest } from '../postgres/catalog/table-digests';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { arrivingOf } from '../model/added-tables';
import { ownMark } from '../model/mark';
import { alteredAttributes } from '../resources/subscription-attributes';
import { displayTable } from '../model/table-selection';
import type { TargetCheck } from './check';
import { byName, tableKey } from '../drift/shape-pairs';
import { streamsOf, type StreamOf } from '../model/streams';
import type { TargetDatabaseSurvey, TargetSurvey, Scope } from '../model/survey';

/** `r`: ready; `s`: copied, and about to be handed over to the apply worker (catalogs.sgml, pg_subscription_rel). */
export const isCopied = (state: string): boolean => state === 'r' || state === 's';

const skipped: TargetCheck = {
  code: 'TABLE_NOT_SUBSCRIBED',
  stops: ['connect'],
  both: true,
  holds: 'every subscription takes all tables that its publication sends',
  side: 'target',
  run: (target, scope) =>
    eachSubscription(target, scope).flatMap(({ of, skipped: tables, referenced }) => {
      if (tables.length === 0) return [];
      const role = quoteIdent(scope.contract.replication.role);
      const schemas = [...new Set(tables.map(({ schema }) => schema))].map(quoteIdent).join(', ');
      const list = tables.map(quoteQualified).join(', ');
      return [
        {
          severity: 'block',
          seen: `subscription ${of.stream.subscription} does not know ${tables.map(displayTable).join(', ')} of database ${of.database}`,
          why: 'the changes arrive and are skipped without a word; a partition that was made later is such a table',
          // The copy reads as the role of the subscription (manual, "Logical Replication: Security"), which reads no table
          // otherwise: without SELECT it fails and begins anew for ever. A role that holds a right cannot be dropped.
          // All tables at once, for a refresh begins to copy every one that the subscription does not know.
          next: `copy all anew in three steps; first let the copy read, in database ${of.database} on the source: GRANT USAGE ON SCHEMA ${schemas} TO ${role}; GRANT SELECT ON ${list} TO ${role}; then remove the rows that the clone has and copy all, in database ${of.database} on the clone: ${emptied(tables, referenced).join(' ')} ALTER SUBSCRIPTION ${quoteIdent(of.stream.subscription)} REFRESH PUBLICATION WITH (copy_data = true); and when pg_subscription_rel shows srsubstate r for each, not before, take back what was granted, or teardown cannot drop the role, in database ${of.database} on the source: REVOKE SELECT ON ${list} FROM ${role}; REVOKE USAGE ON SCHEMA ${schemas} FROM ${role};`,
        },
      ];
    }),
};

/**
 * The server truncates nothing that a foreign key references without emptying what has the key as well, which nothing
 * would copy again. So does a DELETE where the key says so, but not in a session that fires as the apply worker does.
 */
function emptied(tables: readonly TableName[], referenced: (table: TableName) => boolean): string[] {
  const only = (table: TableName): string => `ONLY ${quoteQualified(table)}`;
  const [held, free] = [tables.filter(referenced), tables.filter((table) => !referenced(table))];
  return [
    ...(free.length === 0 ? [] : [`TRUNCATE ${free.map(only).join(', ')};`]),
    ...(held.length === 0
      ? []
      : [
          'SET session_replication_role = replica;',
          ...held.map((table) => `DELETE FROM ${only(table)};`),
          'RESET session_replication_role;',
        ]),
  ];
}

/** Its worker says why in the log only, and begins anew for ever; the subscription's other tables go on meanwhile. */
const notCopied: TargetCheck = {
  code: 'TABLE_NOT_COPIED',
  both: true,
  holds: 'no table is still to be copied by a subscription',
  side: 'target',
  run: (target, scope) =>
    eachSubscription(target, scope).flatMap(({ of, unfinished: tables }) => {
      if (tables.length === 0) return [];
      const role = quoteIdent(scope.contract.replication.role);
      const schemas = [...new Set(tables.map(({ schema }) => schema))].map(quoteIdent).join(', ');
      const list = tables.map(quoteQualified).join(', ');
      return [
        {
          severity: 'block',
          standing: true,
          seen: `subscription ${of.stream.subscription} has not copied ${tables.map(displayTable).join(', ')} of database ${of.database} yet`,
          why: 'rows are missing on the clone until the copy is done; one that fails begins anew for ever, and keeps WAL on the source',
          next: `wait if it is under way (pg_stat_progress_copy on the clone shows it); if the log of the clone says that permission is denied, in database ${of.database} on the source: GRANT USAGE ON SCHEMA ${schemas} TO ${role}; GRANT SELECT ON ${list} TO ${role}; and when pg_subscription_rel shows srsubstate r for each, not before, take back what was granted, or teardown cannot drop the role, in database ${of.database} on the source: REVOKE SELECT ON ${list} FROM ${role}; REVOKE USAGE ON SCHEMA ${schemas} FROM ${role};`,
        },
      ];
    }),
};

interface Subscribed {
  readonly of: StreamOf;
  /** Sent, on the clone, and unknown to the subscription. */
  readonly skipped: readonly TableName[];
  /** Known to it, and not copied. */
  readonly unfinished: readonly TableName[];
  /** Whether a foreign key of the clone references it, or its root. */
  readonly referenced: (table: TableName) => boolean;
}

function eachSubscription(target: TargetSurvey, { contract, source, adding: beingAdded }: Scope): Subscribed[] {
  return streamsOf(contract).flatMap((of) => {
    const [production, clone] = [source?.databases[of.database], target.databases[of.database]];
    if (production === undefined || clone === undefined) return [];
    const options = clone.subscriptionOptions.find(({ name }) => name === of.stream.subscription);
    if (options === undefined || isRetargeted(contract, of, options)) return [];
    const there = byName(clone.definitions);
    const taken = clone.taken.filter(({ subscription }) => subscription === of.stream.subscription);
    const known = new Set(taken.map(tableKey));
    const adding = byName(beingAdded?.[of.stream.subscription] ?? []);
    const sent = production.sent.filter(({ publication }) => publication === of.stream.publication);
    // What apply is adding it goes on with; see new-tables-arriving.ts.
    const arriving = byName(arrivingOf(ownMark(options.comment, 'subscription', contract.environment)));
    const isOther = (table: TableName) => !arriving.has(tableKey(table)) && !adding.has(tableKey(table));
    return [
      {
        of,
        skipped: sent.filter((table) => !known.has(tableKey(table)) && there.has(tableKey(table)) && isOther(table)),
        unfinished: taken.filter((table) => !isCopied(table.state) && isOther(table)),
        referenced: referencedIn(clone),
      },
    ];
  });
}

/** @returns to be asked of tables that are on the clone */
function referencedIn({ definitions, foreignKeys }: TargetDatabaseSurvey): (table: TableName) => boolean {
  const [oids, names] = [new Map(definitions.map((one) => [one.oid, one])), byName(definitions)];
  const roots = new Set(foreignKeys.map(({ referenced }) => tableKey(referenced)));
  const rootOf = (one: TableDigest): TableDigest => {
    const above = oids.get(one.parent ?? 0);
    return above === undefined ? one : rootOf(above);
  };
  return (table) => roots.has(tableKey(rootOf(names.get(tableKey(table))!)));
}

/** Its publication list was altered, or put back a moment ago: apply has its tables taken again; see resources/put-back.ts. */
function isRetargeted({ environment }: SourceContract, of: StreamOf, options: SubscriptionOptions): boolean {
  const pending = ownMark(options.comment, 'subscription', environment)?.unproven?.altered;
  const now = alteredAttributes(of, options).some(({ attribute }) => attribute.name === 'publication');
  return now || pending?.includes('publication') === true;
}

export const notSubscribedChecks = [skipped, notCopied];
