import { takes } from './column-type';
import type { Survival } from './difference';

/** What becomes of values of the source in a column of another type. */
export function survivalOfType(there: string, here: string): { survives: Survival; consequence: string } {
  if (takes(here, there)) return { survives: 'continues', consequence: 'the clone takes every value of the source' };
  if (here.startsWith('character(') && there !== here)
    return {
      survives: 'differs',
      consequence: 'shorter values are filled with blanks, and the worker stops at longer ones',
    };
  if (rounds(there, here)) return { survives: 'differs', consequence: 'values are rounded or cut without a word' };
  return { survives: 'stops', consequence: 'the worker stops at the first value that the type does not take' };
}

const NUMBERS = ['numeric', 'real', 'double precision', 'money'];
const TIMES = ['timestamp', 'time', 'interval', 'date'];

/** Whether the clone's type may take a text of the source's and keep less of it. */
function rounds(there: string, here: string): boolean {
  const of = (kinds: readonly string[], type: string) => kinds.some((kind) => type.startsWith(kind));
  return (of(NUMBERS, there) && of(NUMBERS, here)) || (of(TIMES, there) && of(TIMES, here));
}
