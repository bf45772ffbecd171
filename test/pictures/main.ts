import { statSync } from 'node:fs';
import { join } from 'node:path';
import { REACHES_LOOPBACK, TestBrowser } from '../support/browser';

const FOLDER = join(__dirname, '..', '..', 'docs', 'pictures');

/**
 * Pictures of the page of a `sql-runner serve` that runs, for docs/monitoring.md, light and dark:
 * npm run docs:pictures -- http://127.0.0.1:9187/ healthy
 */
async function main([url, name]: readonly string[]): Promise<void> {
  if (url === undefined || name === undefined) throw new Error('tell the address of the page, and a name for it');
  const browser = await TestBrowser.launch(REACHES_LOOPBACK);
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await browser.visit(url, { colorScheme, viewport: { width: 1180, height: 900 } });
      const path = join(FOLDER, `serve-${name}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: process.argv.includes('--whole') });
      console.log(`${path} ${Math.round(statSync(path).size / 1_000)} kB`);
    }
  } finally {
    await browser.close();
  }
}

void main(process.argv.slice(2));
