import type { Code } from '../../errors/codes';
import type { Finding, Step } from '../model/change';
import type { Surroundings } from '../model/surroundings';
import type { Scope, SourceSurvey, StreamsSeen, TargetSurvey } from '../model/survey';

/** What a check has found: a finding whose code is that of the check. */
export type Found = Omit<Finding, 'code'> & { readonly code?: never };

interface CheckText {
  readonly code: Code;
  /** Steps that a finding of it stops, where it blocks; absent: every step. */
  readonly stops?: readonly Step[];
  /** Its findings are about what would keep a secret that is sent to its side. */
  readonly keepsSecrets?: true;
  /** What is so when the check passes, as a short sentence without full stop. */
  readonly holds: string;
}

export interface SourceCheck extends CheckText {
  readonly side: 'source';
  /** Null: what it is about is not there to be judged. */
  run(source: SourceSurvey, scope: Scope): Found[] | null;
}

export interface TargetCheck extends CheckText {
  readonly side: 'target';
  /** It compares, and passes nothing when the source was not read; or when the definitions of both were not. */
  readonly both?: true | 'definitions';
  run(target: TargetSurvey, scope: Scope): Found[];
}

/** It looks at nothing but the definitions of both sides. */
export interface DefinitionsCheck extends TargetCheck {
  readonly both: 'definitions';
  run(target: unknown, scope: Pick<Scope, 'contract' | 'shapes' | 'renaming' | 'renamable'>): Found[];
}

export interface StreamsCheck extends CheckText {
  /** Of both at one time. */
  readonly side: 'streams';
  run(streams: StreamsSeen, scope: Scope): Found[];
}

export interface ProductionCheck extends CheckText {
  /** What stands around the cluster, in the account of its owner. */
  readonly side: 'production';
  /** Whether there is what it looks at; absent: there always is. Of what there is not it says nothing, not even that it passes. */
  concerns?(around: Surroundings): boolean;
  /** Null: what it looks at could not be looked at. */
  run(around: Surroundings, scope: Scope): Found[] | null;
}

/** One preflight rule: what was read in, findings out. docs/adding-a-check.md says how to add one. */
export type Check = SourceCheck | TargetCheck | StreamsCheck | ProductionCheck;

/** As the finding that people see. What it says itself of what it stops counts more than what its check says. */
export function stamped({ code, stops }: Pick<CheckText, 'code' | 'stops'>, found: Found): Finding {
  return found.severity === 'block' ? { stops, code, ...found } : { code, ...found };
}
