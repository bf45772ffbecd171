import { setTimeout as pause } from 'node:timers/promises';
import { residentBytes, retainedWal, type Warm, walWritten, warmOf } from './census';
import { endChecks, growthChecks, megabytes } from './ending';
import { EVENTS } from './events/events';
import type { Sample } from './growth';
import { turns } from './schedule';
import { honesty } from './honesty';
import { coverage, lieText, Tally, type Verdict } from './summary';
import { Truth } from './truth';
import { Watcher } from './watcher';
import type { SoakWorld } from './world';

/** Serve has done everything once after so long. */
const WARM = 0.25;
const REST_MS = 20_000;

export interface SoakOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Only what matches happens. */
  readonly only: RegExp;
  /** A line for whatever happens. */
  readonly verbose: boolean;
}

/** One soak, from a clone that follows to the checks of its end. */
export class SoakRun {
  private readonly began = Date.now();
  private readonly truth: Truth;
  private readonly tally: Tally;
  private readonly memory: Sample[] = [];
  private readonly kinds: readonly string[];
  private now = 'nothing';
  private warm: Warm | null = null;
  private walBefore = 0;
  private servePid = 0;

  constructor(
    private readonly world: SoakWorld,
    private readonly options: SoakOptions,
  ) {
    this.kinds = Object.keys(EVENTS).filter((what) => options.only.test(what));
    this.tally = new Tally(this.kinds);
    const databases = world.streams.map(({ database }) => database);
    this.truth = new Truth(databases, (lie) => this.say(`${lieText(lie)}\n  meanwhile: ${this.now}`));
  }

  async play(): Promise<Verdict[]> {
    const { child, url } = await this.world.startServe();
    this.servePid = child.pid;
    const watcher = new Watcher(this.world, this.truth, url);
    const timers = [
      setInterval(() => void this.minuteLine().catch(() => undefined), 60_000),
      setInterval(() => this.measure(), 2_000),
    ];
    try {
      await this.world.caughtUp(this.truth.databases);
      this.walBefore = await walWritten(this.world);
      this.truth.is('well', 'the beginning');
      watcher.start();
      const happened = await this.happen(watcher);
      const written = await this.rest();
      await watcher.end();
      const grown = await growthChecks(this.world, this.servePid, this.memory, this.warmAt, this.warm);
      timers.forEach(clearInterval);
      child.process.kill('SIGTERM');
      const { exitCode, stderr } = await child.result;
      await this.world.writers!.stop();
      const served = { what: 'serve', good: exitCode === 143, words: `ended with ${exitCode} ${stderr.slice(-200)}` };
      return [
        happened,
        honesty(this.truth, this.kinds.length === Object.keys(EVENTS).length, watcher.failures),
        written,
        ...(happened.good ? await endChecks(this.world, this.walBefore) : []),
        ...grown,
        served,
      ];
    } finally {
      timers.forEach(clearInterval);
    }
  }

  table(): string {
    return this.tally.table();
  }

  private get warmAt(): number {
    return this.began + this.options.minutes * 60_000 * WARM;
  }

  /** One thing after the other, until the time is over. What fails ends it: nobody knows how the streams stand then. */
  private async happen(watcher: Watcher): Promise<Verdict> {
    const end = this.began + this.options.minutes * 60_000;
    const { world, truth } = this;
    for (const turn of turns(this.options.seed, this.kinds)) {
      if (Date.now() >= end) break;
      const started = Date.now();
      this.now = `${turn.what} (${turn.seconds} s)`;
      if (this.options.verbose) this.say(this.now);
      try {
        await EVENTS[turn.what]!({ world, truth }, turn);
        this.tally.add(turn.what, Date.now() - started);
        this.now = `nothing, after ${turn.what}`;
        await pause(turn.restSeconds * 1_000);
        this.world.writers!.counts();
        if (this.warm === null && Date.now() > this.warmAt) await this.count(watcher);
      } catch (error) {
        const words = `${turn.what} (draw ${turn.draw}): ${String(error)}`;
        this.say(words);
        return { what: 'all that happened', good: false, words };
      }
    }
    return coverage(this.tally, this.options.minutes);
  }

  private measure(): void {
    const bytes = residentBytes(this.servePid);
    if (bytes !== null) this.memory.push({ at: Date.now(), bytes });
  }

  private async count(watcher: Watcher): Promise<void> {
    await watcher.pause();
    this.warm = await warmOf(this.world, this.servePid);
    watcher.resume();
  }

  /** Long enough that whoever goes on to speak of trouble lies. */
  private async rest(): Promise<Verdict> {
    this.now = 'nothing, at the end';
    const before = this.world.writers!.counts().committed;
    await pause(REST_MS);
    const { committed, rowsChanged, interrupted } = this.world.writers!.counts();
    const words = `${committed} transactions committed, ${rowsChanged} rows changed, ${interrupted} interrupted; ${committed - before} committed in the last ${REST_MS / 1_000} s`;
    return { what: 'writers', good: committed > before, words };
  }

  private async minuteLine(): Promise<void> {
    const { committed } = this.world.writers!.counts();
    const wal = await retainedWal(this.world).then(
      (kept) => `${megabytes(Math.max(...kept.values()))} of WAL kept`,
      () => 'the source is away',
    );
    const heap = await this.world.liveHeap(this.servePid).then(megabytes);
    const serve = `${megabytes(this.memory.at(-1)?.bytes ?? 0)} (${heap} without garbage)`;
    const words = [...this.truth.heard.values()].reduce((sum, one) => sum + one.words, 0);
    this.say(
      `-- ${this.tally.total} events, ${committed} transactions, ${words} words, ${this.truth.lies.length} lies, serve ${serve}, ${wal}; now: ${this.now}`,
    );
  }

  private say(text: string): void {
    const seconds = Math.round((Date.now() - this.began) / 1_000);
    const clock = `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
    console.log(`[${clock}] ${text}`);
  }
}
