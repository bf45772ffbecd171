import type { Code } from './codes';
import { CLONE_CODES } from './codes/clone';
import { COST_CODES } from './codes/cost';
import { DDL_CODES } from './codes/ddl';
import { ENVIRONMENT_FILE_CODES } from './codes/environment-files';
import { LAB_CODES } from './codes/lab';
import { MIGRATION_CODES } from './codes/migrations';
import { NEW_TABLE_CODES } from './codes/new-tables';
import { PULL_REQUEST_CODES } from './codes/pull-requests';
import { REACH_CODES } from './codes/reach';
import { RIGHT_CODES } from './codes/rights';
import { ROLE_CODES } from './codes/roles';
import { RUN_CODES } from './codes/runs';
import { SOURCE_CODES } from './codes/source';
import { STREAM_CODES } from './codes/streams';
import { TABLE_CODES } from './codes/tables';
import { exitCode, type PRECEDENCE } from './exit-codes';

type Kind = (typeof PRECEDENCE)[number];

/** The codes of findings block; the others are errors. What is neither is said below. */
const BY_HOME = {
  ...all(ENVIRONMENT_FILE_CODES, 'error'),
  ...all(REACH_CODES, 'error'),
  ...all(RUN_CODES, 'error'),
  ...all(SOURCE_CODES, 'blocked'),
  ...all(RIGHT_CODES, 'blocked'),
  ...all(ROLE_CODES, 'blocked'),
  ...all(CLONE_CODES, 'blocked'),
  ...all(TABLE_CODES, 'blocked'),
  ...all(NEW_TABLE_CODES, 'blocked'),
  ...all(MIGRATION_CODES, 'error'),
  ...all(DDL_CODES, 'blocked'),
  ...all(STREAM_CODES, 'blocked'),
  ...all(COST_CODES, 'error'),
  ...all(PULL_REQUEST_CODES, 'error'),
  ...all(LAB_CODES, 'error'),
} satisfies Record<Code, Kind>;

/** Of a code that an error, a refusal or a finding has: what a command ends with for it. */
export const KIND_OF_CODE: Readonly<Record<Code, Kind>> = {
  ...BY_HOME,
  // Findings of plans and of doctor, at home elsewhere.
  CHANGES_OPEN: 'blocked',
  NOTHING_TO_HOLD: 'blocked',
  NOTHING_TO_RESET: 'blocked',
  NOTHING_TO_RESUME: 'blocked',
  NOTHING_TO_ROTATE: 'blocked',
  NOTHING_TO_SKIP: 'blocked',
  SAME_CLUSTER: 'blocked',
  // What ddl check found of a migration.
  DDL_BREAKS: 'blocked',
  DDL_NEEDS_ORDER: 'changes',
  DDL_NOT_JUDGED: 'changes',
  // Of what was asked for.
  DDL_NOT_DECIDED: 'error',
  DDL_NOT_FOLLOWED: 'error',
  DDL_NOT_KNOWN: 'error',
  // Of a run that was begun.
  SEQUENCES_NOT_SET: 'error',
  VIEWS_NOT_REFRESHED: 'error',
  ROLES_NOT_CARRIED_OUT: 'error',
  LARGE_OBJECTS_NOT_COPIED: 'error',
  // The copy is there, and is not known to hold all that the source has.
  APPLY_WORKER_FAILING: 'notInSync',
  APPLY_WORKER_SILENT: 'notInSync',
  APPLY_WORKER_STOPPED: 'notInSync',
  APPLY_WORKER_WAITS: 'notInSync',
  BEAT_FAILED: 'notInSync',
  CONTINUITY_NOT_PROVEN: 'notInSync',
  HISTORY_DIFFERS: 'notInSync',
  HOLD_BROKEN: 'notInSync',
  NEW_TABLE_DIFFERS: 'notInSync',
  NEW_TABLE_NOT_COMPARED: 'notInSync',
  NEW_TABLE_NOT_COPIED: 'notInSync',
  NOT_IN_SYNC: 'notInSync',
  SKIP_NOT_DONE: 'notInSync',
  ROWS_STILL_DIFFER: 'notEqual',
  ROWS_NOT_MENDED: 'error',
  NOT_STREAMING: 'notInSync',
  SLOT_LOST: 'notInSync',
  SOURCE_PUT_BACK: 'notInSync',
  SOURCE_REFUSES_LOGIN: 'notInSync',
  STREAM_BROKEN: 'notInSync',
  STREAM_NOT_STREAMING: 'notInSync',
  SUBSCRIPTION_DISABLED: 'notInSync',
  VERIFY_SLOT_MISSING: 'notInSync',
  // What was planned for is not what is there.
  PLAN_STALE: 'planStale',
  RUN_OVERTAKEN: 'planStale',
  STREAM_MOVED: 'planStale',
  LOCK_HELD: 'lockHeld',
  VERIFY_GAVE_WAY: 'notSettled',
};

/** What a command ends with for all that these codes say. */
export function exitOfCodes(codes: readonly Code[]): number {
  return exitCode(...codes.map((code) => KIND_OF_CODE[code]));
}

/** What a command ends with for an error, and for what it says beside. */
export function exitOfError({ code, also }: { readonly code: Code; readonly also: readonly Code[] }): number {
  return exitOfCodes([code, ...also]);
}

function all<C extends Code>(codes: Readonly<Record<C, string>>, kind: Kind): Record<C, Kind> {
  return Object.fromEntries(Object.keys(codes).map((code) => [code, kind])) as Record<C, Kind>;
}
