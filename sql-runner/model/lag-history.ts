/** Where a source and what a clone has confirmed of it stood at one time; positions in bytes, the time in milliseconds. */
export interface LagSample {
  readonly at: number;
  readonly written: bigint;
  readonly confirmed: bigint;
}

/** Bytes a second, seconds; null: not known yet. */
export interface Pace {
  readonly writeRate: number | null;
  readonly applyRate: number | null;
  /** Age of the oldest WAL that is not confirmed; where that is older than what is remembered, the least that it can be. */
  readonly behindSeconds: number | null;
  readonly atLeast: boolean;
  /** Until nothing is left to confirm, at the pace of late; null where it does not come nearer. */
  readonly etaSeconds: number | null;
}

const UNKNOWN: Pace = { writeRate: null, applyRate: null, behindSeconds: null, atLeast: false, etaSeconds: null };
/** Long enough that one large transaction, which is confirmed in one step, does not make the pace jump. */
const PACE_OVER_MS = 30_000;
const REMEMBER = 1_800;

/** What samples of one stream, taken one after the other, tell of its pace. */
export class LagHistory {
  private readonly samples: LagSample[] = [];

  add(sample: LagSample): void {
    const last = this.samples.at(-1);
    // A position that went back is another server's, or another slot's: what was before says nothing of it.
    if (last !== undefined && (sample.written < last.written || sample.confirmed < last.confirmed)) this.forget();
    this.samples.push(sample);
    if (this.samples.length > REMEMBER) this.samples.shift();
  }

  /** After a time in which nobody looked. */
  forget(): void {
    this.samples.length = 0;
  }

  /** Bytes to go at each of the last samples, oldest first. */
  lags(count: number): number[] {
    return this.samples.slice(-count).map(lag);
  }

  pace(): Pace {
    const last = this.samples.at(-1);
    if (last === undefined) return UNKNOWN;
    const behind = this.behind(last);
    const since = this.samples.findLast(({ at }) => last.at - at >= PACE_OVER_MS) ?? this.samples[0]!;
    const seconds = (last.at - since.at) / 1_000;
    if (seconds === 0) return { ...UNKNOWN, ...behind };
    const writeRate = Number(last.written - since.written) / seconds;
    const applyRate = Number(last.confirmed - since.confirmed) / seconds;
    const nearer = applyRate - writeRate;
    const eta = lag(last) === 0 ? 0 : nearer > 0 ? lag(last) / nearer : null;
    return { writeRate, applyRate, ...behind, etaSeconds: eta };
  }

  private behind(last: LagSample): Pick<Pace, 'behindSeconds' | 'atLeast'> {
    // What comes next to be confirmed was written after the last sample at which the source stood no further: after this
    // one where all is confirmed.
    const index = this.samples.findLastIndex(({ written }) => written <= last.confirmed);
    const from = this.samples[Math.max(0, index)]!;
    return { behindSeconds: (last.at - from.at) / 1_000, atLeast: index < 0 };
  }
}

const lag = ({ written, confirmed }: LagSample): number => Math.max(0, Number(written - confirmed));
