import { conclude } from '../../../sql-runner/migration/conclude';
import { NO_RIGHTS_TAKEN, type Outcome, type Trials } from '../../../sql-runner/migration/verdict';

const well: Outcome = { stopped: null, differ: [], refused: [], failed: null };
const stopped: Outcome = { ...well, stopped: 'a column is missing' };
const lost: Outcome = { ...well, differ: ['public.t: the clone lacks rows'] };
const other: Outcome = { ...well, differ: ['public.t: rows have other values on the clone'] };
const refused: Outcome = { ...well, refused: ['public.t: cannot update table "t"'] };
const failed: Outcome = { ...well, failed: 'relation "t" does not exist' };

const of = (
  sourceAlone: Outcome,
  thenClone: Outcome | null,
  cloneAlone: Outcome | null,
  thenSource: Outcome | null,
  refreshed = false,
): Trials => ({
  sourceAlone,
  thenClone,
  cloneAlone,
  thenSource,
  publishes: refreshed,
  refreshed,
  ownValues: [],
  rights: NO_RIGHTS_TAKEN,
  stoppedBefore: null,
});

test.each<[string, Trials, string, string | null]>([
  ['rows that replication brings', of(well, null, null, null), 'safe', 'source'],
  ['rows that arrive otherwise', of(other, null, null, null), 'breaks', null],
  ['both orders go', of(well, well, well, well), 'safe', 'source-clone'],
  ['the clone first', of(stopped, well, well, well), 'needs-order', 'clone-source'],
  ['the clone first, where rows are lost otherwise', of(lost, lost, well, well), 'needs-order', 'clone-source'],
  ['the source first', of(well, well, stopped, stopped), 'needs-order', 'source-clone'],
  ['a rename', of(stopped, well, stopped, stopped), 'needs-order', 'source-stops-clone'],
  ['each side computes its own', of(stopped, other, well, other), 'breaks', null],
  ['production refuses writes', of(refused, refused, stopped, refused), 'breaks', null],
  ['the clone cannot have it', of(well, failed, failed, null), 'breaks', null],
  ['it fails on the source', of(failed, null, null, null), 'fails', null],
  ['a partition, which takes a refresh', of(stopped, well, well, well, true), 'needs-order', 'clone-source'],
  [
    'rows are skipped until the refresh copies them',
    of(lost, well, stopped, stopped, true),
    'needs-order',
    'source-clone',
  ],
  ['a refresh is needed in any order', of(well, well, well, well, true), 'needs-order', 'source-clone'],
])('%s', (_, trials, kind, order) => {
  const verdict = conclude(trials);
  expect([verdict.class, verdict.order]).toEqual([kind, order]);
});

test('no order is advised where each side computes values of its own, however alike they came out', () => {
  const outcomes = [well, stopped, lost, other, refused];
  for (const a of outcomes)
    for (const b of outcomes) {
      const found = conclude({ ...of(a, b, a, b), ownValues: ['public.t: rows get c of now()'] });
      expect([found.class, found.order]).toEqual(['breaks', null]);
      expect(found.breaks).toContainEqual({ how: 'other-values', when: 'any', words: 'public.t: rows get c of now()' });
    }
});

test('what stops a worker that is no superuser is never called safe, nor is an order of it advised', () => {
  const rights = { kind: 'stops', said: 'permission denied for table t' } as const;
  const found = conclude({ ...of(well, well, well, well), rights });
  expect([found.class, found.order]).toEqual(['breaks', null]);
  expect(found.breaks.map(({ how, words }) => [how, words])).toEqual([
    ['stops', 'once the clone has it, the stream stops: permission denied for table t'],
  ]);
});

test('what stops the stream without it too is not held against it, nor is anything else said of it', () => {
  const found = conclude({ ...of(stopped, stopped, stopped, null), stoppedBefore: 'permission denied' });
  expect([found.class, found.order, found.breaks]).toEqual(['not-judged', null, []]);
  expect(found.why).toContain('permission denied');
});

test('what rights stop is told once, and beside it what goes wrong for another reason', () => {
  const rights = { kind: 'stops', said: 'a column is missing' } as const;
  const found = conclude({ ...of(other, other, stopped, stopped), rights });
  expect(found.breaks.map(({ how }) => how)).toEqual(['stops', 'other-values', 'other-values']);
});

test('what such a worker was not tried with is not judged, and what it has to be given first is told', () => {
  const outcomes = [well, stopped, lost, other, refused];
  const said = 'cannot SET ROLE';
  for (const a of outcomes)
    for (const b of outcomes) {
      const trials = of(a, b, a, b);
      const plain = conclude(trials);
      const unseen = conclude({ ...trials, rights: { kind: 'unseen', said } });
      expect(unseen.class).toBe(plain.order === null ? 'breaks' : 'not-judged');
      const roles = [{ role: 'app', made: false }];
      const grants = conclude({ ...trials, rights: { kind: 'grants', said, roles } });
      expect([grants.class, grants.order]).toEqual([plain.order === null ? 'breaks' : 'needs-order', plain.order]);
      expect(grants.grants).toEqual(plain.order === null ? [] : roles);
    }
});

test('nothing is called safe of which any trial has shown a harm', () => {
  const outcomes = [well, stopped, lost, other, refused, failed];
  for (const a of outcomes)
    for (const b of outcomes)
      for (const c of outcomes)
        for (const d of outcomes) {
          const verdict = conclude(of(a, b, c, d));
          if (verdict.class === 'safe') expect([a, b, c, d]).toEqual([well, well, well, well]);
          if (verdict.order === 'clone-source') expect([c, d]).toEqual([well, well]);
          if (verdict.order === 'source-clone') expect([a, b]).toEqual([well, well]);
          if (verdict.order === 'source-stops-clone') expect(b).toEqual(well);
          if (a.refused.length > 0 && verdict.order !== null) expect(verdict.order).toBe('clone-source');
        }
});

test('how it breaks is told, and in which order', () => {
  expect(conclude(of(stopped, well, lost, lost)).breaks).toEqual([
    { how: 'stops', when: 'source-first', words: 'the stream stops: a column is missing' },
    { how: 'loses-rows', when: 'clone-first', words: 'public.t: the clone lacks rows' },
  ]);
  expect(conclude(of(refused, refused, well, refused)).breaks[0]).toMatchObject({ how: 'refuses-writes', when: 'any' });
});
