/**
 * Where many databases are, unless others are named: of each state one or more; what breaks one of them, and what breaks
 * all. The others cost too much time there, and tell nothing else.
 */
export const OF_MANY: readonly string[] = [
  // retrying
  'conflict',
  'trigger that raises',
  'column added on the source',
  // blocked
  'lock on the clone',
  // disabled, held
  'disabled',
  'held',
  // streaming
  'trigger that changes rows',
  'partition of later',
  'subscription with binary = true',
  'publication without deletes',
  // not proven
  'disabled and enabled by hand',
  'partition unlogged on the clone',
  // stopped
  'subscription of another slot',
  'slot read by somebody else',
  'role NOLOGIN',
  'turned away by pg_hba.conf',
  'no workers on the clone',
  // cut off
  'worker that hangs',
  'packets of the source get lost',
  // no progress seen, catching up
  'worker that a timeout ends',
  'behind by more than its budget',
  // clone not reached
  'clone down',
  'clone is a reader',
  'clone does not answer',
  // nothing can be read
  'source down',
  'both down',
  // lost, diverged, and what only a new clone heals
  'slot dropped',
  'slot advanced by hand',
  'clone put back to older files',
  'table dropped on the clone',
  'database of the clone dropped',
  'row deleted on the clone',
];
