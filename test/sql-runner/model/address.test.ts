import { addressText } from '../../../sql-runner/model/address';
import { streamOf } from '../../../sql-runner/model/streams';
import { stream } from '../support/contract';

test.each([
  [{ side: 'source', database: 'shop', kind: 'slot', name: 's' }, 'source/shop/slot/s'],
  [{ side: 'source', kind: 'clone-ticket' }, 'source/clone-ticket'],
  [{ side: 'target', kind: 'inherited-slot', name: 'a/b' }, 'target/inherited-slot/a/b'],
  [{ side: 'target', database: 'shop', kind: 'renamed-heartbeat' }, 'target/shop/renamed-heartbeat'],
] as const)('%j is read as %s', (address, text) => {
  expect(addressText(address)).toBe(text);
});

test('a stream goes from production to the clone', () => {
  const { publisher, subscriber } = streamOf('shop', stream('shop'));
  expect([publisher, subscriber]).toEqual([
    { side: 'source', database: 'shop' },
    { side: 'target', database: 'shop' },
  ]);
});
