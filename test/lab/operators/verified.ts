import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Outbox } from '../../../sql-runner/events/outbox';
import { webhook } from '../../../sql-runner/events/webhook';
import { eventBody } from '../../../sql-runner/render/schemas/event';
import type { DirectLab } from '../../e2e/support/direct-lab';
import { eventually } from '../../support/eventually';
import { HttpReceiver } from '../../support/http-receiver';
import { serve } from './served';
import { sqlRunnerOn } from './sql-runner-on';

/** Rows are compared, one differs, and is put right: what verify keeps of that, and what serve shows and sends of it. */
export async function verified(world: DirectLab): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'verified-'));
  const hook = await HttpReceiver.listening();
  const quiet = new Outbox(webhook(hook.url, 'a secret of the webhook'), () => undefined);
  const sqlRunner = sqlRunnerOn(world, folder);
  // It makes the history of runs on this clone.
  expect(await sqlRunner('apply', 'demo', '--auto-approve')).toMatchObject({ exitCode: 0 });
  const served = await serve(world, null, [quiet]);
  const page = async () => (await fetch(served.url)).text();
  const shows = (title: string) => eventually(async () => (await page()).includes(`<title>demo: ${title}</title>`));
  const told = () => hook.got.map(({ body }) => eventBody.parse(JSON.parse(body)));
  const verifications = () => told().filter((event) => event.kind === 'verification');
  const compared = async (exitCode: number, count: number) => {
    expect(await sqlRunner('verify', 'demo')).toMatchObject({ exitCode });
    await eventually(() => Promise.resolve(verifications().length === count));
    return verifications().at(-1);
  };
  try {
    await eventually(() => Promise.resolve(told().some(({ kind }) => kind === 'standing')));
    expect(await compared(0, 1)).toMatchObject({ outcome: 'equal', healthy: null, exitCode: 0 });
    await shows('2 of 2 streams follow');
    expect(await page()).toContain('was equal');

    await (await world.clone('shop')).query(`UPDATE customers SET name = 'somebody else' WHERE id = 1`);
    expect(await compared(11, 2)).toMatchObject({
      outcome: 'not equal',
      healthy: false,
      comparison: { whole: true, databases: [{ outcome: 'not equal' }, { outcome: 'equal' }] },
    });
    await shows('2 of 2 streams follow; rows were not equal');

    // As it is on the source it comes again.
    await (await world.source('shop')).query('UPDATE customers SET name = name WHERE id = 1');
    // Kept nowhere, it takes nothing back.
    expect(await sqlRunner('verify', 'demo', '--no-keep')).toMatchObject({ exitCode: 0 });
    expect(await sqlRunner('history', 'demo')).toMatchObject({ stdout: expect.stringMatching(LAST_IS_NOT_EQUAL) });
    await shows('2 of 2 streams follow; rows were not equal');
    expect(await compared(0, 3)).toMatchObject({ outcome: 'equal' });
    await shows('2 of 2 streams follow');
    expect((await source(world)).rows).toEqual([]);
  } finally {
    await served.stop();
    await hook.close();
    rmSync(folder, { recursive: true });
  }
}

const LAST_IS_NOT_EQUAL = /^began .*\n\S+ \S+ +\w{8} +verify +not equal \d+\/\d+ /m;

/** What a history would have left on production. */
const source = async (world: DirectLab) =>
  (await world.source('shop')).query(`SELECT FROM pg_namespace WHERE nspname LIKE 'acas\\_history%'`);
