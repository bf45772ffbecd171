import type { Reading } from '../../../sql-runner/connections/reading';
import { databaseShapes, surveyShapes } from '../../../sql-runner/observe/survey-shapes';
import type { Session } from '../../../sql-runner/postgres/session';
import type { UserType } from '../../../sql-runner/postgres/catalog/user-types';
import type { TableDigest } from '../../../sql-runner/postgres/catalog/table-digests';
import { definition, sent } from '../checks/provocations';
import { sourceContract } from '../support/contract';
import { sqlError } from '../support/fake-world';
import { healthy } from '../support/surveys';
import { asking } from '../support/asking';

const contract = sourceContract(['shop']);
const table = (name: string, oid: number, digest: string): TableDigest => ({ ...definition, name, oid, digest });

/** Two tables that both sides define otherwise, and one of somebody else's publication; what of them is locked where. */
async function shapes(
  locked: { source?: number[]; target?: number[]; failing?: Error },
  half: number[] = [],
  types: UserType[] = [],
) {
  const { source, target } = healthy(contract);
  const asked: string[] = [];
  const ask = (side: 'source' | 'target') => {
    const query = async (sql: string, [oids]: readonly unknown[] = []): Promise<object[]> => {
      const of = (oids as number[]).join(' ');
      if (sql.includes('pg_locks')) return (locked[side] ?? []).map((oid) => ({ oid, pid: 7 }));
      if (sql.includes('AND i.indislive AS valid')) {
        asked.push(`indexes ${of}`);
        return [{ oid: 900, name: 'Half', valid: true }];
      }
      asked.push(`${side} ${of}`);
      if (locked.failing !== undefined && side === 'target') throw locked.failing;
      return [];
    };
    return asking({ query, serverVersionNum: 170_004 } as unknown as Session);
  };
  const production = {
    ...source.databases.shop!,
    types,
    sent: ['a', 'b', 'theirs'].map((name) => ({
      ...sent,
      name,
      publication: name === 'theirs' ? 'cdc' : sent.publication,
    })),
    definitions: [{ ...table('a', 1, 'here'), types: [11, 99] }, table('b', 2, 'here'), table('theirs', 3, 'here')],
  };
  const clone = {
    ...target.databases.shop!,
    definitions: [table('a', 1, 'there'), table('b', 2, 'there'), table('theirs', 3, 'there')],
    invalidIndexes: half.map((oid) => ({ oid })) as never[],
  };
  const found = await databaseShapes(
    contract,
    'shop',
    { production, clone },
    { source: ask('source'), target: ask('target') },
  );
  return {
    unread: found.unread.map(({ name, side, pid }) => `${name} ${side} ${pid}`),
    indexes: found.indexesThere,
    asked,
    types: found.usedTypes.map(({ oid }) => oid),
  };
}

test('tables of ours that are defined otherwise are read on both sides, and nobody else’s', async () => {
  expect(await shapes({})).toEqual({
    unread: [],
    indexes: [],
    types: [],
    asked: expect.arrayContaining(['source 1 2', 'target 1 2']),
  });
});

test('one that somebody has locked is left out, and named, on either side', async () => {
  const { unread, asked } = await shapes({ source: [1], target: [2] });
  expect(unread).toEqual(['a source 7', 'b clone 7']);
  expect(asked).toEqual(expect.arrayContaining(['source 2', 'target 1']));
});

test('where a lock came in between, none of that side is read; another error is one', async () => {
  expect((await shapes({ failing: sqlError('55P03') })).unread).toEqual(['a clone null', 'b clone null']);
  await expect(shapes({ failing: sqlError('57014') })).rejects.toMatchObject({ code: '57014' });
});

test('the source is asked for the indexes that the clone has half-built, where there are some', async () => {
  const { indexes, asked } = await shapes({}, [900, 901]);
  expect([indexes, asked.filter((line) => line.startsWith('indexes'))]).toEqual([
    [{ oid: 900, name: 'Half', valid: true }],
    ['indexes 900 901'],
  ]);
});

test('types are those that tables of ours are made of, however they are nested', async () => {
  const type = (oid: number, arrays: number[], uses: number[]) => ({ oid, arrays, uses }) as unknown as UserType;
  // A column has an array of the first, which has a field of the second, which refers to the first again.
  const { types } = await shapes({}, [], [type(1, [11], [2]), type(2, [], [1]), type(3, [33], [1])]);
  expect(types).toEqual([1, 2]);
});

test('nothing is compared of a database that one of both sides has not', async () => {
  const contracts = { source: contract, target: null };
  const { source, target } = healthy(contract);
  const surveyed = (read: Parameters<typeof surveyShapes>[1]) => surveyShapes({ contracts } as Reading, read);
  expect(await surveyed({ source: { ...source, databases: {} }, target })).toEqual({});
  expect(await surveyed({ source, target: { ...target, databases: {} } })).toEqual({});
  const nothing = { pairs: [], unread: [], usedTypes: [], typesOnClone: [], indexesThere: [] };
  expect(await surveyed({ source, target })).toEqual({ shop: nothing });
});
