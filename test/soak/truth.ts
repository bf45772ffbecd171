import { judge, type Lie, type Phase, type Standing, type Word } from './judge';

/** What one of those who are asked has said. */
export interface Heard {
  readonly words: number;
  /** Words that would have been lies, had they said the opposite: while it was broken, and while it was well. */
  readonly broken: number;
  readonly well: number;
  /** The slowest answer. */
  readonly slowestMs: number;
  /** The longest time without one. */
  readonly silentMs: number;
  readonly last: number;
}

/** What is known of each stream, by its database, and what was said of it. */
export class Truth {
  readonly lies: Lie[] = [];
  private readonly standings: Map<string, Standing[]>;
  private readonly counts = new Map<string, Heard>();

  /** @param onLie called at once, as a run may take long */
  constructor(
    readonly databases: readonly string[],
    private readonly onLie: (lie: Lie) => void,
  ) {
    this.standings = new Map(databases.map((name) => [name, []]));
  }

  /** From now on. */
  is(phase: Phase, why: string, databases = this.databases): void {
    for (const name of databases) this.standings.get(name)!.push({ at: Date.now(), phase, why });
  }

  hear(word: Word): void {
    const standings = this.standings.get(word.database) ?? [];
    const certain = judge(standings, { ...word, healthy: !word.healthy })?.truth.phase;
    const heard = this.counts.get(word.by);
    this.counts.set(word.by, {
      words: (heard?.words ?? 0) + 1,
      broken: (heard?.broken ?? 0) + (certain === 'broken' ? 1 : 0),
      well: (heard?.well ?? 0) + (certain === 'well' ? 1 : 0),
      slowestMs: Math.max(heard?.slowestMs ?? 0, word.answered - word.asked),
      silentMs: Math.max(heard?.silentMs ?? 0, word.answered - (heard?.last ?? word.asked)),
      last: word.answered,
    });
    const lie = judge(standings, word);
    if (lie === null) return;
    this.lies.push(lie);
    this.onLie(lie);
  }

  /** By who said it. */
  get heard(): ReadonlyMap<string, Heard> {
    return this.counts;
  }
}
