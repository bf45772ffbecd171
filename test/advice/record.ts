import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { AdviceKind } from '../../docs/generate/advice';

/** One advice that was carried out in this run of the tests, in the words that were printed. */
export interface CarriedOut {
  readonly code: string;
  readonly kind: AdviceKind;
  readonly next: string;
}

/** All workers of a run write to one file; see whole-run.ts. A line is written at once, so lines do not mix. */
export function record(done: CarriedOut): void {
  const file = process.env.ADVICE_RECORD;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(done)}\n`);
}

export function recorded(file: string): CarriedOut[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as CarriedOut);
}
