import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { unpackedChromium } from './chromium';

/** No name leads anywhere, and nothing is looked for, updated or reported. */
const OFF_THE_NETWORK = [
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
];

/** To be told to `launch`: what listens on this machine can be visited, and nothing else. */
export const REACHES_LOOPBACK = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];

export interface OpenPage {
  readonly page: Page;
  /** Addresses that the page asked for. Of one that was opened, none is answered. */
  readonly requested: readonly string[];
  /** What it wrote to the console, and errors that nothing caught. */
  readonly said: readonly string[];
}

/** A browser without a window and without a network, for HTML that a test has made. */
export class TestBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly folder: string,
  ) {}

  /** @param flags further ones of Chromium */
  static async launch(flags: readonly string[] = []): Promise<TestBrowser> {
    const { executable, variables } = unpackedChromium();
    const folder = mkdtempSync(join(tmpdir(), 'browser-'));
    try {
      const browser = await chromium.launch({
        executablePath: executable,
        // The two processes of a zygote would outlive it, until pid 1 buries them.
        args: [...OFF_THE_NETWORK, '--no-zygote', ...flags],
        // As root it has no sandbox of its own; and the pages are ours.
        chromiumSandbox: false,
        env: { ...variables, PATH: process.env.PATH ?? '', HOME: folder, TMPDIR: folder },
      });
      return new TestBrowser(browser, folder);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** A page of this HTML, in a profile of its own, once it is laid out and its scripts have run. */
  async open(html: string): Promise<OpenPage> {
    const context = await this.browser.newContext();
    const page = await context.newPage();
    const requested: string[] = [];
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text())).on('pageerror', ({ message }) => said.push(message));
    await page.route('**', async (route) => {
      requested.push(route.request().url());
      await route.abort();
    });
    await page.setContent(html);
    return { page, requested, said };
  }

  /** A page of a server of this machine, for a browser that was launched with REACHES_LOOPBACK. */
  async visit(url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
    const context = await this.browser.newContext(options);
    const page = await context.newPage();
    const requested: string[] = [];
    const said: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    page.on('console', (message) => said.push(message.text())).on('pageerror', ({ message }) => said.push(message));
    await page.goto(url);
    return { page, requested, said };
  }

  /** Ends every process of it, and removes its files. */
  async close(): Promise<void> {
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Of the page, where the function below runs. */
declare function getComputedStyle(element: unknown): { getPropertyValue(property: string): string };

/** `rgb(176, 0, 32)` for `color`: what all style sheets together make of it. */
export function computedStyle(element: Locator, property: string): Promise<string> {
  return element.evaluate((it, name) => getComputedStyle(it).getPropertyValue(name), property);
}
