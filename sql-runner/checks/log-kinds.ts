import type { CauseKind } from '../model/stream-cause';

/**
 * How messages of PostgreSQL 13 to 18 tell what a worker met, the more particular first. Names in them are those of the
 * server's sources (replication/logical/{worker,relation,conflict}.c, libpqwalreceiver.c, libpq, execMain.c and others).
 */
const KINDS: readonly (readonly [CauseKind, RegExp])[] = [
  ['row missing', /^conflict detected on relation .* conflict=(?:update_missing|delete_missing|update_deleted)/],
  ['conflict', /^conflict detected on relation .* conflict=(?:insert_exists|update_exists|multiple_unique_conflicts)/],
  ['conflict', /^duplicate key value violates unique constraint /],
  ['conflict', /^conflicting key value violates exclusion constraint /],
  ['table missing', /^logical replication target relation .* does not exist/],
  ['table missing', /^cannot use relation .* as logical replication target/],
  ['column missing', /^logical replication target relation .* is missing (?:some )?replicated column/],
  ['column missing', /^logical replication target relation .* has incompatible generated column/],
  ['no replica identity', /^publisher did not send replica identity column/],
  ['no replica identity', /^logical replication target relation .* has neither REPLICA IDENTITY index nor PRIMARY KEY/],
  ['null refused', /^null value in column .* violates not-null constraint/],
  ['null refused', /^domain .* does not allow null values/],
  ['check refused', /^new row for relation .* violates (?:check|partition) constraint/],
  ['check refused', /^value for domain .* violates check constraint/],
  ['check refused', /^no partition of relation .* found for row/],
  ['truncate refused', /^cannot truncate a table referenced in a foreign key constraint/],
  ['publication gone', /\bpublication ".*" does not exist/],
  ['slot gone', /\breplication slot ".*" does not exist/],
  ['slot in use', /\breplication slot ".*" is active for PID \d+/],
  [
    'slot lost',
    /\b(?:can no longer (?:get changes from|access) replication slot|cannot read from logical replication slot|requested WAL segment .* has already been removed)/,
  ],
  ['login refused', /\b(?:password|PAM|GSSAPI|LDAP|RADIUS|certificate|SCRAM) authentication failed for user\b/i],
  ['login refused', /\bfe_sendauth: no password supplied|\bpassword is required/],
  ['not let in', /\bno pg_hba\.conf entry for\b|\bpg_hba\.conf rejects\b/],
  ['role refused', /\bFATAL: +role ".*" (?:does not exist|is not permitted to log in)/],
  [
    'role refused',
    /\bmust be superuser or replication role to start walsender|\bpermission denied to start WAL sender/,
  ],
  ['role refused', /\bFATAL: +permission denied for database /],
  ['no room', /\btoo many connections for (?:role|database)|\bremaining connection slots are reserved/],
  ['no room', /\bsorry, too many clients already|\bnumber of requested standby connections exceeds/],
  ['no room', /^out of (?:logical replication worker|background worker) slots/],
  ['database missing', /\bFATAL: +database ".*" does not exist/],
  ['authority unread', /\broot certificate file .* does not exist|\bcould not read root certificate file/],
  ['certificate refused', /\bcertificate verify failed|\bserver certificate for .* does not match host name/],
  ['certificate refused', /\bserver does not support SSL|\bSSL error:/],
  ['host unknown', /\bcould not translate host name\b/],
  [
    'not reached',
    /\b(?:Connection refused|Connection timed out|timeout expired|No route to host|Network is unreachable|Connection reset by peer|server closed the connection unexpectedly|the database system is (?:starting up|shutting down|in recovery mode|not yet accepting connections))/,
  ],
  ['timeout', /^canceling statement due to (?:statement|lock) timeout/],
  ['timeout', /^terminating connection due to (?:transaction|idle-in-transaction|idle-session) timeout/],
  ['timeout', /^terminating logical replication worker due to timeout/],
  ['deadlock', /^deadlock detected/],
  ['terminated', /^terminating (?:logical replication|background) worker .*due to administrator command/],
  ['terminated', /\bWAL stream: FATAL: +terminating (?:connection|walsender)/],
  ['terminated', /^terminating connection due to (?:administrator command|unexpected postmaster exit)/],
  ['no space', /\bNo space left on device|^temporary file size exceeds|^out of (?:shared )?memory|\bDisk full\b/],
  ['permission denied', /^permission denied for |^must be (?:owner|superuser)|^role ".*" cannot SET ROLE to /],
  ['permission denied', /^user ".*" cannot replicate into relation with row-level security enabled/],
  ['value refused', /^invalid (?:input|byte sequence|XML|binary|hexadecimal)/],
  ['value refused', /\bout of range\b|^value too long for type |^incorrect binary data format/],
  ['value refused', /^(?:malformed|date\/time field|numeric field overflow|bit string length|string is too long)/],
  ['value refused', /\bhas no equivalent in encoding\b|^unsupported Unicode|^unexpected end of input/],
];

export function kindOf(message: string): CauseKind {
  return KINDS.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';
}
