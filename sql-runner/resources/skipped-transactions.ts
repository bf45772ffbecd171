import type { SourceContract } from '../../contract/contract';
import { changeOf, type Change } from '../model/change';
import type { SubscriptionMark } from '../model/mark';
import type { StreamFailure } from '../model/skip';
import type { StreamFacts } from '../model/stream-state';
import type { StreamOf } from '../model/streams';
import type { SentTransaction, TableChanges } from '../postgres/sent-messages';
import { displayQualified, quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { someOf } from './some-of';

/**
 * A transaction that the clone leaves out by consent. The mark of its subscription keeps which one, and what of, from
 * the moment it is given up until every row has been compared and was equal: so nobody calls such a stream in sync.
 */

export type Skipped = NonNullable<SubscriptionMark['skipped']>[number];

export const LEFT_OUT =
  'its rows are missing on the clone, or are as they were before, until somebody mends them; which ones only the rows can tell';

/** Of the stream, for findings. */
export function skippedWords(of: StreamOf, skipped: readonly Skipped[]): string {
  const each = skipped.map(
    ({ finish, at, rows, tables }) =>
      `the transaction that ends at ${finish}, with ${rowsIn(rows)} of ${someOf(tables)}, at ${at.slice(0, 19)}Z`,
  );
  return `subscription ${of.stream.subscription} in database ${of.database} has skipped by consent ${each.join(' and ')}`;
}

const rowsIn = (count: number): string => `${count} ${count === 1 ? 'change' : 'changes'}`;

const changesOf = ({ inserted, updated, deleted, truncated }: TableChanges): number =>
  inserted + updated + deleted + Number(truncated);

/** As the mark keeps it. */
export function noteOf({ finish, tables }: SentTransaction, at: Date): Skipped {
  const rows = tables.reduce((sum, table) => sum + changesOf(table), 0);
  return { finish, at: at.toISOString(), rows, tables: tables.map(displayQualified) };
}

/** One line a table, as people are shown it before they consent. */
function contentsOf({ tables }: SentTransaction): string[] {
  return tables.map((table) => {
    const parts = [
      table.truncated ? 'TRUNCATE' : null,
      table.inserted === 0 ? null : `${table.inserted} inserted`,
      table.updated === 0 ? null : `${table.updated} updated`,
      table.deleted === 0 ? null : `${table.deleted} deleted`,
    ].filter((part) => part !== null);
    return `${displayQualified(table)}: ${parts.join(', ')}`;
  });
}

export function skipChange(
  { environment }: SourceContract,
  of: StreamFacts,
  { transaction, origin, byPosition }: Extract<StreamFailure, { kind: 'failing' }>,
): Change {
  const { stream, subscriber } = of;
  const { xid, finish, end, committed } = transaction;
  const name = quoteIdent(stream.subscription);
  const statements = byPosition
    ? [`ALTER SUBSCRIPTION ${name} SKIP (lsn = ${quoteLiteral(finish)});  -- and wait until it is past`]
    : [
        `ALTER SUBSCRIPTION ${name} DISABLE;  -- and wait until its worker has ended`,
        `SELECT pg_replication_origin_advance('pg_' || oid, ${quoteLiteral(end)}) FROM pg_subscription WHERE subname = ${quoteLiteral(stream.subscription)};  -- from ${origin}`,
        `ALTER SUBSCRIPTION ${name} ENABLE;`,
      ];
  return changeOf({
    address: { ...subscriber, kind: 'subscription-skip', name: stream.subscription },
    action: 'update',
    reason: `transaction ${xid} of the source, committed at ${committed.slice(0, 19)}Z, which ends at ${finish}, is never applied; its rows will differ until they are mended`,
    preview: [
      ...contentsOf(transaction).map((line) => `-- ${line}`),
      `COMMENT ON SUBSCRIPTION ${name} IS '(its mark, with what is skipped)';`,
      ...statements,
    ],
    operation: {
      kind: 'skip-transaction',
      place: subscriber,
      environment,
      subscription: stream.subscription,
      slot: stream.slot,
      byPosition,
      transaction,
      origin,
    },
  });
}
