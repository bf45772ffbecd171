import { request as httpRequest, type RequestOptions } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The longest operation, a clone, is a copy of a local directory. */
const PATIENCE_MS = 300_000;

/**
 * One call to the lab. Terraform starts this provider up to four times a command, and each of them would load Node's
 * whole `fetch`, which costs as much as the rest of its start. A connection a call: the lab is on this machine.
 */
export function request(url: string, options: RequestOptions = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...options.headers, 'content-length': Buffer.byteLength(body) };
    const call = httpRequest(url, { ...options, headers, agent: false, timeout: PATIENCE_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on('error', reject);
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
    call.on('error', reject);
    call.end(body);
  });
}

export const isOk = ({ status }: Answer): boolean => status >= 200 && status < 300;
