import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '../../../errors/operator-error';
import type { LiveView } from '../../../sql-runner/actions/live';
import { Changes } from '../../../sql-runner/past/changes';
import { Past } from '../../../sql-runner/past/past';
import { defaultFolder, PastFile } from '../../../sql-runner/past/past-file';
import { KEPT_MS, SPAN_MS } from '../../../sql-runner/past/points';
import { sampleOf, streamOf } from '../support/stream-status';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'past-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SLOT = 'acas_demo_shop';
const BEGIN = Math.ceil(Date.parse('2026-01-02T00:00:00Z') / SPAN_MS) * SPAN_MS;
const file = () => new PastFile(folder, 'demo');
const reason = new OperatorError({ code: 'CONNECT_REFUSED', seen: 's', why: 'w', next: 'n' });

/** A view with this lag; null: nothing could be seen. */
function viewOf(lagBytes: number | null, more: Parameters<typeof streamOf>[1] = {}): LiveView {
  const sample =
    lagBytes === null ? null : sampleOf([streamOf('shop', { lagBytes, retainedBytes: 2 * lagBytes, ...more })]);
  const streams = [{ database: 'shop', slot: SLOT }];
  const [seenAt, outputsAt] = [new Date(BEGIN), new Date(BEGIN)];
  const unseen = sample === null ? reason : null;
  return { environment: 'demo', streams, sample, unseen, seenAt, looks: { seen: 1, unseen: 0 }, outputsAt };
}

const changes = new Map<Past, Changes>();
function note(past: Past, view: LiveView, at: number): void {
  const telling = changes.get(past) ?? new Changes();
  changes.set(past, telling);
  past.note(view, telling.of(view, at), at);
}

test('a day of looks every ten seconds is at most 2000 points, and no peak is lost', () => {
  const past = new Past(file(), BEGIN);
  const looks = (2 * KEPT_MS) / 10_000;
  for (let look = 0; look < looks; look += 1)
    note(past, viewOf(look === looks - 100 ? 9_000_000 : 5), BEGIN + look * 10_000);
  const points = past.points(SLOT);
  expect(points.length).toBeGreaterThan(1_900);
  expect(points.length).toBeLessThanOrEqual(2_000);
  expect(Math.max(...points.map(({ lag }) => lag!))).toBe(9_000_000);
  expect(readFileSync(past.place!, 'utf8').split('\n').length).toBeLessThan(4_000);
});

test('what was seen outlives the process, but for the span in which it ended', () => {
  const before = new Past(file(), BEGIN);
  for (let span = 0; span < 10; span += 1) note(before, viewOf(span), BEGIN + span * SPAN_MS);
  note(before, viewOf(null), BEGIN + 10 * SPAN_MS);
  const after = new Past(file(), BEGIN + 11 * SPAN_MS);
  expect(after.problem).toBeNull();
  expect(after.points(SLOT)).toEqual(before.points(SLOT).slice(0, 10));
  expect(after.changes()).toEqual(before.changes());
  expect(after.points(SLOT)[3]).toEqual({ at: BEGIN + 3 * SPAN_MS, lag: 3, retained: 6, healthy: true });
  // Nothing has changed by a restart, and what changed meanwhile is told.
  note(after, viewOf(3), BEGIN + 12 * SPAN_MS);
  expect(after.changes().map(({ now }) => now)).toEqual(['not seen: CONNECT_REFUSED', 'streaming']);
  expect(statSync(after.place!).mode & 0o777).toBe(0o600);
});

test('what is older than a day, or of a clock that was wrong, is not shown', () => {
  const past = new Past(file(), BEGIN);
  note(past, viewOf(1), BEGIN);
  note(past, viewOf(2), BEGIN + 90 * KEPT_MS);
  note(past, viewOf(3), BEGIN + SPAN_MS);
  expect(past.points(SLOT).map(({ lag }) => lag)).toEqual([3]);
  expect(new Past(file(), BEGIN + 3 * KEPT_MS).points(SLOT)).toEqual([]);
});

test('what was not seen is no lag of 0', () => {
  const past = new Past(null, BEGIN);
  note(past, viewOf(null), BEGIN);
  expect(past.points(SLOT)).toEqual([{ at: BEGIN, lag: null, retained: null, healthy: null }]);
});

test('the worst of a span is what it was like', () => {
  const past = new Past(null, BEGIN);
  note(past, viewOf(1), BEGIN);
  note(past, viewOf(null), BEGIN + 1_000);
  expect(past.points(SLOT)[0]!.healthy).toBeNull();
  note(past, viewOf(1, { state: 'disabled' }), BEGIN + 2_000);
  note(past, viewOf(1), BEGIN + 3_000);
  expect(past.points(SLOT)).toEqual([{ at: BEGIN, lag: 1, retained: 2, healthy: false }]);
});

function kept(): Past {
  const past = new Past(file(), BEGIN);
  for (let span = 0; span < 4; span += 1) note(past, viewOf(span), BEGIN + span * SPAN_MS);
  return past;
}

test.each<[string, (path: string) => void]>([
  ['is no JSON', (path) => writeFileSync(path, 'what?\n')],
  ['is empty', (path) => writeFileSync(path, '')],
  ['has a line of something else', (path) => appendFileSync(path, '{"at":"yesterday","streams":{}}\n')],
  ['is of another environment', (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('"demo"', '"prod"'))],
  ['is larger than any', (path) => truncateSync(path, 65 * 1024 * 1024)],
])('a file that %s is told, put aside and begun anew', (_, damage) => {
  const path = kept().place!;
  damage(path);
  const text = readFileSync(path, 'utf8').slice(0, 1_000);
  const after = new Past(file(), BEGIN + 9 * SPAN_MS);
  expect(after.problem).toMatch(
    /demo\.jsonl was damaged \(.+\); it is .*\.damaged now, and what was seen before is not shown$/,
  );
  expect(readFileSync(`${path}.damaged`, 'utf8').slice(0, 1_000)).toBe(text);
  note(after, viewOf(7), BEGIN + 9 * SPAN_MS);
  note(after, viewOf(8), BEGIN + 10 * SPAN_MS);
  expect(new Past(file(), BEGIN + 11 * SPAN_MS).points(SLOT).map(({ lag }) => lag)).toEqual([7]);
});

test('a line that a crash has cut off is no damage', () => {
  const path = kept().place!;
  truncateSync(path, statSync(path).size - 5);
  const after = new Past(file(), BEGIN + 9 * SPAN_MS);
  expect(after.problem).toBeNull();
  expect(after.points(SLOT).map(({ lag }) => lag)).toEqual([0, 1]);
});

test('a folder that cannot be written to is told, and what is seen is shown all the same', () => {
  writeFileSync(join(folder, 'file'), '');
  const past = new Past(new PastFile(join(folder, 'file', 'below'), 'demo'), BEGIN);
  note(past, viewOf(1), BEGIN);
  expect(past.problem).toMatch(/cannot be (read|written) \(ENOTDIR\)/);
  expect(past.points(SLOT)).toHaveLength(1);
});

test('where it is kept by default', () => {
  const { XDG_STATE_HOME } = process.env;
  try {
    process.env.XDG_STATE_HOME = '/state';
    expect(defaultFolder()).toBe('/state/sql-runner/serve');
    for (const useless of ['', 'relative']) {
      process.env.XDG_STATE_HOME = useless;
      expect(defaultFolder()).toBe(join(homedir(), '.local/state/sql-runner/serve'));
    }
  } finally {
    if (XDG_STATE_HOME === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = XDG_STATE_HOME;
  }
});
