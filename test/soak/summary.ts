import Table from 'cli-table3';
import type { Lie } from './judge';

export interface Verdict {
  readonly what: string;
  readonly good: boolean;
  readonly words: string;
}

/** How often something happened, and how long the longest of it took. */
export class Tally {
  private readonly kinds = new Map<string, { times: number; seconds: number }>();

  constructor(all: readonly string[]) {
    for (const what of all) this.kinds.set(what, { times: 0, seconds: 0 });
  }

  add(what: string, milliseconds: number): void {
    const { times, seconds } = this.kinds.get(what)!;
    this.kinds.set(what, { times: times + 1, seconds: Math.max(seconds, milliseconds / 1_000) });
  }

  get total(): number {
    return [...this.kinds.values()].reduce((sum, { times }) => sum + times, 0);
  }

  /** Of those that were to happen. */
  get never(): string[] {
    return [...this.kinds].filter(([, { times }]) => times === 0).map(([what]) => what);
  }

  table(): string {
    const table = new Table({
      head: ['what happened', 'times', 'longest until well'],
      style: { head: [], border: [] },
    });
    for (const [what, { times, seconds }] of this.kinds)
      table.push([what, times, times === 0 ? '' : `${seconds.toFixed(1)} s`]);
    return table.toString();
  }
}

/** In so many minutes everything happens once on a machine that has two cores and other things to do. */
const LONG_ENOUGH = 10;

/** Nothing has failed; whether all of it has been tried as well. */
export function coverage({ total, never }: Pick<Tally, 'total' | 'never'>, minutes: number): Verdict {
  const missing = never.length === 0 ? 'each kind at least once' : `never: ${never.join(', ')}`;
  const good = never.length === 0 || minutes < LONG_ENOUGH;
  return { what: 'all that happened', good, words: `${total} times something, ${missing}` };
}

export function lieText({ word, truth }: Lie): string {
  const at = new Date(word.answered).toISOString();
  const since = ((word.asked - truth.at) / 1_000).toFixed(1);
  return [
    `${at} A LIE: ${word.by} called ${word.database} ${word.healthy ? 'healthy' : 'not healthy'}: ${word.said}`,
    `  the truth, for ${since} s when it was asked: ${truth.phase} (${truth.why})`,
  ].join('\n');
}

export const verdictLine = ({ what, good, words }: Verdict): string =>
  `${good ? 'ok    ' : 'FAILED'} ${what}: ${words}`;
