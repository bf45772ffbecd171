import type { Code } from '../../errors/codes';

/**
 * How a stream stands. What follows is streaming or catching up; all others are told with their cause, if one is known.
 */
export const HEALTH_STATES = [
  'not prepared',
  'waiting for the clone',
  /** Whether it may be, plan and doctor say. */
  'not connected yet',
  /** A lock, or a finding, stands in its way. */
  'blocked',
  /** By somebody else; whoever pauses it by sql-runner hold has it held. */
  'disabled',
  'held',
  /** No worker stays. */
  'stopped',
  /** The worker fails, and begins the same transaction anew. */
  'retrying',
  /** Nobody reads the slot, or the worker hears nothing. */
  'cut off',
  'no progress seen',
  'catching up',
  'streaming',
  /** It streams, and may have skipped changes. */
  'not proven',
  /** What the clone does cannot be seen. */
  'clone not reached',
  /** The source has no changes for it any more: only a new clone helps. */
  'lost',
  /** Changes are known to be missing, or one side was put back: only a new clone helps. */
  'diverged',
] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

/** What speaks against a stream. Sentences without full stop. */
export interface Problem {
  readonly code: Code;
  readonly seen: string;
  readonly why: string;
  readonly next: string;
}

export interface Health {
  readonly state: HealthState;
  /** ISO 8601: it has been so since then at the latest; null: the servers do not tell. */
  readonly since: string | null;
  /** The first is the cause; none where nothing speaks against it. */
  readonly problems: readonly Problem[];
  /** What was read of both servers. */
  readonly evidence: readonly string[];
  /** What production keeps for it, and how long it may; null: it has no slot for it. */
  readonly consequence: string | null;
  /** What to do first; null: nothing. */
  readonly next: string | null;
}

export const FOLLOWING: readonly HealthState[] = ['streaming', 'catching up'];

/** Whether it was seen to follow, with nothing that speaks against it. */
export const isHealthy = ({ state, problems }: Pick<Health, 'state' | 'problems'>): boolean =>
  FOLLOWING.includes(state) && problems.length === 0;
