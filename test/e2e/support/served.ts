import { once } from 'node:events';
import type { Toolchain } from '../../../lab/demo/toolchain';
import { exposition } from '../../sql-runner/support/exposition';
import { eventually } from '../../support/eventually';

/** As whoever scrapes it: what `serve` tells of streams that follow, and that a signal ends it. */
export async function expectServed(tools: Toolchain): Promise<void> {
  const { process: child, result } = tools.startSqlRunner('serve', 'demo', '--port', '0', '--no-history', '--json');
  const [line] = (await once(child.stdout!, 'data')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  const asked = async (path: string) => (await fetch(`${url}${path}`)).text();
  const told = await eventually(async () => {
    const metrics = exposition(await asked('/metrics'));
    return metrics.values('acas_stream_healthy').every(({ value }) => value === 1) && metrics;
  });
  expect(told.values('acas_up').map(({ value }) => value)).toEqual([1, 1]);
  expect(told.values('pg_replication_slot_slot_is_active').map(({ value }) => value)).toEqual([1, 1]);
  expect(await asked('/')).toContain('2 of 2 streams follow');
  expect(await asked('/readyz')).toBe('the streams were seen of late\n');
  child.kill('SIGTERM');
  expect((await result).exitCode).toBe(143);
}
