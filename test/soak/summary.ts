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
