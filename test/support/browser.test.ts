import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { eventually } from './eventually';
import { computedStyle, TestBrowser } from './browser';

/** Whatever connects to this is counted, and hung up on. */
let connections = 0;
const server = createServer((socket) => {
  connections += 1;
  socket.destroy();
});
let port: number;
let browser: TestBrowser;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
  // As its proxy, the server also sees what the browser does for itself.
  browser = await TestBrowser.launch([`--proxy-server=127.0.0.1:${port}`, '--proxy-bypass-list=<-loopback>']);
});
afterAll(async () => {
  await browser.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const REPORT = `<!doctype html>
<title>Streams</title>
<style>
  td { padding: 4px 12px; font: 16px "Open Sans" }
  td.late { color: #b00020; font-weight: bold }
  table.only-late tr:not(:has(td.late)) { display: none }
</style>
<button>Only late ones</button>
<table>
  <tr><td>shop</td><td>in sync</td></tr>
  <tr><td>ledger</td><td class="late">12 s behind</td></tr>
</table>
<script>
  document.querySelector('button').addEventListener('click', () => {
    const on = document.querySelector('table').classList.toggle('only-late');
    console.log(on ? 'late ones' : 'all');
  });
</script>`;

test('a page is laid out, styled, and answers a click', async () => {
  const { page, requested, said } = await browser.open(REPORT);
  expect(await page.title()).toBe('Streams');
  const late = page.getByText('12 s behind');
  expect(await computedStyle(late, 'color')).toBe('rgb(176, 0, 32)');
  // With a font: without one, a cell is as wide as its padding.
  expect((await late.boundingBox())!.width).toBeGreaterThan(90);
  const shown = () => page.getByRole('row').filter({ visible: true }).allInnerTexts();
  expect(await shown()).toEqual(['shop\tin sync', 'ledger\t12 s behind']);
  await page.getByRole('button', { name: 'Only late ones' }).click();
  expect(await shown()).toEqual(['ledger\t12 s behind']);
  expect({ requested, said }).toEqual({ requested: [], said: ['late ones'] });
});

test('what a page asks for is known, and nothing leaves', async () => {
  const address = `http://127.0.0.1:${port}`;
  const html = `<img src="${address}/pixel.png"><script src="https://cdn.example/lib.js"></script>
    <script>fetch('${address}/count').catch(() => console.log('no answer'))</script>`;
  const { page, requested, said } = await browser.open(html);
  await page.waitForFunction('document.images[0].complete');
  expect([...requested].sort()).toEqual([`${address}/count`, `${address}/pixel.png`, 'https://cdn.example/lib.js']);
  expect(said).toContain('no answer');
  expect(connections).toBe(0);
});

test('an error in a page is known', async () => {
  const { said } = await browser.open('<script>undefinedFunction()</script>');
  expect(said).toEqual(['undefinedFunction is not defined']);
});

/** Process ids by the leaders of their groups; a browser leads one. */
function groups(): Map<number, { leaderIsOurs: boolean; members: number[] }> {
  const found = new Map<number, { leaderIsOurs: boolean; members: number[] }>();
  for (const pid of readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)) {
    const [, parent, group] = /^.*\) \S (\d+) (\d+)/.exec(statOf(pid)) ?? [];
    const entry = found.get(Number(group)) ?? { leaderIsOurs: false, members: [] };
    entry.members.push(pid);
    if (pid === Number(group)) entry.leaderIsOurs = Number(parent) === process.pid;
    found.set(Number(group), entry);
  }
  return found;
}

/** Empty when it has ended meanwhile. */
function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

test('it leaves no process and no file', async () => {
  const [leader] = [...groups()].find(([, { leaderIsOurs }]) => leaderIsOurs)!;
  expect(groups().get(leader)!.members.length).toBeGreaterThan(1);
  const [, profile] = /--user-data-dir=([^\0]+)/.exec(readFileSync(`/proc/${leader}/cmdline`, 'utf8'))!;
  const [, folder] = /TMPDIR=([^\0]+)/.exec(readFileSync(`/proc/${leader}/environ`, 'utf8'))!;
  expect([profile, folder].map((path) => existsSync(path!))).toEqual([true, true]);
  await browser.close();
  // Its last helpers end a moment after it.
  await eventually(() => Promise.resolve(!groups().has(leader)));
  expect([profile, folder].map((path) => existsSync(path!))).toEqual([false, false]);
  expect(connections).toBe(0);
});
