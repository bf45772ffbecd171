import { takenBeside } from '../../../sql-runner/resources/subscribed-twice';

const taking = (subscription: string, table: number, name = `t${table}`) => ({
  subscription,
  table,
  schema: 'public',
  name,
  state: 'r',
});

test('what another subscription takes of the tables of ours is told by subscription, and nothing else is', () => {
  const taken = [taking('ours', 1), taking('ours', 2), taking('a', 1), taking('a', 2), taking('b', 2), taking('b', 3)];
  const ours = new Set(['ours', 'more']);
  expect(takenBeside(taken, 'ours', ours)).toEqual([
    {
      subscription: 'a',
      tables: [
        { schema: 'public', name: 't1' },
        { schema: 'public', name: 't2' },
      ],
    },
    { subscription: 'b', tables: [{ schema: 'public', name: 't2' }] },
  ]);
  expect(takenBeside([taking('ours', 1), taking('a', 3)], 'ours', ours)).toEqual([]);
  expect(takenBeside([taking('a', 1)], 'ours', ours)).toEqual([]);
  expect(takenBeside([taking('ours', 1), taking('more', 1)], 'ours', ours)).toEqual([]);
});
