import type { Played } from './play';

const seconds = (ms: number | null): string => (ms === null ? '-' : `${(ms / 1_000).toFixed(1)} s`);

/** In this order, in seconds: what each took to say it. */
const FIGURES = ['status', 'plan', 'doctor', 'metrics'] as const;

/** A row as soon as it was played, and below it whatever was not true. */
export function rowOf({ name, state, cause, told, toldAfterRestart, took, healedBy, lies }: Played): string {
  const cells = [
    name.padEnd(34),
    state.padEnd(18),
    cause.padEnd(26),
    seconds(told).padStart(6),
    seconds(toldAfterRestart).padStart(6),
    (took === null ? '-' : FIGURES.map((who) => (took[who] / 1_000).toFixed(1)).join('/')).padStart(15),
    ` ${healedBy.join(' | ').slice(0, 120)}`,
  ];
  return [cells.join(' '), ...lies.map((lie) => `    LIE: ${lie}`)].join('\n');
}

export function summary(played: readonly Played[]): string {
  const lying = played.filter(({ lies }) => lies.length > 0);
  const longest = Math.max(0, ...played.flatMap(({ told, toldAfterRestart }) => [told ?? 0, toldAfterRestart ?? 0]));
  const most = FIGURES.map((who) => `${who} ${seconds(Math.max(0, ...played.map(({ took }) => took?.[who] ?? 0)))}`);
  return [
    '',
    `${played.length} rows played, ${played.length - lying.length} without a lie; the truth was told after ${seconds(longest)} at most (${most.join(', ')})`,
    ...lying.map(({ name }) => `LIES: ${name}`),
  ].join('\n');
}
