import { factsOf } from '../../../sql-runner/model/stream-state';
import type { Observation } from '../../../sql-runner/model/observation';
import { streamsOf } from '../../../sql-runner/model/streams';
import { continuityFinding, judgeContinuity } from '../../../sql-runner/resources/continuity';
import { formatMark, ownMark, type SubscriptionMark } from '../../../sql-runner/model/mark';
import { unexplainedUpdates } from '../../../sql-runner/resources/unexplained-updates';
import { sourceContract } from '../support/contract';
import { heartbeat } from '../support/heartbeats';
import {
  cloned,
  type Draft,
  edit,
  FLUSH,
  NONCE,
  OTHER_NONCE,
  publication,
  SEED,
  ticketed,
  withStream,
} from '../support/observations';

/** What is said of a stream that is not proven: which facts, and what may have come of them. */
const contract = sourceContract(['shop']);
const [of] = streamsOf(contract) as [ReturnType<typeof streamsOf>[number]];
const MARK = { kind: 'subscription', environment: 'demo', nonce: NONCE, seedLsn: SEED, secretVersion: '1' } as const;
type Change = (draft: Draft<Observation>) => void;

function told(
  mark: Partial<SubscriptionMark>,
  change: Change = () => undefined,
  at: { enabled: boolean; progress: string | null } = { enabled: true, progress: FLUSH },
) {
  const comment = formatMark({ ...MARK, ...mark });
  const observation = edit(
    withStream(contract, cloned(contract), 'shop', { ...at, subscription: { comment } }),
    change,
  );
  return continuityFinding(contract, judgeContinuity(contract, observation, factsOf(contract, observation, of)));
}

test.each<[string, Partial<SubscriptionMark>['unproven'], string]>([
  [
    'went on',
    { origin: '0/3', confirmed: '0/4' },
    'shop went on after somebody had disabled it (origin 0/3, slot 0/4),',
  ],
  ['went on', { origin: '0/3' }, 'shop went on after somebody had disabled it (origin 0/3, slot at no position),'],
  [
    'was altered',
    { altered: ['origin', 'binary'] },
    'shop was put back after somebody had altered it (origin, binary),',
  ],
  [
    'did both',
    { altered: ['x'], origin: '0/3', confirmed: '0/4' },
    'altered it (x) and went on after somebody had disabled',
  ],
])('one that %s: why its rows are to be compared', (_, unproven, seen) => {
  expect(told({ unproven })).toMatchObject({
    seen: expect.stringContaining(seen),
    why: expect.stringMatching(/^PostgreSQL skips changes without a word/),
  });
});

test('one whose rows were compared, and differ, is not said to be not compared; it blocks until they are equal', () => {
  const differs = ['public.orders', 'public.parts'];
  const verdict = 'when its rows were compared, not all were equal (STREAM_BROKEN): public.orders, public.parts';
  const found = { code: 'CONTINUITY_NOT_PROVEN', severity: 'block', standing: true };
  const altered = told({ unproven: { altered: ['binary'] }, differs });
  expect(altered).toMatchObject({ ...found, seen: expect.stringMatching(/somebody had altered it \(binary\); when/) });
  // Also where all else speaks for it by now.
  expect(told({ differs })).toMatchObject({
    ...found,
    seen: `subscription acas_demo_shop in database shop; ${verdict}`,
    why: expect.stringMatching(/^the clone is not a copy/),
  });
});

test('that rows differed is no verdict on a stream that has not begun, and does not stand before what is broken', () => {
  expect(told({ differs: ['public.orders'] }, undefined, { enabled: false, progress: null })).toBeNull();
  expect(told({ differs: ['public.orders'] }, undefined, { enabled: true, progress: '0/4000001' })).toMatchObject({
    code: 'SOURCE_PUT_BACK',
  });
});

test('where there is no clone nothing is judged', () => {
  expect(judgeContinuity(contract, ticketed(contract), factsOf(contract, ticketed(contract), of))).toBeNull();
});

test('one that was made again has no known beginning, unless nobody could look', () => {
  const made = (value: string | undefined): Change => {
    return ({ target }) => Object.assign(target!.databases.shop!.streams.acas_demo_shop!, { made: value });
  };
  expect(told({ made: 'pg_1 5' }, made('pg_2 6'))).toMatchObject({
    seen: expect.stringContaining('carries our mark, but it or its replication origin was dropped and made again'),
    why: expect.stringMatching(/^where it began is not known/),
  });
  expect(told({ made: 'pg_1 5' }, made(undefined))).toBeNull();
  expect(told({}, made('pg_2 6'))).toBeNull();
});

