import { redact } from '../explain/redaction';
import { Push, type Pace } from './push';

const PATIENCE_MS = 10_000;
/** Of an answer, of which only a count and a sentence are wanted. */
const MOST_READ = 10_000;

/** To a receiver of OTLP over HTTP. */
export class OtlpPush extends Push<object> {
  constructor(
    private readonly endpoint: URL,
    private readonly headers: Readonly<Record<string, string>>,
    compose: () => object | null,
    told: (line: string) => void,
    pace: Pace,
  ) {
    // A path or a query can be a secret.
    super(`OTLP receiver ${endpoint.host}`, compose, told, pace);
  }

  protected async send(now: object): Promise<string | null> {
    try {
      return await this.post(now);
    } catch (error) {
      const cause = error as Error & { cause?: NodeJS.ErrnoException };
      if (cause.name === 'TimeoutError') return `no answer within ${PATIENCE_MS / 1_000} s`;
      return cause.cause?.code ?? cause.message;
    }
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
