import type { StreamLook, StreamLooks } from '../../../sql-runner/model/survey';
import { holderPids, holders, lagOf, lastHeard, lockOf, seconds } from '../../../sql-runner/checks/stream-words';
import type { Finding } from '../../../sql-runner/model/change';
import type { Draft } from '../support/observations';
import { after, type Edit } from './provocations';
import { readerAtWork, workerAtWork } from '../support/surveyed-streams';

type Look = Draft<StreamLook>;
const BEHIND = '0/30000100';
const NEW = 'make a new clone: sql-runner reset demo, then cdktf deploy demo-target, then sql-runner apply demo';
/** The one finding of a stream that is so at both looks. */
function told(change: (look: Look) => void, more: Edit = () => undefined): Finding {
  const findings = after((world) => {
    const looks = Object.values(world.streams.looks)[0]!;
    looks.seconds = 6;
    looks.last = { ...looks.last, reader: { ...looks.last.reader! }, worker: { ...looks.last.worker! } };
    for (const look of [looks.first, looks.last]) change(look);
    more(world);
  }).filter(({ code }) => /^(APPLY|STREAM|SUBSCRIPTION_DISABLED)/.test(code));
  expect(findings).toHaveLength(1);
  return findings[0]!;
}
const stopped = (applyErrors: number | null) => (look: Look) => {
  Object.assign(look.worker!, { pid: null, startedAt: null, applyErrors });
  look.reader!.active = false;
};

test('errors are counted where the server counts them', () => {
  expect(told(stopped(null)).seen).toMatch(/none does after 6 s$/);
  expect(told(stopped(0)).seen).toMatch(/after 6 s, 0 errors by now$/);
  expect(told(stopped(1)).seen).toMatch(/after 6 s, 1 error by now$/);
  const failing = (before: number | null, now: number | null) =>
    told(
      (look) => {
        look.flushLsn = BEHIND;
        look.worker!.applyErrors = before;
      },
      ({ streams }) => {
        const { last } = Object.values(streams.looks)[0]!;
        Object.assign(last.worker!, { applyErrors: now, startedAt: 'later' });
        last.reader!.pid = 4712;
      },
    );
  expect(failing(36, 37).seen).toMatch(/fails again and again, 37 errors by now$/);
  expect(failing(null, null).seen).toMatch(/fails again and again$/);
});

test('of a slot that nobody reads it is said whose worker reads what instead', () => {
  const reads = (slot: string | null) =>
    told((look) => {
      look.reader!.active = false;
      look.worker!.slot = slot;
    });
  expect(reads('another').seen).toContain('reads slot another, and nobody reads slot acas_demo_shop of the source');
  expect(reads(null).seen).toContain('reads slot (none), and nobody');
  const hangs = 'it hangs, or reads from elsewhere';
  const again = ': run sql-runner apply demo, which writes its connection again where nothing else explains it';
  const end = '; to start it again, in database shop on the clone: SELECT pg_terminate_backend(99);';
  expect(reads('acas_demo_shop').next).toBe(`${hangs}${again}${end}`);
  // The slot is gone: its connection is not to blame.
  expect(told((look) => (look.reader = null)).next).toBe(`${hangs}${end}`);
});

test.each<[string, (look: Look) => unknown]>([
  ['silent', (look) => Object.assign(look.worker!, { silentSeconds: 41 })],
  ['unread', (look) => Object.assign(look.reader!, { active: false })],
])('of a %s worker that no signal ends the command follows that ends it, where the writer is known', (_, change) => {
  const withWriter = (writer?: string) =>
    told(change, ({ streams }) => Object.assign(streams, { log: { unread: null, since: null, writer } })).next;
  expect(withWriter('demo-clone-1')).toMatch(
    /if process 99 is still there ten seconds after it was ended, no signal ends it any more: aws rds reboot-db-instance --db-instance-identifier demo-clone-1, in the target account, .*; to (?:end it|start it again), in database shop on the clone: SELECT pg_terminate_backend\(99\);$/,
  );
  expect(withWriter()).not.toMatch(/aws rds|undefined/);
});

test('how far the source is ahead is said where it is known', () => {
  const silent = (confirmedLsn: string | null, applyErrors: number | null = 0) =>
    told((look) => {
      Object.assign(look.worker!, { silentSeconds: 41, applyErrors });
      look.flushLsn = BEHIND;
      look.reader!.confirmedLsn = confirmedLsn;
    }).seen;
  expect(silent('0/30000000')).toContain(
    'last heard of the source 41 s ago and was not seen to get on in 6 s; the source is 256 bytes',
  );
  expect(silent(null)).toContain('the source is an unknown number of bytes of WAL ahead');
  expect(silent(null)).toContain('get on in 6 s; the');
  expect(silent(null, 3)).toContain('get on in 6 s, 3 errors by now; the');
  expect(silent(null, null)).toContain('get on in 6 s; the');
});

