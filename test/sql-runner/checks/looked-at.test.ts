import { whatWasLookedAt } from '../../../sql-runner/checks/looked-at';
import type { StreamsSeen } from '../../../sql-runner/model/survey';
import { sourceContract } from '../support/contract';
import { edit, following, type Draft } from '../support/observations';
import { streamsAtWork } from '../support/surveyed-streams';

/** What a sentence like "2 of 2 streams follow" is said of. */
const contract = sourceContract(['shop', 'ledger']);
type World = ReturnType<typeof following> & { streams: StreamsSeen };
function seen(change: (world: Draft<World>) => unknown = () => undefined) {
  const world = edit<World>({ ...following(contract), streams: streamsAtWork(contract) }, (draft) => {
    const { looks } = draft.streams;
    for (const look of Object.values(looks)) look.last = { ...look.last, reader: { ...look.last.reader! } };
    change(draft);
  });
  return whatWasLookedAt(contract, world, world.streams);
}
const tables = following(contract).source.databases.shop!.publications[0]!.tables.length;
const ALL = { streams: 2, following: 2, lost: 0, tables: 2 * tables, lagBytes: 0, unlooked: [] };

test('all streams, and the tables of all, are spoken of', () => {
  expect(tables).toBeGreaterThan(0);
  expect(seen()).toEqual(ALL);
  expect(whatWasLookedAt(contract, following(contract), null)).toBeNull();
});

test('a stream that does not follow is not counted as one that does', () => {
  const catchingUp = seen(({ streams }) => {
    const { first, last } = streams.looks.acas_demo_shop!;
    Object.assign(first, { flushLsn: '0/30000100' });
    Object.assign(last, { flushLsn: '0/30000200' });
    Object.assign(last.reader!, { confirmedLsn: '0/30000080' });
  });
  expect(catchingUp).toEqual({ ...ALL, lagBytes: 0x180 });
  const disabled = seen(({ streams }) => {
    const { last } = streams.looks.acas_demo_shop!;
    last.worker = { ...last.worker!, enabled: false };
  });
  expect(disabled).toEqual({ ...ALL, following: 1 });
});

test('a slot that is lost or gone is counted', () => {
  expect(seen(({ source }) => (source.slots[0]!.walStatus = 'lost'))).toEqual({ ...ALL, lost: 1 });
  expect(seen(({ source }) => void source.slots.pop())).toEqual({ ...ALL, lost: 1 });
  const ofOthers = seen(({ source }) =>
    source.slots.unshift({ ...source.slots[0]!, name: 'other', walStatus: 'lost' }),
  );
  expect(ofOthers).toEqual(ALL);
});

test('a lag is told only where that of every stream is known', () => {
  expect(seen(({ streams }) => void delete streams.looks.acas_demo_ledger)).toEqual({
    ...ALL,
    following: 1,
    lagBytes: null,
  });
  const unread = seen(({ streams }) => (streams.looks.acas_demo_shop!.last.reader = null));
  expect(unread).toMatchObject({ lagBytes: null });
});

test('tables are counted of our publications, as far as they are there', () => {
  const more = seen(({ source }) => {
    source.databases.shop!.publications.unshift({
      ...source.databases.shop!.publications[0]!,
      name: 'other',
      tables: [],
    });
  });
  expect(more).toEqual(ALL);
  expect(seen(({ source }) => (source.databases.shop!.publications = []))).toEqual({ ...ALL, tables });
  expect(seen(({ source }) => void delete source.databases.shop)).toEqual({ ...ALL, tables });
});
