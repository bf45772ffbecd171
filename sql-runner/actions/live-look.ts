import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Contracts, SourceContract } from '../../contract/contract';
import type { Open } from '../connections/open';
import type { Plan } from '../model/plan';
import { Beats } from './beats';
import { makePlan, makePlanOver } from './run';
import type { EnvironmentStatus } from './status';
import { type Meanwhile, Watch, type WatchSample } from './watch';

/** Where the outputs of Terraform come from a process, or over the network, each look would be too often. */
export const READ_EVERY_MS = 5 * 60_000;

/** Where they come from files, to read one costs nobody anything. */
export const READ_FILES_EVERY_MS = 10_000;

/** While the clone is not where they say, or not yet the one of the ticket: the deploy that tells another place may be through. */
const READ_SOONER_MS = 30_000;

/** Then they are good for the look after it: Terraform may hang, and what was seen before must not grow old meanwhile. */
const READ_PATIENCE_MS = 1_000;

/** How often, in milliseconds, where not as usual. */
interface Pace {
  /** The outputs are read. */
  readonly read: number;
  /** More than the positions is read. */
  readonly whole?: number;
  /** A beat is written for each stream; absent: none. */
  readonly beat?: number;
}

/**
 * A watch that outlives a deploy: a clone that is made, replaced or moved, and a database that is added, are in outputs
 * that were not there when it began.
 */
export class LiveLook {
  private watching: Watch;
  private triedAt: number;
  private closed = false;
  /** null: nobody reads the outputs just now. */
  private reading: Promise<void> | null = null;
  /** What they said last. */
  private found: Contracts;
  /** When the outputs were last read with success. */
  outputsAt: Date;

  constructor(
    private readonly open: Open,
    private readonly read: () => Promise<Contracts>,
    private contracts: Contracts,
    private readonly every: Pace = { read: READ_EVERY_MS },
  ) {
    this.watching = this.watch(contracts);
    this.outputsAt = new Date(Date.now());
    this.triedAt = Date.now();
    this.found = contracts;
  }

  get source(): SourceContract {
    return this.contracts.source;
  }

  /** As they were read last with success. */
  get outputs(): Contracts {
    return this.contracts;
  }

  /**
   * @param whole see Watch
   * @throws why there is nothing to see
   */
  async sample(meanwhile: Meanwhile, whole = false): Promise<WatchSample> {
    await this.readAfter(this.every.read);
    await this.moveTo(this.found);
    try {
      const sample = await this.watching.sample(whole, meanwhile);
      return seemsElsewhere(sample.status) ? ((await this.elsewhere(meanwhile)) ?? sample) : sample;
    } catch (cause) {
      const sample = await this.elsewhere(meanwhile);
      if (sample === null) throw cause;
      return sample;
    }
  }

  /** By other outputs; null: they say what they said, or do not answer yet. */
  private async elsewhere(meanwhile: Meanwhile): Promise<WatchSample | null> {
    await this.readAfter(Math.min(READ_SOONER_MS, this.every.read));
    if (isDeepStrictEqual(this.found, this.contracts)) return null;
    await this.moveTo(this.found);
    return this.watching.sample(false, meanwhile);
  }

  private async readAfter(ms: number): Promise<void> {
    if (this.reading === null && Date.now() - this.triedAt >= ms) this.readAgain();
    if (this.reading !== null) await Promise.race([this.reading, pause(READ_PATIENCE_MS)]);
  }

  /**
   * What apply would do, read over the sessions of the looks: production has one a database, and to log in and read its
   * catalogs anew would cost it most of a plan.
   */
  async plan(): Promise<Plan> {
    const { kept } = this.watching;
    if (kept === null) return makePlan(this.open, this.contracts, 'apply');
    try {
      return await makePlanOver(this.open, kept);
    } catch (cause) {
      // A look that fails, or a deploy, ends its sessions: that says nothing of the plan.
      if (this.closed || kept === this.watching.kept) throw cause;
      return makePlan(this.open, this.contracts, 'apply');
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.watching.close();
  }

  /** Outputs that cannot be read, or not yet, are no reason not to look where they pointed; how old they are is told. */
  private readAgain(): void {
    this.triedAt = Date.now();
    const done = (): void => void (this.reading = null);
    this.reading = this.read().then((contracts) => {
      [this.found, this.outputsAt] = [contracts, new Date(Date.now())];
      done();
    }, done);
  }

  private async moveTo(contracts: Contracts): Promise<void> {
    if (isDeepStrictEqual(contracts, this.contracts)) return;
    await this.watching.close();
    this.contracts = contracts;
    this.watching = this.watch(contracts);
  }

  private watch(contracts: Contracts): Watch {
    return new Watch(this.open, contracts, this.every.whole, new Beats(this.every.beat ?? null));
  }
}

/** A clone that was replaced is gone from where it was, or has its place and is of another ticket than is known. */
const seemsElsewhere = ({ clone, streams }: EnvironmentStatus): boolean =>
  clone === 'not reached' || (clone === 'deployed' && streams.some(({ state }) => state === 'waiting for the clone'));
