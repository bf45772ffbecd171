import { kindOf } from '../../../sql-runner/checks/log-kinds';
import type { CauseKind } from '../../../sql-runner/model/stream-cause';

/**
 * Texts that the servers of live-log-causes.test.ts do not write: of other majors, as their sources have them, and of
 * what is not brought about there.
 */
const CONNECT = 'could not connect to the publisher: ';
const TEXTS: readonly (readonly [CauseKind, string, string])[] = [
  ['conflict', '18', 'conflict detected on relation "public.orders": conflict=insert_exists'],
  ['conflict', '18', 'conflict detected on relation "public.orders": conflict=multiple_unique_conflicts'],
  ['row missing', '18', 'conflict detected on relation "public.orders": conflict=update_missing'],
  ['row missing', '18', 'conflict detected on relation "public.orders": conflict=delete_missing'],
  ['conflict', '13', 'conflicting key value violates exclusion constraint "booked"'],
  ['column missing', '13', 'logical replication target relation "public.orders" is missing some replicated columns'],
  [
    'column missing',
    '18',
    'logical replication target relation "public.orders" has incompatible generated column: "a"',
  ],
  [
    'no replica identity',
    '13',
    'publisher did not send replica identity column expected by the logical replication target relation "public.orders"',
  ],
  ['login refused', '13', `${CONNECT}FATAL:  password authentication failed for user "acas"`],
  ['login refused', '13', `${CONNECT}FATAL:  PAM authentication failed for user "acas"`],
  ['login refused', '17', `apply worker for subscription "s" ${CONNECT}fe_sendauth: no password supplied`],
  [
    'not let in',
    '13',
    `${CONNECT}FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "acas", database "shop", SSL off`,
  ],
  ['role refused', '13', `${CONNECT}FATAL:  must be superuser or replication role to start walsender`],
  ['role refused', '16', `${CONNECT}connection to server at "h", port 5432 failed: FATAL:  role "acas" does not exist`],
  ['no room', '17', `${CONNECT}FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute`],
  [
    'no room',
    '17',
    `${CONNECT}FATAL:  number of requested standby connections exceeds "max_wal_senders" (currently 5)`,
  ],
  ['no room', '13', 'out of logical replication worker slots'],
  ['certificate refused', '13', `${CONNECT}server certificate for "a" does not match host name "b"`],
  ['certificate refused', '13', `${CONNECT}SSL error: certificate verify failed`],
  ['host unknown', '13', `${CONNECT}could not translate host name "a" to address: Name or service not known`],
  [
    'not reached',
    '13',
    `${CONNECT}could not connect to server: Connection timed out\n\tIs the server running on host "a"?`,
  ],
  ['not reached', '13', `${CONNECT}could not connect to server: No route to host`],
  ['not reached', '17', `${CONNECT}timeout expired`],
  [
    'slot lost',
    '13',
    'could not receive data from WAL stream: ERROR:  requested WAL segment 00000001000000000000000A has already been removed',
  ],
  ['slot lost', '14', 'could not start WAL streaming: ERROR:  cannot read from logical replication slot "s"'],
  ['slot lost', '17', 'could not start WAL streaming: ERROR:  can no longer get changes from replication slot "s"'],
  ['slot lost', '18', 'could not start WAL streaming: ERROR:  can no longer access replication slot "s"'],
  ['slot in use', '13', 'could not start WAL streaming: ERROR:  replication slot "s" is active for PID 12'],
  ['timeout', '17', 'terminating connection due to transaction timeout'],
  ['timeout', '13', 'terminating logical replication worker due to timeout'],
  ['timeout', '13', 'canceling statement due to statement timeout'],
  ['no space', '13', 'could not extend file "base/1/2": No space left on device'],
  ['no space', '17', 'temporary file size exceeds "temp_file_limit" (200kB)'],
  ['deadlock', '13', 'deadlock detected'],
  ['permission denied', '16', 'role "master" cannot SET ROLE to "archive"'],
  ['permission denied', '15', 'user "a" cannot replicate into relation with row-level security enabled: "orders"'],
  ['value refused', '13', 'invalid byte sequence for encoding "UTF8": 0xff'],
  ['value refused', '13', 'value "99999999999" is out of range for type integer'],
  [
    'value refused',
    '13',
    'character with byte sequence 0xe2 in encoding "UTF8" has no equivalent in encoding "LATIN1"',
  ],
  ['check refused', '13', 'value for domain fee violates check constraint "positive"'],
  ['check refused', '13', 'no partition of relation "parts" found for row'],
  ['null refused', '13', 'domain fee does not allow null values'],
  [
    'terminated',
    '17',
    'could not receive data from WAL stream: FATAL:  terminating connection due to administrator command',
  ],
  ['truncate refused', '13', 'cannot truncate a table referenced in a foreign key constraint'],
  ['other', '17', 'division by zero'],
];

test.each(TEXTS)('%s, as %s says it: %s', (kind, _, text) => {
  expect(kindOf(text)).toBe(kind);
});
