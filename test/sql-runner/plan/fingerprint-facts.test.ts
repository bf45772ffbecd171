import { fingerprint } from '../../../sql-runner/plan/fingerprint';
import type { Observation } from '../../../sql-runner/model/observation';
import type { PublicationRows } from '../../../sql-runner/postgres/catalog/publications';
import { sourceContract } from '../support/contract';
import { cloned, type Draft, edit, following, untouched } from '../support/observations';

const contract = sourceContract();
/** As the catalog of a real server has them. */
const ROWS = {
  self: '1 700',
  members: { 'public.orders': '2 3 700' },
  tables: { 3: { name: 'public.orders', joined: null, stored: '4', touched: '5', names: 'id', order: '1', given: [] } },
};
type Side = { databases: Record<string, { publications: { rows?: unknown }[] }> };
const rowsOf = ({ databases }: Side) => databases.shop!.publications[0]!.rows as Draft<PublicationRows>;
const rowsRead = edit(cloned(contract), ({ source, target }) => {
  for (const { databases } of [source, target!])
    Object.assign(databases.shop!.publications[0]!, { rows: edit(ROWS, () => undefined) });
});
const of = (change: (draft: Draft<Observation>) => unknown = () => undefined) =>
  fingerprint(
    contract,
    edit(rowsRead, (draft) => void change(draft)),
  );

test.each<[string, (draft: Draft<Observation>) => unknown]>([
  ['a setting of the source', ({ source }) => (source.server.maxReplicationSlots = 3)],
  ['a setting of the clone', ({ target }) => (target!.server.maxLogicalReplicationWorkers = 3)],
  ['what the clone inherited', ({ target }) => (target!.databases.shop!.publications[0]!.comment = null)],
  ['a database that is gone from the clone', ({ target }) => (target!.databases.shop!.exists = false)],
  [
    'a database under another name',
    ({ target }) => {
      target!.databases.other = target!.databases.shop!;
      delete target!.databases.shop;
    },
  ],
  ['a slot of the clone under another name', ({ target }) => (target!.slots[0]!.name = 'other')],
  ['a slot of the clone in another database', ({ target }) => (target!.slots[0]!.database = 'other')],
  ['a slot of somebody else on the source', ({ source }) => source.slots.push({ ...source.slots[0]!, name: 'dms' })],
  ['a ticket that is gone', (draft) => (draft.ticket = null)],
  ['a heartbeat that is not ours any more', ({ source }) => (source.databases.shop!.heartbeats![0]!.comment = null)],
  ['a publication that was written anew', ({ source }) => (rowsOf(source).self = '1 701')],
  ['a publication that a table left', ({ target }) => delete rowsOf(target!).members['public.orders']],
])('a saved plan does not outlive %s', (_, change) => {
  expect(of(change)).not.toBe(of());
});

test.each<[string, (draft: Draft<Observation>) => unknown]>([
  [
    'rows that were written to the clone',
    ({ target }) => target!.databases.shop!.writtenTables.push({ schema: 's', name: 't' }),
  ],
  [
    'a slot of the clone that is read',
    ({ target }) => Object.assign(target!.slots[0]!, { active: true, activePid: 3 }),
  ],
  [
    'the progress of an origin',
    ({ target }) => (target!.databases.shop!.streams.acas_demo_shop!.originProgress = '0/9'),
  ],
  [
    'a beat',
    ({ source }) =>
      source.databases.shop!.heartbeats![0]!.beats.push({
        id: 'b',
        previous: null,
        number: 1,
        at: 'now',
        passed: null,
      }),
  ],
  [
    'a table that got another file',
    ({ source, target }) => [source, target!].forEach((side) => (rowsOf(side).tables = {})),
  ],
  ['the moment at which the ticket was issued', ({ ticket }) => (ticket!.issuedAt = '2027-01-01T00:00:00.000Z')],
])('a saved plan outlives %s', (_, change) => {
  expect(of(change)).toBe(of());
});

test('the order in which facts were read does not matter', () => {
  const backwards = (draft: Draft<Observation>) => {
    const { databases } = draft.source;
    draft.source.databases = Object.fromEntries(Object.entries(databases).reverse());
    draft.source.server = Object.fromEntries(
      Object.entries(draft.source.server).reverse(),
    ) as typeof draft.source.server;
  };
  expect(of(backwards)).toBe(of());
  expect(fingerprint(contract, edit(untouched(contract), backwards))).toBe(fingerprint(contract, untouched(contract)));
});

test('a saved plan does not outlive an option of a subscription, nor the subscription', () => {
  const after = (change: (stream: NonNullable<ReturnType<typeof streamOf>>) => unknown) =>
    fingerprint(
      contract,
      edit(following(contract), (draft) => void change(streamOf(draft))),
    );
  const streamOf = (draft: Draft<Observation>) => draft.target!.databases.shop!.streams.acas_demo_shop!;
  const same = after(() => undefined);
  expect(after((stream) => (stream.options!.values.binary = 'true'))).not.toBe(same);
  expect(after((stream) => (stream.subscription = null))).not.toBe(same);
  expect(after((stream) => (stream.originProgress = '0/9'))).toBe(same);
});
