import { isDeepStrictEqual } from 'node:util';
import type { Contracts, SourceContract } from '../../contract/contract';
import type { Open } from '../connections/open';
import { Beats } from './beats';
import { type Meanwhile, Watch, type WatchSample } from './watch';

/** Where the outputs of Terraform come from a process, or over the network, each look would be too often. */
export const READ_EVERY_MS = 5 * 60_000;

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
  }

  get source(): SourceContract {
    return this.contracts.source;
  }

  /** As they were read last with success. */
  get outputs(): Contracts {
    return this.contracts;
  }

  /** @throws why there is nothing to see */
  async sample(meanwhile: Meanwhile): Promise<WatchSample> {
    if (Date.now() - this.triedAt >= this.every.read) await this.readAgain();
    return this.watching.sample(false, meanwhile);
  }

  async close(): Promise<void> {
    await this.watching.close();
  }

  /** Outputs that cannot be read are no reason not to look where they pointed; how old they are is told. */
  private async readAgain(): Promise<void> {
    this.triedAt = Date.now();
    const contracts = await this.read().catch(() => null);
    if (contracts === null) return;
    this.outputsAt = new Date(Date.now());
    if (isDeepStrictEqual(contracts, this.contracts)) return;
    await this.watching.close();
    this.contracts = contracts;
    this.watching = this.watch(contracts);
  }

  private watch(contracts: Contracts): Watch {
    return new Watch(this.open, contracts, this.every.whole, new Beats(this.every.beat ?? null));
  }
}
