import { Agent, interceptors, ProxyAgent, request, type Dispatcher } from 'undici';
import { fetchFailed } from './fetch-errors';
import { proxyFor } from './proxy';

/** Nothing for this long, in milliseconds, is taken for a dead connection. */
const LIMITS = { connect: { timeout: 15_000 }, headersTimeout: 30_000, bodyTimeout: 30_000 };

/**
 * The whole body of what lies at a URL, through the proxy of the environment.
 * @throws OperatorError TERRAFORM_FETCH_FAILED, also when it ends too early
 */
export async function download(url: URL, environment: NodeJS.ProcessEnv): Promise<Uint8Array> {
  const { bare, headers } = withoutLogin(url);
  const proxy = proxyFor(url, environment);
  let dispatcher: Dispatcher | undefined;
  try {
    dispatcher = proxy === undefined ? new Agent(LIMITS) : new ProxyAgent({ uri: proxy, ...LIMITS });
    // Not fetch(), which keeps to itself what a proxy that refuses has answered.
    const following = dispatcher.compose(interceptors.redirect({ maxRedirections: 5 }));
    const { statusCode, body } = await request(bare, { dispatcher: following, headers });
    if (statusCode !== 200) throw new Error(`the server answers ${statusCode}`);
    return new Uint8Array(await body.arrayBuffer());
  } catch (cause) {
    throw fetchFailed(bare, proxy && hostOf(proxy), reason(cause as Error), cause as Error);
  } finally {
    // Also what is still open of an answer that nobody reads to its end.
    await dispatcher?.destroy();
  }
}

/** A login in the URL of a mirror is sent, and printed nowhere. */
function withoutLogin(url: URL): { bare: URL; headers: Record<string, string> } {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  if (url.username === '') return { bare, headers: {} };
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { bare, headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` } };
}

/** Without its login. */
function hostOf(proxy: string): string {
  return URL.canParse(proxy) ? new URL(proxy).host : 'that is named';
}

/** Of several addresses of one host there may be an error each, in one that has a code only. */
function reason({ message, code }: Error & { code?: string }): string {
  return message || (code ?? 'without a word');
}
