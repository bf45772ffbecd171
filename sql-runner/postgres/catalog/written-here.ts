/**
 * A clone counts on from its source's last transaction, so that both may write a row again in a transaction of the same
 * number, and the row looks as if nobody had touched it. What the clone wrote after its subscription was made is marked.
 */

/**
 * For a publication `p`: the transaction that made the subscription of this database which takes it, as int8; null where
 * there is none, as on a source. By the row of its origin, as ALTER SUBSCRIPTION writes the subscription's own row again.
 *
 * Null as well after 2^32 transactions: a row tells its number without the round it is of (transam.h), and a busy server
 * would be taken for one that altered its oldest tables. Both sides of such a pair hardly meet in one number.
 */
export const subscribedSql = (): string =>
  `(SELECT min(o.xmin::text::int8) FROM pg_subscription s JOIN pg_replication_origin o ON o.roname = 'pg_' || s.oid
     WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
       AND p.pubname = ANY (s.subpublications) AND txid_snapshot_xmax(txid_current_snapshot()) < 4294967296)`;
