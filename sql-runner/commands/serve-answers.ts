import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Live, LiveView } from '../actions/live';
import { explain } from '../explain/explain';
import { redact } from '../explain/redaction';
import { metricsText } from '../render/metrics';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const TEXT = 'text/plain; charset=utf-8';
const METRICS = 'text/plain; version=0.0.4; charset=utf-8';

const PATHS: Readonly<Record<string, (view: LiveView) => Answer | Promise<Answer>>> = {
  '/metrics': async (view) => ({ status: 200, type: METRICS, body: await metricsText(view) }),
  // Whoever restarts what does not answer: that a server cannot be reached is no reason.
  '/healthz': () => ({ status: 200, type: TEXT, body: 'alive\n' }),
  '/readyz': ({ unseen }) =>
    unseen === null
      ? { status: 200, type: TEXT, body: 'the streams were seen of late\n' }
      : { status: 503, type: TEXT, body: `${unseen.code}: ${unseen.seen}\n` },
};

/** Answers one request; a mistake of ours is a 500, and never ends the process. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  live: Live,
  host: string,
): Promise<void> {
  const { status, type, body } = await answerTo(request, live, host).catch((cause: unknown) => ({
    status: 500,
    type: TEXT,
    body: `${explain(cause).code}: ${explain(cause).seen}\n`,
  }));
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : redact(body));
}

async function answerTo(request: IncomingMessage, live: Live, host: string): Promise<Answer> {
  if (!isMeantForUs(request.headers.host, host)) return { status: 403, type: TEXT, body: 'not under this name\n' };
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, type: TEXT, body: 'only GET\n' };
  const [path = ''] = (request.url ?? '').split('?');
  const found = Object.hasOwn(PATHS, path) ? PATHS[path] : undefined;
  if (found === undefined) return { status: 404, type: TEXT, body: `there is ${Object.keys(PATHS).join(', ')}\n` };
  return found(live.view());
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * A page of another site that has given its name the address of this machine (DNS rebinding) asks under that name. Who
 * listens to other machines as well is asked under names that only its network knows.
 */
export function isMeantForUs(asked: string | undefined, host: string): boolean {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  if (!LOOPBACK.test(bracketed)) return true;
  return asked !== undefined && LOOPBACK.test(asked.replace(/:\d+$/, ''));
}