test.each<[string, Edit, boolean]>([
  ['is lost', ({ source }) => (source.slots[0]!.walStatus = 'lost'), true],
  ['is gone', ({ source }) => (source.slots[0]!.name = 'another'), true],
  ['is there', () => undefined, false],
  ['cannot be asked for', (world) => void Object.assign(world, { source: null }), false],
])('whatever else is the matter with a stream, it can go on unless its slot %s: it %s', (_, change, forNothing) => {
  const { why, next } = told((look) => (look.worker!.enabled = false), change);
  expect(next === NEW).toBe(forNothing);
  expect(why === 'its slot is lost, so it can never go on; production keeps no WAL for it any more').toBe(forNothing);
});

const look = (change: (look: Look) => unknown = () => undefined): StreamLook => {
  const made: Look = {
    flushLsn: BEHIND,
    reader: readerAtWork('acas_demo_shop'),
    worker: { ...workerAtWork('acas_demo_shop', 'shop'), holders: [] },
  };
  change(made);
  return made;
};
const holder = {
  pid: 7,
  user: 'app',
  application: 'psql',
  state: 'idle',
  since: '2026-01-02T03:04:05.678Z',
  ageSeconds: null,
  statement: null,
};

test.each([
  [{ state: null }, 'process 7 (app, psql) since 2026-01-02T03:04:05Z'],
  [{}, 'process 7 (app, psql) since 2026-01-02T03:04:05Z, idle'],
  [
    { ageSeconds: 12.4, state: 'idle in transaction', statement: "UPDATE t\n SET a = 'secret'" },
    'process 7 (app, psql) since 2026-01-02T03:04:05Z, its transaction open for 12 s, idle in transaction, last statement: UPDATE t SET a = …',
  ],
  [{ since: null, state: null }, 'process 7 (app, psql)'],
  [{ user: null, since: null, state: null }, 'process 7 (psql)'],
  [{ application: '', since: null, state: null }, 'process 7 (app)'],
  [{ user: null, application: null, since: null, state: null }, 'process 7'],
  [{ pid: 0 }, 'a prepared transaction'],
])('who holds a lock is named by what is known: %p', (facts, words) => {
  const waiting = look(({ worker }) => (worker!.holders = [{ ...holder, ...facts }]));
  expect(holders(waiting)).toBe(words);
  const two = look(({ worker }) => (worker!.holders = [holder, { ...holder, pid: 0 }]));
  expect(holders(two)).toBe('process 7 (app, psql) since 2026-01-02T03:04:05Z, idle and a prepared transaction');
  expect(holders(look((made) => (made.worker = null)))).toBe('');
  expect([holderPids(two), holderPids(look((made) => (made.worker = null)))]).toEqual([[7], []]);
});

test('sessions that hold a lock are ended, one after the other; a prepared transaction has none', () => {
  const held = (...pids: number[]) =>
    told((made) => {
      made.flushLsn = BEHIND;
      made.worker!.holders = pids.map((pid) => ({ ...holder, pid }));
    }).next;
  const end = (pid: number) => `SELECT pg_terminate_backend(${pid});`;
  expect(held(7, 0, 8)).toMatch(new RegExp(`: ${end(7)} ${end(8)}$`.replace(/[()]/g, '\\$&')));
  expect(held(0)).toMatch(/^commit or roll back the prepared transactions of database shop/);
});

test('amounts, in words', () => {
  expect([0, 0.4, 1.4, 1.6].map(seconds)).toEqual(['1 s', '1 s', '1 s', '2 s']);
  expect(lastHeard(look(({ worker }) => (worker!.silentSeconds = 3)))).toBe('last heard of the source 3 s ago');
  expect(lastHeard(look(({ worker }) => (worker!.silentSeconds = null)))).toBe('has not heard of the source');
  expect(lastHeard(look((made) => (made.worker = null)))).toBe('has not heard of the source');
  const lag = (change: Parameters<typeof look>[0]) => lagOf(look(change));
  expect([lag(() => undefined), lag(({ reader }) => (reader!.confirmedLsn = '0/40000000'))]).toEqual([256, 0]);
  expect([lag((made) => (made.reader = null)), lag(({ reader }) => (reader!.confirmedLsn = null))]).toEqual([
    null,
    null,
  ]);
  const waits = (waitsFor: string | null) => lockOf({ waitsFor } as StreamLooks);
  expect([waits(null), waits('public.orders')]).toEqual(['a lock', 'a lock of table public.orders']);
});
