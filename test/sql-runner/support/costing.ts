import type { StreamStatus } from '../../../sql-runner/actions/status';
import { streamOf } from './stream-status';

export const FAILING = { code: 'APPLY_WORKER_FAILING', seen: 'it fails', why: 'w', next: 'n' } as const;
export const SPENT = { code: 'WAL_BUDGET_EXCEEDED', seen: 'it costs too much', why: 'w', next: 'free it' } as const;
/** It fails, and uses so much of its budget. */
export const costing = (used: number | null, more: Partial<StreamStatus> = {}) =>
  streamOf('shop', {
    state: 'retrying',
    problems: used !== null && used >= 1 ? [FAILING, SPENT] : [FAILING],
    budgetUsed: used,
    retainedBytes: used === null ? null : used * 1_000_000,
    ...more,
  });
