import fc from 'fast-check';
import type { Sequence } from '../../../sql-runner/postgres/catalog/sequences';
import { behindBy, verdictOf } from '../../../sql-runner/resources/sequence-verdict';
import { at, ofColumn, sequence } from '../support/sequences';

const EXACT = { headroom: 0, putBack: false };
const standing = (source: Partial<Sequence>, clone: Partial<Sequence>, wanted = EXACT) =>
  verdictOf({ source: sequence('s', source), clone: sequence('s', clone) }, wanted).standing;

test.each<[string, Partial<Sequence>, Partial<Sequence>, object]>([
  ['never called on either side', {}, {}, { kind: 'level' }],
  ['called once on the source', at(1), {}, { kind: 'move', to: { last: '1', called: true }, by: 1n, back: false }],
  ['where the source stands', at(7), at(7), { kind: 'level' }],
  ['behind', at(9), at(7), { kind: 'move', to: { last: '9', called: true }, by: 2n, back: false }],
  ['set to its next value on the source', at(9, false), at(7), { kind: 'move', to: { last: '9', called: false } }],
  ['called where the source is about to be', at(9, false), at(9), { kind: 'ahead', by: 1n }],
  ['ahead', at(7), at(9), { kind: 'ahead', by: 2n }],
  ['descending, behind', { ...at(-9), ...DOWN() }, { ...at(-7), ...DOWN() }, { kind: 'move', by: 2n, back: false }],
  ['descending, ahead', { ...at(-7), ...DOWN() }, { ...at(-9), ...DOWN() }, { kind: 'ahead', by: 2n }],
  ['of steps of ten', { ...at(100), increment: '10' }, { ...at(60), increment: '10' }, { kind: 'move', by: 4n }],
  ['of other steps', { ...at(100), increment: '10' }, at(95), { kind: 'move', to: { last: '100', called: true } }],
  ['counting the other way', at(9), { ...at(-7), ...DOWN() }, { kind: 'hindered', by: { kind: 'direction' } }],
  ['beyond its end', at(101), { ...at(7), max: '100' }, { kind: 'hindered', by: { kind: 'bounds' } }],
  ['not to be read', { position: 'right' }, {}, { kind: 'hindered', by: { kind: 'unread', side: 'source' } }],
  ['not to be read here', {}, { position: 'locked' }, { kind: 'hindered', by: { kind: 'unread', side: 'target' } }],
  ['of somebody else', at(9), { isOurs: false }, { kind: 'hindered', by: { kind: 'rights' } }],
  ['of somebody else, and level', {}, { isOurs: false }, { kind: 'level' }],
  [
    'of another column',
    { ...at(9), ...ofColumn('a') },
    ofColumn('b', '2.1'),
    { kind: 'hindered', by: { kind: 'column' } },
  ],
  ['of a renamed table', { ...at(9), ...ofColumn('a') }, ofColumn('b'), { kind: 'move' }],
  ['of no column here', { ...at(9), ...ofColumn('a') }, {}, { kind: 'move' }],
])('one that is %s', (_, source, clone, expected) => {
  expect(standing(source, clone)).toMatchObject(expected);
});

function DOWN(): Partial<Sequence> {
  return { increment: '-1', min: '-9223372036854775808', max: '-1', start: '-1' };
}

test('headroom counts whole caches, and is not given where it does not fit', () => {
  const wanted = { headroom: 100, putBack: false };
  const pair = (more: Partial<Sequence>) => ({
    source: sequence('s', { ...at(50), ...more }),
    clone: sequence('s', more),
  });
  expect(verdictOf(pair({}), wanted).standing).toMatchObject({ to: { last: '150', called: true } });
  expect(verdictOf(pair({ cache: '20', increment: '3' }), wanted).standing).toMatchObject({ to: { last: '6050' } });
  expect(verdictOf(pair({ max: '151' }), wanted)).toMatchObject({ standing: { to: { last: '150' } }, tight: false });
  expect(verdictOf(pair({ max: '150' }), wanted)).toMatchObject({ standing: { to: { last: '50' } }, tight: true });
  expect(verdictOf(pair({ cycle: true }), wanted).repeats).toBe(true);
});

