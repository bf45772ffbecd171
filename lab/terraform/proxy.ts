/**
 * The proxy that a request goes through, as curl reads it from the environment:
 * HTTPS_PROXY or HTTP_PROXY, else ALL_PROXY, in either case; unless NO_PROXY
 * names the host, a domain above it, or `*`. Node 20 does not look by itself.
 */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv): string | undefined {
  if (isExempt(url, either(environment, 'no_proxy') ?? '')) return undefined;
  const proxy = either(environment, `${url.protocol.slice(0, -1)}_proxy`) ?? either(environment, 'all_proxy');
  if (proxy === undefined) return undefined;
  // `proxy.example:3128` is common, and curl takes it.
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function either(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  return environment[name] || environment[name.toUpperCase()] || undefined;
}

function isExempt(url: URL, noProxy: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', only] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      if (only !== undefined && only !== port) return false;
      return url.hostname === name || url.hostname.endsWith(`.${name}`);
    });
}
