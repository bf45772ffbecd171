import type { Session } from '../session';

/**
 * A member of WITH RECURSIVE: `partition_root (relid, root)`, oids, with one row for every partition at any depth
 * and one for every root of a partitioned table. Join it LEFT, and take `coalesce(root, oid)`: other tables are
 * their own root.
 *
 * pg_partition_root() and pg_partition_tree() would say the same, but once per row: and the latter locks every
 * partition, so that it waits behind somebody's ALTER TABLE (find_all_inheritors in pg_inherits.c). Children of
 * a partitioned table are always partitions (MergeAttributes in tablecmds.c). One that is being detached
 * concurrently, from 14 on, is a partition no more.
 */
export function partitionRootSql(session: Session): string {
  return `partition_root (relid, root) AS (
       SELECT c.oid, c.oid FROM pg_class c WHERE c.relkind = 'p' AND NOT c.relispartition
       UNION ALL
       SELECT i.inhrelid, p.root FROM partition_root p JOIN pg_inherits i ON i.inhparent = p.relid AND ${attachedSql(session)})`;
}

/** Of pg_inherits as `i`: whether the child is one still. */
export function attachedSql(session: Session): string {
  return session.serverVersionNum < 140000 ? 'true' : 'NOT i.inhdetachpending';
}
