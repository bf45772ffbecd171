import { setTimeout as pause } from 'node:timers/promises';
import { redact } from '../explain/redaction';

export interface OtlpPace {
  /** Milliseconds between two that were received. */
  readonly every: number;
  /** Milliseconds to the next after the first that was not; twice that after the second, and so on. */
  readonly firstWait: number;
  readonly longestWait: number;
}

const PATIENCE_MS = 10_000;
/** Of an answer, of which only a count and a sentence are wanted. */
const MOST_READ = 10_000;

/**
 * Sends how things stand to a receiver of OTLP over HTTP, for as long as it goes on; nobody waits for it. What could not
 * be sent is not sent late: the next one tells how things stand then.
 */
export class OtlpPush {
  private failure: string | null = null;

  /**
   * @param compose what is to be sent now; null: nothing yet
   * @param told what is worth a line in the log: that it begins to fail, and that it goes again
   */
  constructor(
    private readonly endpoint: URL,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly compose: () => object | null,
    private readonly told: (line: string) => void,
    private readonly pace: OtlpPace,
  ) {}

  async run(goesOn: () => boolean): Promise<void> {
    let wait = 0;
    while (goesOn()) {
      const failure = await this.once();
      if (failure === null) wait = 0;
      else wait = Math.min(Math.max(2 * wait, this.pace.firstWait), this.pace.longestWait);
      // Many that failed at the same moment are not to come back at the same moment.
      await pause(wait === 0 ? this.pace.every : wait / 2 + (Math.random() * wait) / 2, undefined, { ref: false });
    }
  }

  /** @returns why it was not received; null: it was */
  async once(): Promise<string | null> {
    const now = this.compose();
    if (now === null) return null;
    const failure = await this.post(now).catch((cause: Error & { cause?: NodeJS.ErrnoException }) =>
      cause.name === 'TimeoutError'
        ? `no answer within ${PATIENCE_MS / 1_000} s`
        : (cause.cause?.code ?? cause.message),
    );
    // A path or a query can be a secret.
    const receiver = `OTLP receiver ${this.endpoint.host}`;
    if (failure !== null && this.failure === null)
      this.told(redact(`${receiver} does not receive the metrics: ${failure}; they are sent again and again`));
    if (failure === null && this.failure !== null) this.told(`${receiver} receives the metrics again`);
    this.failure = failure;
    return failure;
  }

  private async post(now: object): Promise<string | null> {
    const response = await fetch(this.endpoint, {
      method: 'POST',
      body: redact(JSON.stringify(now)),
      headers: { ...this.headers, 'content-type': 'application/json' },
      // Another address is not the one that was named, nor need it be https.
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return `HTTP ${response.status}`;
    }
    return rejectedOf((await response.text()).slice(0, MOST_READ));
  }
}

/** A receiver may take a part only, and says so with 200. */
function rejectedOf(body: string): string | null {
  try {
    const { partialSuccess } = JSON.parse(body) as {
      partialSuccess?: { rejectedDataPoints?: string | number; errorMessage?: string };
    };
    const rejected = Number(partialSuccess?.rejectedDataPoints ?? 0);
    if (!(rejected > 0)) return null;
    return `it rejects ${rejected} points (${partialSuccess?.errorMessage ?? 'without a reason'})`;
  } catch {
    // Some answer with nothing, or with a text.
    return null;
  }
}
