import { setTimeout as pause } from 'node:timers/promises';
import { redact } from '../explain/redaction';
import type { ServeEvent } from './event';

/** To whom events go. */
export interface Receiver {
  /** Without secrets: it is shown. */
  readonly name: string;
  /** @throws NotReceived */
  deliver(body: string, event: ServeEvent): Promise<void>;
}

export class NotReceived extends Error {
  /** @param forGood the receiver will never take it, however often it is sent */
  constructor(
    reason: string,
    readonly forGood = false,
  ) {
    super(reason);
  }
}

export interface OutboxSettings {
  readonly most: number;
  /** Milliseconds. */
  readonly firstWait: number;
  readonly longestWait: number;
  readonly giveUpAfter: number;
}

const USUAL: OutboxSettings = { most: 500, firstWait: 1_000, longestWait: 60_000, giveUpAfter: 3_600_000 };

/** Sends events one after the other, in their order, again and again where it has to; nobody waits for it. */
export class Outbox {
  private readonly queue: { readonly event: ServeEvent; readonly since: number }[] = [];
  private readonly counts = { sent: 0, dropped: 0 };
  private droppedSinceSent = 0;
  private failure: string | null = null;
  private working: Promise<void> | null = null;

  /** @param told what is worth a line in the log: that it begins to fail, what is given up, that it goes again */
  constructor(
    private readonly receiver: Receiver,
    private readonly told: (line: string) => void,
    private readonly settings: OutboxSettings = USUAL,
  ) {}

  put(event: ServeEvent): void {
    this.queue.push({ event, since: Date.now() });
    // The first is on its way; what comes next is the oldest that can be spared.
    if (this.queue.length > this.settings.most) this.drop(1, 'too many wait');
    this.working ??= this.work().finally(() => (this.working = null));
  }

  view() {
    return { to: this.receiver.name, ...this.counts, waiting: this.queue.length, failure: this.failure };
  }

  /** Until nothing waits any more. */
  async drained(): Promise<void> {
    while (this.working !== null) await this.working;
  }

  private async work(): Promise<void> {
    for (let first = this.queue[0]; first !== undefined; first = this.queue[0]) {
      if (await this.deliver(first.event, first.since)) this.queue.splice(this.queue.indexOf(first), 1);
      else this.drop(this.queue.indexOf(first), this.failure!);
    }
  }

  /** @returns false: it is given up */
  private async deliver(event: ServeEvent, since: number): Promise<boolean> {
    const { firstWait, longestWait, giveUpAfter } = this.settings;
    const dropped = this.droppedSinceSent;
    // The same at each attempt, so that whoever has it already sees that.
    const body = redact(JSON.stringify({ ...event, dropped }));
    for (let wait = firstWait; ; wait = Math.min(2 * wait, longestWait)) {
      const cause = await this.receiver.deliver(body, event).then(
        () => null,
        (reason: unknown) => reason as Error,
      );
      if (cause === null) return this.delivered(dropped);
      this.failed(cause);
      if ((cause instanceof NotReceived && cause.forGood) || Date.now() - since >= giveUpAfter) return false;
      // Many that failed at the same moment are not to come back at the same moment.
      await pause(wait / 2 + (Math.random() * wait) / 2);
    }
  }

  private delivered(dropped: number): true {
    if (this.failure !== null) this.told(`${this.receiver.name} receives events again`);
    this.failure = null;
    this.counts.sent += 1;
    this.droppedSinceSent -= dropped;
    return true;
  }

  private failed({ message }: Error): void {
    if (this.failure === null)
      this.told(`${this.receiver.name} does not receive events: ${message}; they are sent again`);
    this.failure = message;
  }

  private drop(index: number, why: string): void {
    const [dropped] = this.queue.splice(index, 1);
    if (dropped === undefined) return;
    this.counts.dropped += 1;
    this.droppedSinceSent += 1;
    this.told(`event ${dropped.event.id} (${dropped.event.kind}) is given up for ${this.receiver.name}: ${why}`);
  }
}