test('one that is ahead is put back when that is said, and then level', () => {
  const pair = { source: sequence('s', at(5)), clone: sequence('s', at(9)) };
  expect(verdictOf(pair, { headroom: 0, putBack: true }).standing).toEqual({
    kind: 'move',
    to: { last: '5', called: true },
    by: 4n,
    back: true,
  });
  expect(verdictOf({ ...pair, clone: sequence('s', at(5)) }, { headroom: 0, putBack: true }).standing.kind).toBe(
    'level',
  );
});

test('how far one is behind is known of those that are alike enough alone', () => {
  const by = (source: Partial<Sequence>, clone: Partial<Sequence>) =>
    behindBy({ source: sequence('s', source), clone: sequence('s', clone) });
  expect([by(at(9), at(4)), by(at(4), at(9)), by(at(4), at(4))]).toEqual([5n, null, null]);
  expect([by(at(4), DOWN()), by({ position: 'right' }, {})]).toEqual([undefined, undefined]);
  // By hand or with other rights: it is behind, whoever may set it.
  expect([by(at(9), { isOurs: false }), by(at(9), { max: '5' })]).toEqual([9n, 9n]);
});

/** As the manual tells it: the value, or null at the end; it shares nothing with what is tested. */
class Counter {
  constructor(
    private last: bigint,
    private called: boolean,
    private readonly step: bigint,
    private readonly from: bigint,
    private readonly to: bigint,
  ) {}

  next(): bigint | null {
    const value = this.called ? this.last + this.step : this.last;
    if (value > this.to || value < this.from) return null;
    [this.last, this.called] = [value, true];
    return value;
  }

  taken(count: number): bigint[] {
    return Array.from({ length: count }, () => this.next()).filter((value) => value !== null);
  }

  get position() {
    return at(this.last, this.called);
  }
}

const ways = fc.record({
  down: fc.boolean(),
  step: fc.integer({ min: 1, max: 12 }),
  stepThere: fc.integer({ min: 1, max: 12 }),
  start: fc.integer({ min: -20, max: 20 }),
  room: fc.integer({ min: 0, max: 400 }),
  taken: fc.integer({ min: 0, max: 30 }),
  takenHere: fc.integer({ min: 0, max: 30 }),
  cache: fc.integer({ min: 1, max: 5 }),
  headroom: fc.integer({ min: 0, max: 20 }),
  putBack: fc.boolean(),
  blocks: fc.integer({ min: 0, max: 20 }),
});

test('no value that the source has handed out comes again on a clone that is level, ahead or moved', () => {
  let moved = 0;
  fc.assert(
    fc.property(ways, (of) => {
      const sign = of.down ? -1n : 1n;
      const [low, high] = of.down ? [of.start - of.room, of.start] : [of.start, of.start + of.room];
      const counter = (last: bigint, called: boolean, step: number) =>
        new Counter(last, called, BigInt(step) * sign, BigInt(low), BigInt(high));
      const there = counter(BigInt(of.start), false, of.step);
      // Sessions take a cache full of values at a time, of which some may be handed out later.
      const handedOut = there.taken(of.taken * of.cache);
      const here = counter(BigInt(of.start), false, of.stepThere);
      here.taken(of.takenHere);
      const made = { min: String(low), max: String(high), start: String(of.start) };
      const source = sequence('s', {
        ...made,
        ...there.position,
        cache: String(of.cache),
        increment: String(BigInt(of.step) * sign),
      });
      const clone = sequence('s', { ...made, ...here.position, increment: String(BigInt(of.stepThere) * sign) });
      const { standing: found, tight } = verdictOf({ source, clone }, { headroom: of.headroom, putBack: of.putBack });
      expect(['move', 'level', 'ahead']).toContain(found.kind);
      if (found.kind === 'move') moved += 1;
      const { position } = found.kind === 'move' ? { position: found.to } : clone;
      if (typeof position === 'string') throw new Error('it was read');
      // Each value that is handed out from now on takes a cache full of them at most.
      const later = tight || of.headroom === 0 ? [] : there.taken(Math.min(of.blocks, of.headroom - 1) * of.cache);
      const after = counter(BigInt(position.last), position.called, of.stepThere).taken(500);
      const again = new Set([...handedOut, ...later]);
      expect(after.filter((value) => again.has(value))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
  expect(moved).toBeGreaterThan(500);
});
