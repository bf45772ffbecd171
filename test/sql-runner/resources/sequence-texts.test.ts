import { differencesOf, healing } from '../../../sql-runner/resources/sequence-differences';
import { pairSequences } from '../../../sql-runner/resources/sequence-pairs';
import { renamedSequences, renamingStatements } from '../../../sql-runner/resources/sequence-renames';
import { at, ofColumn, sequence } from '../support/sequences';

test('sequences are paired by name; what is on one side, unlogged or of an extension is told apart', () => {
  const found = pairSequences({
    source: [sequence('both'), sequence('there'), sequence('quick', { leftOut: 'unlogged' })],
    clone: [sequence('both'), sequence('here'), sequence('quick'), sequence('jobs', { leftOut: 'extension' })],
  });
  expect({
    pairs: found.pairs.map(({ source }) => source.name),
    onlySource: found.onlySource.map(({ name }) => name),
    onlyClone: found.onlyClone.map(({ name }) => name),
    leftOut: found.leftOut.map(({ name, leftOut }) => `${name} ${leftOut}`),
  }).toEqual({
    pairs: ['both'],
    onlySource: ['there'],
    onlyClone: ['here'],
    leftOut: ['quick unlogged', 'jobs extension'],
  });
});

test('what differs is said in words, and healed by one statement', () => {
  const pair = {
    source: sequence('s', { ...at(40), increment: '5', max: '100', cycle: true, type: 'integer' }),
    clone: sequence('s', { ...at(7), cache: '20' }),
  };
  expect(differencesOf(pair)).toEqual([
    'type bigint, not integer',
    'increment 1, not 5',
    'max 9223372036854775807, not 100',
    'cache 20, not 1',
    'it ends at its end',
  ]);
  expect(healing(pair)).toEqual([
    'ALTER SEQUENCE "public"."s" AS integer INCREMENT BY 5 MINVALUE 1 MAXVALUE 100 START WITH 1 CACHE 1 CYCLE;',
  ]);
});

test('where its position would be refused afterwards it begins where the source stands', () => {
  const pair = { source: sequence('s', { ...at(40), max: '100' }), clone: sequence('s', at(500)) };
  expect(healing(pair)[0]).toMatch(/ NO CYCLE RESTART WITH 40;$/);
});

test('what belongs to another column is given it, unless one of them is an identity', () => {
  const clone = sequence('s');
  expect(healing({ source: sequence('s', ofColumn('a')), clone })).toEqual([
    'ALTER SEQUENCE "public"."s" OWNED BY "public"."a"."id";',
  ]);
  expect(healing({ source: clone, clone: sequence('s', ofColumn('a')) })).toEqual([
    'ALTER SEQUENCE "public"."s" OWNED BY NONE;',
  ]);
  const identity = { source: sequence('s', ofColumn('a', '1.1', true)), clone };
  expect([differencesOf(identity), healing(identity)]).toEqual([['of no column, not of public.a.id'], []]);
});

test('sequences of columns are known under other names, also where two have exchanged theirs', () => {
  const [a, b] = [sequence('a', ofColumn('t', '1.1')), sequence('b', ofColumn('u', '2.1'))];
  const one = renamedSequences({ source: [sequence('z', ofColumn('t', '1.1')), b], clone: [a, b] });
  expect(renamingStatements(one)).toEqual(['ALTER SEQUENCE "public"."a" RENAME TO "z";']);
  const exchanged = renamedSequences({
    source: [sequence('b', ofColumn('t', '1.1')), sequence('a', ofColumn('u', '2.1'))],
    clone: [a, b],
  });
  expect(renamingStatements(exchanged)).toEqual([
    'ALTER SEQUENCE "public"."a" RENAME TO "sql_runner_renames_1";',
    'ALTER SEQUENCE "public"."b" RENAME TO "sql_runner_renames_2";',
    'ALTER SEQUENCE "public"."sql_runner_renames_1" RENAME TO "b";',
    'ALTER SEQUENCE "public"."sql_runner_renames_2" RENAME TO "a";',
  ]);
  // The name is taken by one of no column: which is to stand where nobody can tell.
  expect(renamedSequences({ source: [sequence('b', ofColumn('t', '1.1'))], clone: [a, sequence('b')] })).toEqual([]);
});
