import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { PRICES, readPrices } from '../../cost/read-prices';
import { errorOf } from '../environments/edited-environment';

const REGIONS = readdirSync(PRICES).map((file) => file.replace('.yaml', ''));

test.each(REGIONS)('the table of %s is one, and each of its sources is dated and no later than today', (region) => {
  const { sources } = readPrices(region);
  for (const { asOf, url } of Object.values(sources)) {
    expect(Date.parse(asOf)).toBeLessThanOrEqual(Date.now());
    expect(url).toMatch(/^https:\/\/(pricing\.us-east-1\.amazonaws\.com|aws\.amazon\.com|docs\.aws\.amazon\.com)\//);
  }
});

test('the Regions of the environments that come along have one', () => {
  expect(REGIONS).toEqual(expect.arrayContaining(['eu-west-1', 'eu-central-1']));
});

test('a Region without a table is PRICES_MISSING, and those that there are are named', () => {
  const error = errorOf(() => readPrices('ap-south-2'));
  expect(error.code).toBe('PRICES_MISSING');
  expect(error.next).toContain('us-east-1');
});

interface Table {
  region: string;
  currency: string;
  sources: Record<string, Record<string, unknown>>;
  prices: Record<string, unknown>[];
}

const price = { item: 'secret-month', usd: 0.4, source: 'here' };
const valid = (): Table => ({
  region: 'us-east-1',
  currency: 'USD',
  sources: { here: { title: 'a page', url: 'https://aws.amazon.com/', asOf: '2026-01-01', seen: 'page' } },
  prices: [{ ...price }],
});

function read(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'prices-'));
  try {
    writeFileSync(join(folder, 'us-east-1.yaml'), text);
    return readPrices('us-east-1', folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a whole table is read', () => expect(read(stringify(valid()))).toEqual(valid()));

test.each<[string, (table: Table) => void, RegExp]>([
  ['a price of nothing', (table) => (table.prices[0]!['usd'] = 0), /prices\.0/],
  ['a price below nothing', (table) => (table.prices[0]!['usd'] = -1), /prices\.0/],
  ['a price without a source', (table) => delete table.prices[0]!['source'], /prices\.0/],
  ['a source that is not there', (table) => (table.prices[0]!['source'] = 'there'), /"there" is not among/],
  ['an item that nothing asks for', (table) => (table.prices[0]!['item'] = 'secret'), /prices\.0/],
  [
    'a price that stands there twice',
    (table) => table.prices.push({ ...price, usd: 0.5 }),
    /secret-month stands there twice/,
  ],
  [
    'a class without its storage',
    (table) => (table.prices[0] = { ...price, item: 'instance-hour', class: 'db.x' }),
    /prices\.0/,
  ],
  ['a source without a date', (table) => delete table.sources['here']!['asOf'], /asOf/],
  ['a day that there is not', (table) => (table.sources['here']!['asOf'] = '2026-02-30'), /asOf/],
  ['a source that no price is of', (table) => (table.sources['more'] = table.sources['here']!), /sources\.more/],
  ['another currency', (table) => (table.currency = 'EUR'), /currency/],
  ['another Region', (table) => (table.region = 'eu-west-1'), /of the Region eu-west-1/],
])('%s is PRICES_INVALID', (_, spoil, text) => {
  const table = valid();
  spoil(table);
  const error = errorOf(() => read(stringify(table)));
  expect(error.code).toBe('PRICES_INVALID');
  expect(error.seen).toMatch(text);
});

test('what is not YAML is PRICES_INVALID', () => {
  expect(errorOf(() => read('prices: [')).code).toBe('PRICES_INVALID');
});

test('every price is one line, so that a review sees which one changes', () => {
  for (const region of REGIONS) {
    const text = readFileSync(join(PRICES, `${region}.yaml`), 'utf8');
    const { prices } = parse(text) as Table;
    expect(text.split('\n').filter((line) => line.startsWith('  - {')).length).toBe(prices.length);
  }
});
