import { createHmac } from 'node:crypto';
import { NotReceived, type Receiver } from './outbox';

const PATIENCE_MS = 10_000;
/** An answer of 4xx says that the event is at fault; these say that it may be taken later. */
const LATER = [401, 403, 404, 408, 409, 425, 429];

/** `v1=` and the HMAC-SHA256 of timestamp, dot and body, in hexadecimal. */
export const signature = (secret: string, timestamp: string, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

/** Each attempt is signed with its own time, so that a receiver can refuse what somebody sends again much later. */
export function webhook(address: string, secret: string): Receiver {
  const url = new URL(address);
  return {
    // Paths of such addresses are often secrets.
    name: `webhook ${url.host}`,
    async deliver(body, { id }) {
      const timestamp = String(Math.floor(Date.now() / 1_000));
      const status = await post(url, body, {
        'content-type': 'application/json',
        'acas-event-id': id,
        'acas-timestamp': timestamp,
        'acas-signature': signature(secret, timestamp, body),
      });
      if (status >= 200 && status < 300) return;
      throw new NotReceived(`HTTP ${status}`, status >= 400 && status < 500 && !LATER.includes(status));
    },
  };
}

async function post(url: URL, body: string, headers: Record<string, string>): Promise<number> {
  try {
    // Another address is not the one that was named, nor need it be https.
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal });
    await response.body?.cancel();
    return response.status;
  } catch (cause) {
    const { name, message, cause: below } = cause as Error & { cause?: NodeJS.ErrnoException };
    if (name === 'TimeoutError') throw new NotReceived(`no answer within ${PATIENCE_MS / 1_000} s`);
    throw new NotReceived(below?.code ?? message);
  }
}
