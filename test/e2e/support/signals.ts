import type { Toolchain } from '../../../lab/demo/toolchain';
import type { Connect } from '../../../lab/workload/seed';
import { eventsOf, expectExit } from './runner';

const APPLY = ['apply', 'demo', '--auto-approve', '--allow-reboot', '--json'] as const;
const STOPPED = { outcome: 'interrupted', type: 'outcome' };

/** One signal while a change is in hand: it is finished, and what is true then is said. */
export async function stopsBetweenChanges(tools: Toolchain, signal: NodeJS.Signals): Promise<void> {
  const running = tools.startSqlRunner(...APPLY);
  let sent = false;
  running.process.stdout?.on('data', (text: string) => {
    if (!sent && text.includes('change-started')) sent = running.process.kill(signal);
  });
  const result = expectExit(await running.result, 1);
  const events = eventsOf(result);
  const finished = events.filter((event) => event.type === 'change-finished').length;
  expect(events.filter((event) => event.type === 'change-started')).toHaveLength(finished);
  expect(finished).toBeGreaterThan(0);
  expect(events.at(-2)).toMatchObject({ type: 'interrupted', made: finished, next: expect.any(String) });
  expect(events.at(-1)).toMatchObject(STOPPED);
  expect(result.stderr).toMatch(/Stopping after what is in progress \(\S+\); .* to stop at once\./);
}

/** A slot that cannot be made as long as somebody's transaction is open. */
export async function stopsWaitingForSlot(tools: Toolchain, source: Connect): Promise<void> {
  const client = await source('shop');
  await client.query(
    `BEGIN; CREATE TABLE public.never_there (secret text); COMMENT ON TABLE public.never_there IS 'x9'`,
  );
  try {
    const once = await waiting(tools, 'SIGTERM');
    expect(once.waits[0]).toMatchObject({
      blockers: [
        {
          database: 'shop',
          state: 'idle in transaction',
          statement: expect.stringContaining('CREATE TABLE public.never_there'),
        },
      ],
    });
    expect(JSON.stringify(once.events)).not.toContain('x9');
    expectExit(once.result, 1);
    expect(once.events.at(-1)).toMatchObject(STOPPED);
    expect(once.endedMs).toBeLessThan(3_000);
    const { rows } = await client.query(`SELECT slot_name FROM pg_replication_slots WHERE slot_name LIKE 'acas_%'`);
    expect(rows).toEqual([]);
    // The terminal is gone, and whoever closed it has no patience.
    const twice = await waiting(tools, 'SIGHUP', 'SIGHUP');
    expectExit(twice.result, 129);
    expect(twice.result.stderr).toMatch(/Stopped at once\. source\/\w+\/slot\/\w+ was in hand: it may be done, or not/);
  } finally {
    await client.query('ROLLBACK');
    await client.end();
  }
}

/** Sends the first signal once somebody is named, and the second one once the first was heard. */
async function waiting(tools: Toolchain, first: NodeJS.Signals, second?: NodeJS.Signals) {
  const { process: child, result: ended } = tools.startSqlRunner(...APPLY);
  let sentAt = 0;
  child.stdout?.on('data', (text: string) => {
    if (sentAt > 0 || !text.includes('"blockers"')) return;
    sentAt = Date.now();
    child.kill(first);
  });
  child.stderr?.on('data', (text: string) => {
    if (second !== undefined && text.includes('Stopping after')) child.kill(second);
  });
  const result = await ended;
  const events = eventsOf(result);
  return { result, events, waits: events.filter((event) => 'blockers' in event), endedMs: Date.now() - sentAt };
}
