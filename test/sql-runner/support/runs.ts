import { randomUUID } from 'node:crypto';
import type { RunRecord } from '../../../sql-runner/model/run-record';

/** A run that has begun. */
export const runOf = (parts: Partial<RunRecord> = {}): RunRecord => ({
  run: randomUUID(),
  part: 1,
  environment: 'demo',
  mode: 'apply',
  version: '0.1.0',
  who: { arn: null, login: 'master', user: 'ada', host: 'desk' },
  began: '2026-01-01T00:00:00.000Z',
  ended: null,
  fingerprint: null,
  changes: [],
  outcome: null,
  code: null,
  exitCode: null,
  ...parts,
});
