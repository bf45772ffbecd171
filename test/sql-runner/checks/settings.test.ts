import { APPLY_SETTINGS } from '../../../sql-runner/checks/apply-settings';
import { SENDER_SETTINGS } from '../../../sql-runner/checks/peer-timeouts';
import type { SessionSetting } from '../../../sql-runner/postgres/catalog/session-settings';
import { sourceContract } from '../support/contract';
import { edit } from '../support/observations';
import { findingsOf, healthy } from '../support/surveys';

/** Settings as people write them, of two databases. */
const contract = sourceContract(['shop', 'ledger']);
type From = SessionSetting['from'];
function applied(name: string, value: string, from: From = 'database', follows = true) {
  const world = edit(healthy(contract), ({ target }) => {
    target.databases.shop!.applySettings = [
      { name: 'other', value: 'x', from },
      { name, value, from },
    ] as never;
    if (!follows) target.databases.shop!.subscriptionOptions = [];
  });
  return findingsOf(world).filter(({ code }) => code === 'SETTING_HARMS_APPLY');
}

test.each([
  ['array_nulls', 'on', 'on, true, yes, 1, 10, often', 'off, OF, false, f, fa, fal, fals, no, n, 0, " off "'],
  ['transaction_timeout', '0', '0, 00, 0s, "0 ms", " 0"', '1, 10, 10s, 1min, 0.5s'],
  ['lock_timeout', '0', '0, 000, 0ms, -0', '5s, 100'],
  ['temp_file_limit', '-1', '-1, " -1"', '0, 10GB, 5-'],
  ['xmloption', 'content', 'content, CONTENT', 'document'],
])('%s is told unless it is %s', (name, harmless, well, harmful) => {
  const plain = (list: string) => list.split(', ').map((value) => value.replaceAll('"', ''));
  expect(APPLY_SETTINGS).toContain(name);
  expect(plain(well).filter((value) => applied(name, value).length > 0)).toEqual([]);
  expect(plain(harmful).filter((value) => applied(name, value).length === 0)).toEqual([]);
  expect(applied(name, plain(harmful)[0]!)[0]!.next).toContain(
    `in database shop on the clone: ALTER ROLE "master" IN DATABASE "shop" SET ${name} = '${harmless}';`,
  );
});

test.each<[From, string]>([
  ['role in database', 'set for role master in this database'],
  ['role', 'set for role master'],
  ['database', 'set for this database'],
  ['all roles', 'set for all roles'],
  ['server', 'set for the server'],
])('it is said where a setting comes from: %s', (from, words) => {
  expect(applied('lock_timeout', '5s', from)[0]!.seen).toBe(
    `lock_timeout is 5s for the apply worker of database shop on the clone, ${words}`,
  );
});

test('only a worker that is there is started anew, and only those of the database', () => {
  const again =
    " SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE subname IN ('acas_demo_shop') AND pid IS NOT NULL;";
  const set = `in database shop on the clone: ALTER ROLE "master" IN DATABASE "shop" SET lock_timeout = '0';`;
  expect(applied('lock_timeout', '5s')[0]!.next).toBe(`${set}${again}`);
  expect(applied('lock_timeout', '5s', 'role', false)[0]!.next).toBe(set);
});

const sender = (value: string, name = 'wal_sender_timeout') => {
  const world = edit(healthy(contract), ({ source }) => {
    source.databases.shop!.senderSettings = [
      { name: 'other', value: '0' },
      { name, value },
    ] as never;
  });
  return findingsOf(world);
};
test('a source that would wait for ever is told, however that is written', () => {
  expect(SENDER_SETTINGS).toEqual(['wal_sender_timeout']);
  expect(['0', '00', '0ms', '0 s', ' 0'].map((value) => sender(value).length)).toEqual([1, 1, 1, 1, 1]);
  expect(['1', '60s', '10', '0.5s', '1min'].flatMap((value) => sender(value))).toEqual([]);
  expect(sender('0', 'another')).toEqual([]);
  expect(sender('0')[0]!.next).toMatch(/ WHERE slot_name IN \('acas_demo_shop'\) AND active_pid IS NOT NULL;$/);
});

test('a role that is not there yet starts no walsender', () => {
  const world = edit(healthy(contract), ({ source, target }) => {
    source.role = null;
    for (const database of Object.values(target.databases)) database.subscriptionOptions = [];
    source.databases.shop!.senderSettings = [{ name: 'wal_sender_timeout', value: '0' }] as never;
  });
  expect(findingsOf(world).map(({ code }) => code)).not.toContain('SENDER_WAITS_FOREVER');
});
