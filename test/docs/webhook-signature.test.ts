import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signature } from '../../sql-runner/events/webhook';

/** The check that the document shows to receivers, as it stands there. */
const [, block = ''] = /```js\n([^]*?)```/.exec(
  readFileSync(join(__dirname, '..', '..', 'docs', 'monitoring.md'), 'utf8'),
)!;

const isGenuine = new Function('require', `${block}\nreturn isGenuine;`)(require) as (
  headers: Record<string, string>,
  body: string,
  secret: string,
) => boolean;

test('the printed check takes what serve signs, and nothing else', () => {
  const [secret, body] = ['a secret of sixteen', '{"id":"żółć"}'];
  const now = String(Math.floor(Date.now() / 1_000));
  const headers = (timestamp: string, by = secret) => ({
    'acas-timestamp': timestamp,
    'acas-signature': signature(by, timestamp, body),
  });
  expect(isGenuine(headers(now), body, secret)).toBe(true);
  expect(isGenuine(headers(now), `${body} `, secret)).toBe(false);
  expect(isGenuine(headers(now, 'another secret of it'), body, secret)).toBe(false);
  expect(isGenuine({ ...headers(now), 'acas-timestamp': String(Number(now) - 1) }, body, secret)).toBe(false);
  expect(isGenuine(headers(String(Number(now) - 400)), body, secret)).toBe(false);
  expect(isGenuine({ 'acas-timestamp': now }, body, secret)).toBe(false);
});
