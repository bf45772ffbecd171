import fc from 'fast-check';
import { SequenceSides, taken } from '../../support/sequence-sides';

/**
 * Every value that the source hands out is kept, then values are taken on the clone, by sessions that had some in their
 * caches before, too: none may be among them.
 */

let sides: SequenceSides;
beforeAll(async () => {
  sides = await SequenceSides.start();
});
afterAll(() => sides?.test.stop());

const TYPES = { smallint: 32_767n, integer: 2_147_483_647n, bigint: 9_223_372_036_854_775_807n } as const;

const made = fc.record({
  type: fc.constantFrom<keyof typeof TYPES>('smallint', 'integer', 'bigint'),
  down: fc.boolean(),
  step: fc.integer({ min: 1, max: 9 }),
  cache: fc.constantFrom(1, 1, 3, 7),
  /** Values from its beginning to its end; null: up to the end of its type. */
  room: fc.option(fc.integer({ min: 2, max: 60 }), { freq: 2 }),
});
const use = fc.array(fc.record({ session: fc.constantFrom('one', 'two'), count: fc.integer({ min: 1, max: 9 }) }), {
  maxLength: 4,
});
const cases = fc.record({
  source: made,
  cloneStep: fc.integer({ min: 1, max: 9 }),
  cloneCache: fc.constantFrom(1, 5),
  kind: fc.constantFrom('bare', 'serial', 'identity'),
  usedThere: use,
  /** How far it is set ahead by hand; null: not at all. */
  setAhead: fc.option(fc.record({ by: fc.integer({ min: 1, max: 5 }), called: fc.boolean() })),
  usedAgain: use,
  usedHere: use,
  headroom: fc.constantFrom(0, 0, 5, 25),
  putBack: fc.boolean(),
});
type Case = typeof cases extends fc.Arbitrary<infer C> ? C : never;

const NAME = 'public.s';

function optionsSql({ source: { type, down, step, cache, room } }: Case): string {
  const sign = down ? '-' : '';
  const end = room === null ? (down ? -TYPES[type] : TYPES[type]) : BigInt(room * step) * (down ? -1n : 1n);
  const [min, max] = down ? [end, -1n] : [1n, end < 1n ? 1n : end];
  return `INCREMENT BY ${sign}${step} MINVALUE ${min} MAXVALUE ${max} CACHE ${cache}`;
}

async function make(database: 'shop' | 'copy', of: Case, alter: string): Promise<void> {
  const { type } = of.source;
  const table = of.kind === 'bare' ? '' : `CREATE TABLE t (id ${type}${of.kind === 'identity' ? identity(of) : ''});`;
  const sequence = of.kind === 'identity' ? '' : `CREATE SEQUENCE s AS ${type} ${optionsSql(of)};`;
  const owned = of.kind === 'serial' ? `ALTER SEQUENCE s OWNED BY t.id;` : '';
  await sides.on(database, `DROP TABLE IF EXISTS t; DROP SEQUENCE IF EXISTS s; ${table} ${sequence} ${owned} ${alter}`);
}

const identity = (of: Case): string => ` GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s ${optionsSql(of)})`;

async function used(database: 'shop' | 'copy', of: Case['usedThere']): Promise<bigint[]> {
  const values: bigint[] = [];
  for (const { session, count } of of)
    values.push(...(await taken(await sides.client(database, session), NAME, count)));
  return values;
}

async function setAhead({ source: { down, step }, setAhead: ahead }: Case): Promise<void> {
  if (ahead === null) return;
  const by = BigInt(ahead.by * step) * (down ? -1n : 1n);
  // Where that is beyond its end it is left alone.
  await sides
    .on('shop', `SELECT setval('${NAME}', last_value + ${by}, ${ahead.called}) FROM ${NAME}`)
    .catch(() => undefined);
}

test('whatever the sequences are like, and whoever takes values meanwhile', async () => {
  const seen = { moved: 0, back: 0, ahead: 0, level: 0, tight: 0, meanwhile: 0 };
  await fc.assert(
    fc.asyncProperty(cases, async (of) => {
      await make('shop', of, '');
      const sign = of.source.down ? '-' : '';
      await make('copy', of, `ALTER SEQUENCE s INCREMENT BY ${sign}${of.cloneStep} CACHE ${of.cloneCache}`);
      const handedOut = await used('shop', of.usedThere);
      await setAhead(of);
      handedOut.push(...(await used('shop', of.usedAgain)));
      const hadHere = await used('copy', of.usedHere);
      const wanted = { headroom: of.headroom, putBack: of.putBack };
      const before = await sides.verdict('s', wanted);
      const { standing } = before;
      expect(['move', 'ahead', 'level']).toContain(standing.kind);
      if (standing.kind === 'move') seen[standing.back ? 'back' : 'moved'] += 1;
      else seen[standing.kind as 'ahead' | 'level'] += 1;
      if (before.tight) seen.tight += 1;
      // The source goes on while it is planned and done, and afterwards.
      const during: bigint[] = [];
      const taking = (async () => {
        for (let each = 0; each < 4; each += 1)
          during.push(...(await taken(await sides.client('shop', each % 2 === 0 ? 'one' : 'three'), NAME, 1)));
      })();
      await sides.catchUp(wanted);
      await taking;
      seen.meanwhile += during.length;
      const later = await taken(await sides.client('shop', 'two'), NAME, Math.max(0, of.headroom - 5));
      const isKept = standing.kind !== 'move' || standing.back;
      // What is printed of caches (SEQUENCES_CACHED).
      if (isKept)
        for (const name of ['one', 'two']) await (await sides.client('copy', name)).query('DISCARD SEQUENCES');
      const here: bigint[] = [];
      for (const name of ['one', 'two', 'fresh'])
        here.push(...(await taken(await sides.client('copy', name), NAME, 40)));
      const kept = of.headroom === 0 || before.tight ? handedOut : [...handedOut, ...during, ...later];
      const again = new Set(kept);
      expect(here.filter((value) => again.has(value))).toEqual([]);
      if (!of.putBack) {
        const earlier = new Set(hadHere);
        expect(here.filter((value) => earlier.has(value))).toEqual([]);
      }
    }),
    { numRuns: Number(process.env['ROUNDS'] ?? 60), seed: Number(process.env['SEED'] ?? 7) },
  );
  // Each of these has been met with.
  expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([]);
});
