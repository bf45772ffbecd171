import { eventually } from '../../support/eventually';
import { REACHES_LOOPBACK, TestBrowser } from '../../support/browser';

/** The page of serve while shop's worker fails and ledger follows, as a browser shows it; and once it is well again. */
export async function seenOnPage(url: string): Promise<void> {
  const browser = await TestBrowser.launch(REACHES_LOOPBACK);
  try {
    const { page, said } = await browser.visit(`${url}/`);
    await page.locator('#headline', { hasText: '1 of 2 streams does not follow' }).waitFor();
    // Between two tries it is stopped, until the error has been counted.
    const states = page.locator('svg.picture text.state');
    await eventually(async () => (await states.allTextContents()).join() === 'retrying,streaming');
    expect(await page.locator('section[aria-labelledby=attention]').innerText()).toContain('APPLY_WORKER_FAILING');
    // Made while all was well, or by now: what it says it says as of then.
    await page.locator('section[aria-labelledby=plan]', { hasText: /Made \d{4}-/ }).waitFor();
    // Where the machine has no time, that a look is overdue stands among them.
    expect(await page.locator('section[aria-labelledby=changes] tbody tr', { hasText: 'shop' }).count()).not.toBe(0);
    expect(said).toEqual([]);
  } finally {
    await browser.close();
  }
}
