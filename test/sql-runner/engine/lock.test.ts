import { takeLock } from '../../../sql-runner/engine/lock';
import type { EngineEvent } from '../../../sql-runner/engine/events';
import { openSession, targetOf } from '../postgres/sessions';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { eventually } from '../../support/eventually';

let test_: TestCluster;
beforeAll(async () => (test_ = await startTestCluster({ databases: ['shop', 'ledger'] })));
afterAll(() => test_.stop());

const open = (database = 'shop') =>
  openSession(targetOf(test_, database), { readOnly: false, applicationName: 'sql-runner demo' });
const ignore = (): void => undefined;

test('the second run waits, is told for whom, and goes on when the first has ended', async () => {
  const [first, second] = [await open(), await open()];
  await takeLock(first, 'demo', 0, ignore);
  const events: EngineEvent[] = [];
  const waiting = takeLock(second, 'demo', 20_000, (event) => events.push(event));
  await eventually(async () => events.length > 0);
  expect(events).toEqual([
    {
      type: 'waiting',
      for: expect.stringMatching(
        new RegExp(`another run on demo: process ${first.backendPid} of master \\(sql-runner demo\\) since 20`),
      ),
    },
  ]);
  await first.close();
  await waiting;
  await second.close();
});

test('a run that does not want to wait is refused, with the holder named', async () => {
  const [first, second] = [await open(), await open()];
  await takeLock(first, 'demo', 0, ignore);
  await expect(takeLock(second, 'demo', 0, ignore)).rejects.toMatchObject({
    code: 'LOCK_HELD',
    seen: expect.stringContaining(`process ${first.backendPid} of master`),
  });
  await Promise.all([first.close(), second.close()]);
});

test('the lock dies with the connection of its holder', async () => {
  const [first, second, third] = [await open(), await open(), await open()];
  await takeLock(first, 'demo', 0, ignore);
  await third.query('SELECT pg_terminate_backend($1)', [first.backendPid]);
  await takeLock(second, 'demo', 20_000, ignore);
  await expect(first.query('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  await Promise.all([first.close(), second.close(), third.close()]);
});

test("environments and databases do not stand in each other's way", async () => {
  const [demo, staging, ledger] = [await open(), await open(), await open('ledger')];
  await takeLock(demo, 'demo', 0, ignore);
  await takeLock(staging, 'staging', 0, ignore);
  await takeLock(ledger, 'demo', 0, ignore);
  await Promise.all([demo.close(), staging.close(), ledger.close()]);
});
