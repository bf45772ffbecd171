import { KINDS } from './kinds/all';
import type { SeedOutcome } from './seed';
import { PLAIN, SHAPES } from './shapes';

/** What is told of one seed. */
export interface Told {
  readonly major: number;
  readonly seed: number;
  readonly outcome?: SeedOutcome;
  readonly failure?: string;
}

/** From so many seeds on, a kind that never got through says that the workload is not what it claims to be. */
const ENOUGH_SEEDS = 100;
const KINDS_WANTED = 25;

/** Prints what was tried, and what became of it. @returns whether all is well */
export function report(all: readonly Told[], total: number, again: string): boolean {
  const outcomes = all.flatMap(({ outcome }) => outcome ?? []);
  const arrived = outcomes.flatMap(({ followed }) => followed);
  const stops = outcomes.flatMap(({ stopped }) => stopped ?? []);
  const refused = outcomes.flatMap((outcome) => outcome.refused);
  console.log('  at the clone  stopped  refused by the source  kind or shape');
  const row = (name: string, ...figures: number[]): void => {
    if (figures.some((figure) => figure > 0))
      console.log(`${figures.map((figure) => String(figure).padStart(13)).join('')}  ${name}`);
  };
  for (const { name } of KINDS)
    row(
      name,
      arrived.filter(({ kind }) => kind === name).length,
      stops.filter(({ named }) => named.kind === name).length,
      refused.filter(({ kind }) => kind === name).length,
    );
  for (const { name } of [PLAIN, ...SHAPES])
    row(
      name,
      arrived.filter(({ shape }) => shape === name).length,
      stops.filter(({ named }) => named.shape === name).length,
      0,
    );
  const kinds = new Set(arrived.map(({ kind }) => kind));
  const failed = all.filter(({ failure }) => failure !== undefined);
  const equal = outcomes.length - stops.length;
  console.log(
    `${outcomes.length} of ${total} seeds passed: ${equal} equal at every stop, ${stops.length} stopped before damage with a finding that names the statement`,
  );
  console.log(
    `${arrived.length} statements of ${kinds.size} kinds arrived, in ${outcomes.reduce((sum, { transactions }) => sum + transactions, 0)} transactions`,
  );
  for (const { major, seed } of failed) console.log(`replay: npm run test:ddl -- ${major}${again} --seed ${seed}`);
  const enough = total < ENOUGH_SEEDS || kinds.size >= KINDS_WANTED;
  if (!enough) console.log(`too few kinds arrived: ${kinds.size} of ${KINDS_WANTED}`);
  return outcomes.length === total && enough;
}
