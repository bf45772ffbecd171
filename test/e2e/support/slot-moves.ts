/** What somebody may do to a slot that nobody reads at the moment, as statements of its database. */
export const advance = (slot: string) => [`SELECT pg_replication_slot_advance('${slot}', pg_current_wal_flush_lsn())`];
export const consume = (slot: string) => [
  `SELECT count(*) FROM pg_logical_slot_get_binary_changes('${slot}', NULL, NULL, 'proto_version', '1', 'publication_names', '${slot}')`,
];
export const remake = (slot: string) => [
  `SELECT pg_drop_replication_slot('${slot}')`,
  `SELECT pg_create_logical_replication_slot('${slot}', 'pgoutput')`,
];
/** What stands in its place in the end is a copy that was advanced under another name. */
export const replace = (slot: string) => [
  `SELECT pg_copy_logical_replication_slot('${slot}', 'aside')`,
  ...advance('aside'),
  `SELECT pg_drop_replication_slot('${slot}')`,
  `SELECT pg_copy_logical_replication_slot('aside', '${slot}')`,
  `SELECT pg_drop_replication_slot('aside')`,
];

/** Of a name that was there before, as that of a tool is each time. */
export const replaceByNamesake = (slot: string) => [
  `SELECT pg_create_logical_replication_slot('aside', 'pgoutput')`,
  `SELECT pg_drop_replication_slot('aside')`,
  ...replace(slot),
];
/** In its place one that was made openly, and begins where the source stands by then. */
export const replaceByNew = (slot: string) => [
  `SELECT pg_create_logical_replication_slot('aside', 'pgoutput')`,
  `SELECT pg_drop_replication_slot('${slot}')`,
  `SELECT pg_copy_logical_replication_slot('aside', '${slot}')`,
  `SELECT pg_drop_replication_slot('aside')`,
];

/** The same, but the other one stays, and stands further on. */
export const replaceByNewThatMoves = (slot: string) => [
  ...replaceByNew(slot).slice(0, -1),
  `SELECT pg_logical_emit_message(false, 'acas', 'later')`,
  ...advance('aside'),
];
/** A copy of one of whichever database. */
export const replaceByCopyOf = (other: string, slot: string) => [
  `SELECT pg_drop_replication_slot('${slot}')`,
  `SELECT pg_copy_logical_replication_slot('${other}', '${slot}')`,
];

export const moveOrigin = (lsn: string, name = 'acas_demo_shop') =>
  `SELECT pg_replication_origin_advance('pg_' || oid, '${lsn}') FROM pg_subscription WHERE subname = '${name}'`;