test('where it stood when somebody disabled it is said, and no position is no proof', () => {
  const disabled = { enabled: false, progress: SEED };
  const slotAt = (confirmedFlushLsn: string | null): Change => {
    return ({ source }) => (source.slots[0]!.confirmedFlushLsn = confirmedFlushLsn);
  };
  const seen = (change: Change) => told({}, change, disabled)?.seen;
  expect(seen(slotAt('0/3500000'))).toMatch(/origin stands at 0\/3000000, and slot .* the changes up to 0\/3500000$/);
  const neither: Change = (draft) => {
    slotAt(null)(draft);
    draft.source.databases.shop!.publications = [publication('acas_demo_shop', null)];
  };
  expect(seen(neither)).toMatch(/the changes up to no position$/);
});

test('a publication that was altered is told by what was, as far as a sentence bears it', () => {
  const rows = (count: number, xmin: number) => ({
    self: '1 10',
    members: Object.fromEntries(Array.from({ length: count }, (_, at) => [`t${at}`, `${at} ${xmin}`])),
    tables: {},
    types: {},
  });
  const altered = (count: number, nonce = NONCE): Change => {
    return ({ source, target }) => {
      Object.assign(target!.databases.shop!.publications[0]!, { rows: rows(count, 10) });
      source.databases.shop!.publications = [publication('acas_demo_shop', nonce, { rows: rows(count, 11) })];
    };
  };
  expect(told({}, altered(10))).toMatchObject({
    seen: expect.stringMatching(/may have been put back: t0, t1, .*, t9$/),
    why: expect.stringMatching(/^what was written while a table, an operation or a row was not published/),
  });
  expect(told({}, altered(12))!.seen).toMatch(/, t9 and 2 more$/);
  // The publication was made anew by a reset: it is another one.
  expect(told({}, altered(1, OTHER_NONCE))).toBeNull();
  const ofAnother: Change = (draft) => {
    altered(1)(draft);
    const { databases } = draft.target!;
    databases.shop!.publications = [publication('acas_demo_shop', OTHER_NONCE, { rows: rows(1, 10) })];
  };
  expect(told({}, ofAnother)).toBeNull();
});

test('histories that contradict each other are told with the beat, and by which side has it', () => {
  const beat = (id: string) => ({ id, previous: null, number: 7, at: '2026-01-02T03:04:05Z', passed: SEED });
  const beats = (here: string[], there: string[]): Change => {
    return ({ source, target }) => {
      source.databases.shop!.heartbeats = [heartbeat('acas_demo_shop', here.map(beat))];
      target!.databases.shop!.heartbeats = [heartbeat('acas_demo_shop', there.map(beat))];
    };
  };
  const one = 'beat 7 of the heartbeat, written at 2026-01-02T03:04:05Z';
  expect(told({}, beats(['a'], []))).toMatchObject({
    seen: `database shop: the clone has gone beyond ${one}, and does not have it`,
    why: expect.stringContaining('was moved over it'),
  });
  expect(told({}, beats([], ['a']))).toMatchObject({
    seen: `database shop: the clone has got ${one}, and the source does not know of it`,
    why: expect.stringContaining('the source was put back'),
  });
  // A side without a heartbeat says nothing.
  const without: Change = (draft) => {
    beats(['a'], [])(draft);
    draft.target!.databases.shop!.heartbeats = [];
  };
  expect(told({}, without)).toBeNull();
});

test('an update is explained by a stream that is still altered, and by no other', () => {
  const counted = (mark: Partial<SubscriptionMark>, change: Change = () => undefined) => {
    const { target } = edit(
      withStream(contract, cloned(contract), 'shop', { enabled: true, progress: FLUSH }),
      (draft) => {
        draft.target!.subscriptionUpdates = 8;
        change(draft);
      },
    );
    const whole = formatMark({ ...MARK, ...mark });
    return unexplainedUpdates(contract, target!, ownMark(whole, 'subscription', 'demo')!);
  };
  const stream = ({ target }: Draft<Observation>) => target!.databases.shop!.streams.acas_demo_shop!;
  expect(counted({ updates: 7 })).toBe(1);
  expect(counted({})).toBe(0);
  expect(counted({ updates: 7 }, (draft) => (stream(draft).options!.values.binary = 'true'))).toBe(0);
  expect(counted({ updates: 7 }, (draft) => delete stream(draft).options)).toBe(1);
  expect(counted({ updates: 7 }, (draft) => (stream(draft).subscription = null))).toBe(1);
});
