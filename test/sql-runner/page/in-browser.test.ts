import { OperatorError } from '../../../errors/operator-error';
import type { WatchSample } from '../../../sql-runner/actions/watch';
import { REACHES_LOOPBACK, TestBrowser } from '../../support/browser';
import { runsSeen, runsView, verifyOf } from '../support/compared';
import { runOf } from '../support/runs';
import { lookOnce, partsOf, serving } from '../support/serving';
import { sampleOf, streamOf } from '../support/stream-status';
import { contrasts } from './contrast';

/** Names that somebody may give a database, and what a server may say. */
const HOSTILE = `<script>document.title='owned'</script>"'><img src=x onerror="document.title='owned'">`;

const FAILING = { code: 'APPLY_WORKER_FAILING', seen: HOSTILE, why: HOSTILE, next: HOSTILE } as const;

let browser: TestBrowser;
beforeAll(async () => (browser = await TestBrowser.launch(REACHES_LOOPBACK)));
afterAll(() => browser.close());

const servers: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const { stop } of servers.splice(0)) await stop();
});

const broken = () =>
  sampleOf([
    streamOf('shop', {
      state: 'retrying',
      problems: [FAILING],
      evidence: [HOSTILE],
      next: HOSTILE,
      lagBytes: 8_000_000,
    }),
    streamOf(HOSTILE, { lagBytes: 0 }),
    streamOf('new', { state: 'not prepared', lagBytes: null }),
  ]);

/** As others may have written them, who may write to the clone. */
const RUNS = runsView([
  verifyOf(
    9,
    { shop: 'not equal', [HOSTILE]: 'equal' },
    { who: { ...runOf().who, user: HOSTILE, host: HOSTILE } },
    {
      against: [HOSTILE],
      notCompared: [HOSTILE],
    },
  ),
  runOf({ mode: HOSTILE, ended: new Date().toISOString(), outcome: HOSTILE, exitCode: 1 }),
]);

async function served(sample: () => Promise<WatchSample> = () => Promise.resolve(broken())) {
  const parts = { ...partsOf(sample, ['shop', HOSTILE, 'new']), runs: runsSeen(RUNS), interval: 2 };
  await lookOnce(parts);
  const server = await serving(parts);
  servers.push(server);
  return { parts, ...server };
}

test('hostile names are shown and do nothing, and nothing is asked for but its own files', async () => {
  const { url } = await served();
  const { page, requested, said } = await browser.visit(`${url}/`);
  expect(await page.title()).toBe('demo: 1 of 3 streams does not follow; rows were not equal');
  expect(await page.locator('main').innerText()).toContain(HOSTILE);
  expect(await page.locator('img').count()).toBe(0);
  expect(requested.map((one) => one.slice(url.length)).sort()).toEqual(
    ['/', '/icon.svg', '/page.css', '/page.js'].filter((path) => requested.includes(`${url}${path}`)),
  );
  expect(said).toEqual([]);
});

test('a script that got into the page all the same would not run', async () => {
  const { url } = await served();
  const { page, said } = await browser.visit(`${url}/`);
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = "owned"' }))`,
  );
  expect(await page.title()).not.toBe('owned');
  expect(said.join()).toContain('Content Security Policy');
});

test('it refreshes by itself, keeps what is open and focused, and says when nobody answers any more', async () => {
  let now = broken();
  const { url, stop, parts } = await served(() => Promise.resolve(now));
  const { page } = await browser.visit(`${url}/`);
  const summary = page.locator('#table-acas_demo_shop summary');
  await summary.press('Enter');
  expect(await page.locator('#table-acas_demo_shop table').isVisible()).toBe(true);
  now = sampleOf([streamOf('shop'), streamOf(HOSTILE), streamOf('new')]);
  await lookOnce(parts);
  await page.locator('#headline', { hasText: '3 of 3 streams follow; rows were not equal' }).waitFor();
  expect(await page.locator('#table-acas_demo_shop table').isVisible()).toBe(true);
  expect(await summary.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  await stop();
  await page.locator('#stale', { hasText: /^Not updated since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: / }).waitFor();
  expect(await page.locator('#headline').innerText()).toBe('Not known');
  expect(await page.locator('#headline').getAttribute('class')).toBe('pill unknown');
});

test('without JavaScript it shows the same, and says that it does not refresh', async () => {
  const { url } = await served();
  const { page } = await browser.visit(`${url}/`, { javaScriptEnabled: false });
  expect(await page.locator('#headline').innerText()).toBe('1 of 3 streams does not follow; rows were not equal');
  expect(await page.locator('footer').innerText()).toContain('does not refresh by itself');
  expect(await page.locator('button').count()).toBe(await page.locator('button[hidden]').count());
});

const refused = new OperatorError({ code: 'CONNECT_REFUSED', seen: 's', why: 'w', next: 'n' });

test.each(['light', 'dark'] as const)(
  '%s: every text has a contrast of 4.5 to 1 on its ground',
  async (colorScheme) => {
    for (const sample of [() => Promise.resolve(broken()), () => Promise.reject<WatchSample>(refused)]) {
      const { url } = await served(sample);
      const { page } = await browser.visit(`${url}/`, { colorScheme });
      const found = await page.evaluate<{ text: string; ratio: number }[]>(`(${contrasts.toString()})()`);
      expect(found.length).toBeGreaterThan(20);
      expect(found.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
    }
  },
);

test.each([320, 1_280])(
  'in a window of %d pixels nothing hangs over, but what can be scrolled by itself',
  async (width) => {
    const { url } = await served();
    const { page } = await browser.visit(`${url}/`, { viewport: { width, height: 800 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    for (const part of ['rows', 'runs'])
      expect(await page.locator(`#part-${part} .scroll table`).isVisible()).toBe(true);
  },
);

test('landmarks, headings and names are there for whoever does not see it; the keyboard reaches all that can be used', async () => {
  const { url } = await served();
  const { page } = await browser.visit(`${url}/`);
  const tree = await page.locator('body').ariaSnapshot();
  for (const part of [
    'banner:',
    'main:',
    'contentinfo:',
    'heading "Environment demo" [level=1]',
    'heading "Now" [level=2]',
    'region "Pending plan"',
    'table "Streams"',
    'region "Comparison of rows"',
    'table "The last comparison of each database"',
    'columnheader "Tables equal"',
    'table "The last 20 at most, newest first"',
    'columnheader "Exit code"',
    'columnheader "Database"',
    'rowheader "shop"',
    'status: 1 of 3',
  ])
    expect(tree).toContain(part);
  for (const svg of await page.locator('svg').all()) expect(await svg.getAttribute('role')).toBe('img');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.className')).toBe('skip');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`)).toBe('solid');
});
