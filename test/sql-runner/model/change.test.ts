import { changeOf, joinProposals, propose, slotsDropped, type Change } from '../../../sql-runner/model/change';

const place = { side: 'source', database: 'shop' } as const;
const changing = (operation: Change['operation'], action: Change['action'] = 'create'): Change =>
  changeOf({ address: { side: 'source', kind: 'x' }, action, reason: 'r', preview: [], operation });

test('the slots that changes drop are not those that they make', () => {
  const made = changing({ kind: 'create-slot', place, slot: 'made' });
  const dropped = changing({ kind: 'drop-slot', place, slot: 'dropped' });
  expect(slotsDropped([made, dropped])).toEqual(['dropped']);
});

test('what is found to do twice is done once; what is dropped and made again is both', () => {
  const drop = changing({ kind: 'drop-slot', place, slot: 'one' }, 'delete');
  const make = changing({ kind: 'create-slot', place, slot: 'one' });
  expect(joinProposals([propose([drop]), propose([{ ...drop, reason: 'again' }, make])]).changes).toEqual([drop, make]);
});
