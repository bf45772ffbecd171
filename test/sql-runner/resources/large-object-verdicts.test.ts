import fc from 'fast-check';
import type { LargeObject } from '../../../sql-runner/postgres/catalog/large-objects';
import {
  isSince,
  judgePair,
  oidOf,
  pairObjects,
  type Contents,
  type Judging,
} from '../../../sql-runner/resources/large-object-verdicts';

const object = (oid: number, more: Partial<LargeObject> = {}): LargeObject => ({
  oid,
  role: 'keeper',
  isOurs: true,
  readable: true,
  bytes: 3,
  properties: 'p',
  madeBy: 700,
  ...more,
});
const holding = (digest: string, writers: readonly number[] | null = []): Contents => ({ bytes: 3, digest, writers });
const judging = (contents: Judging['contents'], more: Partial<Judging> = {}): Judging => ({
  since: 1_000,
  own: null,
  contents,
  ...more,
});

test('both lists are gone through once, whatever they have and however long their pages are', () => {
  const oids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });
  fc.assert(
    fc.property(oids, oids, fc.integer({ min: 1, max: 7 }), (there, here, full) => {
      const page = (all: readonly number[], after: number) =>
        [...all]
          .sort((a, b) => a - b)
          .filter((oid) => oid > after)
          .slice(0, full)
          .map((oid) => object(oid));
      const seen: [number, boolean, boolean][] = [];
      for (let after: number | null = 0; after !== null;) {
        const { pairs, end } = pairObjects(page(there, after), page(here, after), full);
        for (const pair of pairs) seen.push([oidOf(pair), pair.there !== null, pair.here !== null]);
        if (end !== null && end <= after) throw new Error('it stands still');
        after = end;
      }
      const all = [...new Set([...there, ...here])].sort((a, b) => a - b);
      expect(seen).toEqual(all.map((oid) => [oid, there.includes(oid), here.includes(oid)]));
    }),
  );
});

test('equal is what was read on both sides and is the same, and nothing else', () => {
  const contents = fc.option(fc.constantFrom(holding('a'), holding('b'), { ...holding('a'), bytes: 4 }), {
    nil: undefined,
  });
  const side = fc.option(
    fc.record({ readable: fc.boolean(), properties: fc.constantFrom('p', 'q'), role: fc.constantFrom('one', 'two') }),
  );
  fc.assert(
    fc.property(side, side, contents, contents, (there, here, ofThere, ofHere) => {
      fc.pre(there !== null || here !== null);
      const pair = { there: there && object(1, there), here: here && object(1, here) };
      const { kind } = judgePair(pair, judging({ there: ofThere, here: ofHere }));
      const same =
        there !== null &&
        here !== null &&
        there.readable &&
        here.readable &&
        ofThere !== undefined &&
        ofHere !== undefined &&
        ofThere.bytes === ofHere.bytes &&
        ofThere.digest === ofHere.digest &&
        there.role === here.role &&
        there.properties === here.properties;
      expect(kind === 'equal').toBe(same);
    }),
  );
});

test.each<[string, Partial<LargeObject>, Judging, unknown]>([
  [
    'as it came with the clone',
    {},
    judging({ there: holding('a'), here: holding('b') }),
    { as: 'content', written: false },
  ],
  [
    'written by others',
    {},
    judging({ there: holding('a'), here: holding('b', [1_200]) }),
    { as: 'content', written: true },
  ],
  ['made by others', { madeBy: 1_200 }, judging({ there: holding('a'), here: holding('b') }), { written: true }],
  [
    'written by us',
    {},
    judging({ there: holding('a'), here: holding('b', [1_200]) }, { own: { content: 1_200, properties: null } }),
    { written: false },
  ],
  [
    'written by us, and by others',
    {},
    judging({ there: holding('a'), here: holding('b', [1_200, 1_300]) }, { own: { content: 1_200, properties: null } }),
    { written: true },
  ],
  [
    'made by us',
    { madeBy: 1_200 },
    judging({ there: holding('a'), here: holding('b', [1_200]) }, { own: { content: 1_200, properties: 1_200 } }),
    { written: false },
  ],
  [
    'made anew since',
    { madeBy: 1_300 },
    judging({ there: holding('a'), here: holding('b', [1_300]) }, { own: { content: 1_200, properties: 1_200 } }),
    { written: true },
  ],
  [
    'granted by others',
    { madeBy: 1_200, properties: 'q' },
    judging({ there: holding('a'), here: holding('a') }),
    { as: 'properties', written: true },
  ],
  [
    'of another length, which was not read on production',
    { bytes: 9 },
    judging({ here: holding('b') }),
    { as: 'content', written: false },
  ],
  ['gone from the clone meanwhile', {}, judging({ there: holding('a'), here: null }), { as: 'missing' }],
])('%s', (_, here, of, verdict) => {
  expect(judgePair({ there: object(1), here: object(1, here) }, of)).toMatchObject({
    kind: 'lacking',
    ...(verdict as object),
  });
});

test('what has gone from production meanwhile is none that lacks', () => {
  expect(judgePair({ there: object(1), here: object(1) }, judging({ there: null, here: holding('a') }))).toEqual({
    kind: 'gone',
  });
});

test('numbers of transactions begin anew', () => {
  expect(isSince(5, 2 ** 32 - 5)).toBe(true);
  expect(isSince(2 ** 32 - 6, 2 ** 32 - 5)).toBe(false);
  expect(isSince(2 ** 32 - 5, 2 ** 32 - 5)).toBe(true);
  expect(isSince(2 ** 32 - 5, 5)).toBe(false);
  expect(isSince(2, 1)).toBe(false);
});
