import type { OutgoingHttpHeaders } from 'node:http';

export interface PathAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Nothing of another place, nothing within the page itself that runs, and in no frame of another one. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function headersOf({ status, type }: PathAnswer): OutgoingHttpHeaders {
  return {
    'content-type': type,
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  };
}
