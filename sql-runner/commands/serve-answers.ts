import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LiveView } from '../actions/live';
import { explain } from '../explain/explain';
import { redact } from '../explain/redaction';
import { pageHtml } from '../page/document';
import type { PageView } from '../page/page-view';
import { PAGE_JS } from '../page/script';
import { ICON_SVG, PAGE_CSS } from '../page/style';
import { metricsText } from '../render/metrics';
import type { PathAnswer } from './serve-headers';
import { headersOf } from './serve-headers';

/** What is known when somebody asks. */
export interface Served {
  view(): LiveView;
  page(): PageView;
}

const TEXT = 'text/plain; charset=utf-8';
const METRICS = 'text/plain; version=0.0.4; charset=utf-8';

const fixed = (type: string, body: string) => (): PathAnswer => ({ status: 200, type, body });

const PATHS: Readonly<Record<string, (served: Served) => PathAnswer | Promise<PathAnswer>>> = {
  '/': (served) => ({ status: 200, type: 'text/html; charset=utf-8', body: pageHtml(served.page()) }),
  '/page.css': fixed('text/css; charset=utf-8', PAGE_CSS),
  '/page.js': fixed('text/javascript; charset=utf-8', PAGE_JS),
  '/icon.svg': fixed('image/svg+xml', ICON_SVG),
  '/metrics': async (served) => ({ status: 200, type: METRICS, body: await metricsText(served.view()) }),
  // Whoever restarts what does not answer: that a server cannot be reached is no reason.
  '/healthz': () => ({ status: 200, type: TEXT, body: 'alive\n' }),
  '/readyz': (served) => {
    const { unseen } = served.view();
    return unseen === null
      ? { status: 200, type: TEXT, body: 'the streams were seen of late\n' }
      : { status: 503, type: TEXT, body: `${unseen.code}: ${unseen.seen}\n` };
  },
};

/** Answers one request; a mistake of ours is a 500, and never ends the process. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  served: Served,
  host: string,
): Promise<void> {
  const found = await answerTo(request, served, host).catch((cause: unknown) => ({
    status: 500,
    type: TEXT,
    body: `${explain(cause).code}: ${explain(cause).seen}\n`,
  }));
  response.writeHead(found.status, headersOf(found));
  response.end(request.method === 'HEAD' ? undefined : redact(found.body));
}

async function answerTo(request: IncomingMessage, served: Served, host: string): Promise<PathAnswer> {
  if (!isMeantForUs(request.headers.host, host)) return { status: 403, type: TEXT, body: 'not under this name\n' };
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, type: TEXT, body: 'only GET\n' };
  const [path = ''] = (request.url ?? '').split('?');
  const found = Object.hasOwn(PATHS, path) ? PATHS[path] : undefined;
  if (found === undefined) return { status: 404, type: TEXT, body: `there is ${Object.keys(PATHS).join(', ')}\n` };
  return found(served);
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
