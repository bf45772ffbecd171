import { InvalidArgumentError, Option } from 'commander';

/** What both plan --sequences and sequences take. */

export const headroomOption = (): Option =>
  new Option('--headroom <n>', 'how many values the source may hand out afterwards before the clone hands out the same')
    .argParser(headroom)
    .default(0);

export const putBackOption = (): Option =>
  new Option('--put-back', 'put sequences of the clone back that are ahead; values taken there come again').default(
    false,
  );

/** Beyond that no Number is exact. */
function headroom(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('a whole number, zero or more, is needed.');
}
