import { setTimeout as pause } from 'node:timers/promises';
import { redact } from '../explain/redaction';

export interface Pace {
  /** Milliseconds between two that were received. */
  readonly every: number;
  /** Milliseconds to the next after the first that was not; twice that after the second, and so on. */
  readonly firstWait: number;
  readonly longestWait: number;
}

/**
 * Sends how things stand to a receiver for as long as it goes on; nobody waits for it. What could not be sent is not sent
 * late: the next one tells how things stand then.
 */
export abstract class Push<T> {
  private failure: string | null = null;

  /**
   * @param receiver what the log calls it
   * @param compose what is to be sent now; null: nothing yet
   * @param told what is worth a line in the log: that it begins to fail, and that it goes again
   */
  constructor(
    private readonly receiver: string,
    private readonly compose: () => T | null,
    private readonly told: (line: string) => void,
    private readonly pace: Pace,
  ) {}

  /** @returns why it was not received; null: it was */
  protected abstract send(now: T): Promise<string | null>;

  async run(goesOn: () => boolean): Promise<void> {
    let wait = 0;
    while (goesOn()) {
      const now = this.compose();
      const failure = now === null ? null : await this.sent(now);
      if (now === null) wait = this.pace.firstWait;
      else if (failure === null) wait = 0;
      else wait = Math.min(Math.max(2 * wait, this.pace.firstWait), this.pace.longestWait);
      // Many that failed at the same moment are not to come back at the same moment.
      await pause(wait === 0 ? this.pace.every : wait / 2 + (Math.random() * wait) / 2, undefined, { ref: false });
    }
  }

  /** @returns why it was not received; null: it was, or there is nothing to send */
  async once(): Promise<string | null> {
    const now = this.compose();
    return now === null ? null : this.sent(now);
  }

  private async sent(now: T): Promise<string | null> {
    const failure = await this.send(now);
    if (failure !== null && this.failure === null)
      this.told(redact(`${this.receiver} does not receive the metrics: ${failure}; they are sent again and again`));
    if (failure === null && this.failure !== null) this.told(`${this.receiver} receives the metrics again`);
    this.failure = failure;
    return failure;
  }
}
