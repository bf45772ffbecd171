import type { SourceContract } from '../../stacks/contract';
import type { Finding, Step } from '../engine/change';
import type { DatabaseShapes, SourceSurvey, StreamsSeen, TargetSurvey } from './survey';

export interface Scope {
  readonly contract: SourceContract;
  /** A subscription of ours is on the clone: its data started long ago. */
  readonly connected: boolean;
  /** What the other side's checks read; null where it could not be read, or is not deployed. */
  readonly source: SourceSurvey | null;
  readonly target: TargetSurvey | null;
  /** The clone is deployed and cannot be reached. */
  readonly unreachable?: boolean;
  /** By database, where both sides were read. */
  readonly shapes?: Readonly<Record<string, DatabaseShapes>>;
  readonly streams?: StreamsSeen | null;
}

interface CheckText {
  readonly code: string;
  /** Steps that a finding of it stops, where it blocks; absent: every step. */
  readonly stops?: readonly Step[];
  /** Its findings are about what would keep a secret that is sent to its side. */
  readonly keepsSecrets?: true;
  /** What is so when the check passes, as a short sentence without full stop. */
  readonly holds: string;
}

export interface SourceCheck extends CheckText {
  readonly side: 'source';
  run(source: SourceSurvey, scope: Scope): Finding[];
}

export interface TargetCheck extends CheckText {
  readonly side: 'target';
  /** It compares, and passes nothing when the source was not read; or when the definitions of both were not. */
  readonly both?: true | 'definitions';
  run(target: TargetSurvey, scope: Scope): Finding[];
}

export interface StreamsCheck extends CheckText {
  /** Of both at one time. */
  readonly side: 'streams';
  run(streams: StreamsSeen, scope: Scope): Finding[];
}

/** One preflight rule: what was read in, findings of its code out. */
export type Check = SourceCheck | TargetCheck | StreamsCheck;
