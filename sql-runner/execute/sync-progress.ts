import type { Listener } from '../model/events';

const REPORT_EVERY_MS = 2_000;
/** The pace is that of so many of the last reports. */
const REPORTS = 8;

/** Bytes of WAL up to the goal. */
export interface ToGo {
  /** Not confirmed by the clone. */
  readonly lag: number;
  /** Not even sent: not decoded yet, or on its way; null: no sender is to be seen. */
  readonly unsent: number | null;
}

/** Tells every two seconds how far the slowest stream is, how fast it gets on, and when it would be there. */
export class SyncProgress {
  private readonly began = Date.now();
  private reported = this.began;
  private samples: { readonly at: number; readonly lag: number }[] = [];

  constructor(private readonly listener: Listener) {}

  report({ lag, unsent }: ToGo): void {
    const at = Date.now();
    if (at - this.reported < REPORT_EVERY_MS) return;
    this.reported = at;
    this.samples = [...this.samples, { at, lag }].slice(-REPORTS);
    const rate = this.rate();
    this.listener({
      type: 'catching-up',
      lagBytes: lag,
      unsentBytes: unsent,
      bytesPerSecond: rate,
      etaSeconds: rate === null || rate <= 0 ? null : Math.ceil(lag / rate),
      seconds: Math.round((at - this.began) / 1_000),
    });
  }

  private rate(): number | null {
    const [first, last] = [this.samples[0]!, this.samples.at(-1)!];
    if (last.at === first.at) return null;
    return Math.max(0, Math.round(((first.lag - last.lag) * 1_000) / (last.at - first.at)));
  }
}
