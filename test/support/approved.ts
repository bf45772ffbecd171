import type { RunOptions } from '../../sql-runner/actions/run';
import type { PlanMode } from '../../sql-runner/model/plan';
import { PATIENCE_MS } from './patience';

/** A run that is approved beforehand, the reboot too, as patient as a test, and says nothing. */
export const approved = (mode: PlanMode, more: Partial<RunOptions> = {}): RunOptions => ({
  mode,
  allowReboot: true,
  confirm: () => Promise.resolve(true),
  saved: null,
  lockTimeoutMs: PATIENCE_MS,
  syncTimeoutMs: PATIENCE_MS,
  interrupted: () => false,
  listener: () => undefined,
  ...more,
});
