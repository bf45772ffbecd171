import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Toolchain } from '../../../lab/demo/toolchain';
import { signature } from '../../../sql-runner/events/webhook';
import { eventBody } from '../../../sql-runner/render/schemas/event';
import { exposition } from '../../sql-runner/support/exposition';
import { eventually } from '../../support/eventually';
import { HttpReceiver } from '../../support/http-receiver';

const SECRET = 'a secret that signs events';

/** As whoever scrapes it, and receives its events: what `serve` tells of streams that follow, and that a signal ends it. */
export async function expectServed(tools: Toolchain): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'served-'));
  const hook = await HttpReceiver.listening();
  try {
    const file = join(folder, 'secret');
    writeFileSync(file, `${SECRET}\n`);
    const events = ['--webhook', `${hook.url}/hook`, '--webhook-secret-file', file];
    const { process: child, result } = tools.startSqlRunner(
      'serve',
      'demo',
      '--port',
      '0',
      '--json',
      '--history',
      folder,
      ...events,
    );
    const [line] = (await once(child.stdout!, 'data')) as [string];
    await expectTold((JSON.parse(line) as { url: string }).url);
    await eventually(() => Promise.resolve(hook.got.length > 0));
    const { headers, body } = hook.got[0]!;
    expect(headers['acas-signature']).toBe(signature(SECRET, String(headers['acas-timestamp']), body));
    expect(eventBody.parse(JSON.parse(body))).toMatchObject({ kind: 'standing', environment: 'demo', dropped: 0 });
    child.kill('SIGTERM');
    expect((await result).exitCode).toBe(143);
  } finally {
    await hook.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function expectTold(url: string): Promise<void> {
  const asked = async (path: string) => (await fetch(`${url}${path}`)).text();
  const told = await eventually(async () => {
    const metrics = exposition(await asked('/metrics'));
    return metrics.values('acas_stream_healthy').every(({ value }) => value === 1) && metrics;
  });
  expect(told.values('acas_up').map(({ value }) => value)).toEqual([1, 1]);
  expect(told.values('pg_replication_slot_slot_is_active').map(({ value }) => value)).toEqual([1, 1]);
  expect(await asked('/')).toContain('2 of 2 streams follow');
  expect(await asked('/readyz')).toBe('the streams were seen of late\n');
}
