import { proxyFor } from '../../../lab/terraform/proxy';

const RELEASES = new URL('https://releases.hashicorp.com/terraform/');
const MIRROR = new URL('http://mirror.corp.example:8080/');

test('each protocol has its proxy, in either case', () => {
  const environment = { HTTPS_PROXY: 'http://secure:1', http_proxy: 'http://plain:2' };
  expect(proxyFor(RELEASES, environment)).toBe('http://secure:1');
  expect(proxyFor(MIRROR, environment)).toBe('http://plain:2');
  expect(proxyFor(RELEASES, { HTTP_PROXY: 'http://plain:2' })).toBeUndefined();
  expect(proxyFor(RELEASES, { all_proxy: 'http://all:3' })).toBe('http://all:3');
  expect(proxyFor(RELEASES, { https_proxy: '', HTTPS_PROXY: 'proxy.example:3128' })).toBe('http://proxy.example:3128');
});

test.each([
  ['*', true, true],
  ['localhost, .hashicorp.com', true, false],
  ['hashicorp.com', true, false],
  ['*.corp.example', false, true],
  ['MIRROR.corp.example:8080', false, true],
  ['mirror.corp.example:443', false, false],
  ['releases.hashicorp.com:443', true, false],
  ['corp.com rp.example', false, false],
  ['', false, false],
])('NO_PROXY=%s', (NO_PROXY, releases, mirror) => {
  const environment = { ALL_PROXY: 'http://all:3', NO_PROXY };
  expect(proxyFor(RELEASES, environment) === undefined).toBe(releases);
  expect(proxyFor(MIRROR, environment) === undefined).toBe(mirror);
});
