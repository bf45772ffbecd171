import { slotsDropped, type Change } from '../../../sql-runner/engine/change';

test('the slots that changes drop are not those that they make', () => {
  const place = { side: 'source', database: 'shop' } as const;
  const changing = (operation: Change['operation']): Change => ({
    id: 'x',
    action: 'create',
    side: 'source',
    reason: 'r',
    preview: [],
    operation,
  });
  const made = changing({ kind: 'create-slot', place, slot: 'made' });
  const dropped = changing({ kind: 'drop-slot', place, slot: 'dropped' });
  expect(slotsDropped([made, dropped])).toEqual(['dropped']);
});
