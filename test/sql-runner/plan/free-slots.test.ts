import type { Side } from '../../../contract/contract';
import { sqlChange, type Change } from '../../../sql-runner/model/change';
import { freeSlots } from '../../../sql-runner/plan/free-slots';

const dropping = (side: Side, database: string, kind: string, name: string): Change => {
  const place = { side, database };
  const address = { ...place, kind, name };
  return sqlChange({ address, action: 'delete', reason: 'r', place, guards: [], statements: [] });
};
const subscription = (database: string) => dropping('target', database, 'subscription', 's');
const slot = (database: string): Change => ({
  ...dropping('source', database, 'slot', 's'),
  operation: { kind: 'drop-slot', place: { side: 'source', database }, slot: 's' },
});
const ticket: Change = {
  ...dropping('source', 'shop', 'ticket', 't'),
  operation: { kind: 'delete-ticket', parameter: 'p' },
};
const publication = dropping('source', 'ledger', 'publication', 'p');

/** What is still carried out of the teardown's rest, where some of it fails as well. */
async function freed(failed: Change, rest: readonly Change[], failing: readonly string[] = []): Promise<string[]> {
  const done: string[] = [];
  await freeSlots(failed, rest, async ({ id }) => {
    if (failing.includes(id)) throw new Error(id);
    done.push(id);
  });
  return done;
}

describe('after a step of a teardown that failed', () => {
  const rest = [subscription('ledger'), ticket, slot('shop'), slot('ledger'), publication];

  test('the slots of other databases are dropped, after their subscriptions, and nothing else is', async () => {
    expect(await freed(subscription('shop'), rest)).toEqual(['target/ledger/subscription/s', 'source/ledger/slot/s']);
  });

  test('a slot whose subscription cannot be dropped either is left, and those of others are not', async () => {
    const more = [subscription('ledger'), subscription('stock'), slot('ledger'), slot('stock')];
    expect(await freed(subscription('shop'), more, ['target/ledger/subscription/s'])).toEqual([
      'target/stock/subscription/s',
      'source/stock/slot/s',
    ]);
  });

  test('every slot is dropped where the step is of no database', async () => {
    expect(await freed(ticket, [slot('shop'), slot('ledger')])).toEqual(['source/shop/slot/s', 'source/ledger/slot/s']);
  });

  test('what only has a name like that of a subscription is left alone', async () => {
    const others = [
      dropping('target', 'ledger', 'subscription-options', 's'),
      dropping('target', 'ledger', 'inherited-trigger', 'target/ledger/subscription/s'),
      dropping('source', 'ledger', 'subscription', 's'),
    ];
    expect(await freed(ticket, others)).toEqual([]);
  });

  test('a database may have any name', async () => {
    expect(await freed(ticket, [subscription('a/b')])).toEqual(['target/a/b/subscription/s']);
  });
});
