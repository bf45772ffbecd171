import { positionBytes, slotFigures } from '../../../sql-runner/actions/slot-figures';
import { sourceContract } from '../support/contract';
import { following } from '../support/observations';

const { source } = following(sourceContract());
const slot = { ...source.slots[0]!, restartLsn: '0/1000000', active: true, walStatus: 'extended', safeWalSize: 77 };
const server = { ...source.server, flushLsn: '0/1000100' };

test('a slot that is read keeps WAL from where it would begin again', () => {
  expect(slotFigures({ ...source, server }, slot)).toEqual({
    walStatus: 'extended',
    slotRead: true,
    retainedBytes: 0x100,
    safeWalBytes: 77,
  });
});

test('of what is not there nothing is told', () => {
  const unread = { ...slot, active: false, restartLsn: null, safeWalSize: null };
  const none = { slotRead: false, retainedBytes: null, safeWalBytes: null };
  expect(slotFigures({ ...source, server }, unread)).toEqual({ ...none, walStatus: 'extended' });
  expect(slotFigures({ ...source, server }, null)).toEqual({ ...none, walStatus: null, slotRead: null });
});

test('a position is the number of bytes before it', () => {
  expect([positionBytes('1/10'), positionBytes('0/0'), positionBytes(null)]).toEqual([2 ** 32 + 16, 0, null]);
});
