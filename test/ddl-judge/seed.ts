import { seededRandom, type Random } from '../../lab/workload/random';
import { randomDml } from './dml';
import { Journal } from './journal';
import { Broken, Judge, type Stopped } from './judge';
import type { Pair } from './pair';
import { play, type Course, type Sent, type Taste, type Try } from './play';
import { Names, readScene } from './scene';

export interface SeedOutcome {
  readonly seed: number;
  readonly transactions: number;
  readonly stops: number;
  readonly rows: number;
  readonly tables: number;
  /** Committed and at the clone. */
  readonly followed: readonly Sent[];
  readonly refused: readonly { kind: string; words: string }[];
  readonly told: readonly string[];
  readonly stopped: Stopped | null;
  readonly seconds: number;
}

export interface Length {
  readonly stops: number;
  readonly transactions: number;
}

/** @throws Broken */
export async function runDdlSeed(
  pair: Pair,
  seed: number,
  taste: Taste,
  { stops, transactions }: Length,
): Promise<SeedOutcome> {
  const started = Date.now();
  const random = seededRandom(seed);
  const journal = await Journal.begin(pair);
  const judge = new Judge(pair, journal);
  const other = new OtherSession(pair, random, journal);
  const names = new Names();
  let marks = 0;
  const mark = (): number => (marks += 1);
  const course: Course = { pair, random, names, taste, mark, endOther: () => other.end(mark) };
  const tries: Try[] = [];
  const told: string[] = [];
  let seen = { rows: 0, tables: 0 };
  let stopped = await judge.settle();
  await judge.equal();
  for (let stop = 1; stop <= stops && stopped === null; stop += 1) {
    for (let at = 0; at < transactions; at += 1) {
      if (!taste.only) await other.goOn(mark);
      const one = await play(course);
      tries.push(one);
      if (one.played !== null) await journal.write(one.played);
    }
    await other.end(mark);
    stopped = await judge.settle();
    if (stopped !== null) break;
    const equal = await judge.equal();
    seen = equal;
    told.push(...equal.told);
  }
  if (stopped !== null && !isExcused(journal, stopped))
    throw new Broken(
      `It stopped at what it should follow (${stopped.named.kind}, ${stopped.named.shape}): ${stopped.named.sql}\n${stopped.complaints.join('\n')}\n${journal.script(journal.entries.indexOf(stopped.at) + 1)}`,
    );
  const arrived = stopped === null ? journal.entries : journal.entries.slice(0, journal.entries.indexOf(stopped.at));
  return {
    seed,
    transactions: journal.entries.length - 1,
    stops,
    ...seen,
    followed: arrived.flatMap(({ ddl }) => ddl),
    refused: tries.flatMap(({ refused, tried }) =>
      refused === null ? [] : [{ kind: tried[0]?.kind ?? 'rows', words: refused }],
    ),
    told: [...new Set(told)],
    stopped,
    seconds: (Date.now() - started) / 1000,
  };
}

/** What may stop the stream may also pass, and leave something that a later statement stumbles over. */
function isExcused({ entries }: Journal, { at, named }: Stopped): boolean {
  // A schema that was renamed under an open transaction, see Judge.
  if (!at.ddl.includes(named)) return true;
  return entries.slice(0, entries.indexOf(at) + 1).some(({ ddl }) => ddl.some(({ claim }) => claim === 'stop'));
}

/** A second writer whose transactions, of rows alone, begin before others' and end after them. */
class OtherSession {
  private script: string[] = [];

  constructor(
    private readonly pair: Pair,
    private readonly random: Random,
    private readonly journal: Journal,
  ) {}

  async goOn(mark: () => number): Promise<void> {
    if (this.random.int(0, 2) > 0)
      return this.script.length > 0 && this.random.int(0, 2) === 0 ? this.end(mark) : undefined;
    if (this.script.length === 0) await this.run('BEGIN');
    const sql = randomDml(this.random, await readScene(this.pair.eyes, this.pair.major));
    if (sql === null) return;
    await this.run('SAVEPOINT one');
    await this.run(sql).catch(() => this.run('ROLLBACK TO SAVEPOINT one'));
  }

  async end(mark: () => number): Promise<void> {
    if (this.script.length === 0) return;
    const n = mark();
    const committed = await this.commit(n);
    const script = this.script;
    this.script = [];
    if (!committed) return;
    await this.journal.write({ ddl: [], script: script.map((line) => `/* other */ ${line}`), mark: n });
  }

  /** A constraint that was deferred may refuse all of it, and then nothing has happened. */
  private async commit(n: number): Promise<boolean> {
    try {
      await this.run(`INSERT INTO judge.marks VALUES (${n})`);
      await this.run('COMMIT');
      return true;
    } catch {
      await this.run('ROLLBACK');
      return false;
    }
  }

  private async run(sql: string): Promise<void> {
    this.script.push(sql);
    await this.pair.other.query(sql);
  }
}
