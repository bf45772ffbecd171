import type { Change, Finding } from './change';
import type { TablesWanted } from './renewal';
import type { RowsWanted } from './repair';
import type { SequencesWanted } from './sequences';
import type { LargeObjectsWanted } from './large-objects';
import type { ViewsWanted } from './views';

/** What a plan may say of streams, and on what. */
export interface LookedAt {
  readonly streams: number;
  /** Those of which it was seen that they stream, or catch up. */
  readonly following: number;
  /** Those whose slot is lost or gone: what they have to go says nothing. */
  readonly lost: number;
  readonly tables: number;
  /** Bytes of WAL that the slowest has not confirmed; null: unknown. */
  readonly lagBytes: number | null;
  /** What nobody could look at, see resources/unlooked.ts; none: all was. */
  readonly unlooked: readonly string[];
  /** Of the source, whose attributes, memberships and rights were compared with those of the clone; absent: none. */
  readonly roles?: number;
}

/** `release` is a hold that gives the slots up. */
export type PlanMode =
  | 'apply'
  | 'teardown'
  | 'reset'
  | 'hold'
  | 'release'
  | 'resume'
  | 'rotate'
  | 'sequences'
  | 'refresh'
  | 'large-objects'
  | 'skip'
  | 'resync'
  | 'repair';

/** What has to happen outside sql-runner before the next apply can go on. */
export interface NextStep {
  readonly command: string;
  readonly reason: string;
}

export interface Plan {
  readonly mode: PlanMode;
  readonly environment: string;
  readonly changes: readonly Change[];
  /** One of severity `block` left no changes; one that is `standing`, or still says what it `stops`, stopped none of them. */
  readonly findings: readonly Finding[];
  readonly nextStep: NextStep | null;
  /** Of a plan of sequences: what was asked for. */
  readonly sequences?: SequencesWanted;
  /** Of a plan to refresh materialized views: which were asked for. */
  readonly views?: ViewsWanted;
  /** Of a plan to copy large objects: what was asked for. */
  readonly largeObjects?: LargeObjectsWanted;
  /** Of a plan to copy tables anew: which were asked for. */
  readonly tables?: TablesWanted;
  /** Of a plan to mend rows: which were named. */
  readonly rows?: RowsWanted;
  /** Of a teardown: no clone is deployed, and none was looked at. */
  readonly onlySource?: true;
  /** Digest of what was observed; see fingerprint.ts. */
  readonly fingerprint: string;
  /** How the streams stood; absent: nobody looked. Moves by itself, so it is no part of what is compared. */
  readonly looked?: LookedAt | null;
}

/** Whether something blocks that the plan does not go on to mend. */
export function isBlocked({ changes, findings }: Plan): boolean {
  const blocking = findings.filter((finding) => finding.severity === 'block');
  return blocking.some((finding) => finding.standing !== true || changes.length === 0);
}

/** Whether nothing is to be changed, and all the same not all is well: nothing stops the plan, it has no remedy. */
export function isIdleButUnwell(plan: Plan): boolean {
  const blocking = plan.findings.filter((finding) => finding.severity === 'block');
  const stopped = blocking.some((finding) => finding.standing !== true && finding.stops === undefined);
  return plan.changes.length === 0 && blocking.length > 0 && !stopped;
}
