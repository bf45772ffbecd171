import { streamOf } from '../../../sql-runner/model/streams';
import { checkHeartbeatSent } from '../../../sql-runner/checks/heartbeat-sent';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { sourceContract, stream } from '../support/contract';
import { type Draft, edit, following, publication, slot, untouched } from '../support/observations';
import { codes, outline } from '../support/plans';
import type { Observation } from '../../../sql-runner/model/observation';

/** What others replicate goes on while our heartbeat is made beside it. */
const contract = sourceContract(['shop']);
const of = streamOf('shop', stream('shop'));
const all = (draft: Draft<Observation>) => {
  draft.source.databases.shop!.publications.push(publication('reporting', null, { allTables: true, comment: null }));
  draft.source.slots.push(slot('reporting', 'shop'));
};
const shared = edit(untouched(contract), all);
const told = ({ source }: Observation) => checkHeartbeatSent(contract, source, [of]);

describe('HEARTBEAT_SENT_TO_OTHERS', () => {
  test('stands in the way of a first apply, until it is accepted', () => {
    const plan = planApply(contract, shared);
    expect([codes(plan, 'block'), plan.changes]).toEqual([['HEARTBEAT_SENT_TO_OTHERS'], []]);
    expect(told(shared)[0]!.seen).toContain('slot reporting there may send by it: also acas_demo_shop.acas_heartbeat');
    const accepting = { ...contract, acknowledge: ['HEARTBEAT_SENT_TO_OTHERS'] };
    expect(outline(planApply(accepting, shared))).toContain('+ source/shop/heartbeat/acas_demo_shop');
  });

  test('lets what was begun be mended, and stops what would make the heartbeat or write to it', () => {
    expect([...told(shared)[0]!.stops!].sort()).toEqual(['connect', 'publish', 'slot', 'ticket']);
  });

  test('names all that may send it, and of each the table that has to be there', () => {
    const more = edit(shared, ({ source }) => {
      const { publications } = source.databases.shop!;
      publications.push({ ...publications[0]!, name: 'feed' }, publication(of.stream.publication, null));
      source.slots.push(slot('feed', 'shop'));
    });
    expect(told(more)).toHaveLength(1);
    expect(told(more)[0]!.seen).toMatch(/^publication reporting, feed in .* and slot reporting, feed there may send/);
  });

  test('stops no repair once the heartbeat is there, but the next beat', () => {
    const [finding, ...others] = told(edit(following(contract), all));
    expect([finding, others]).toMatchObject([{ severity: 'block', stops: [] }, []]);
    expect(finding).not.toHaveProperty('standing');
    expect(finding!.seen).toContain('which apply has made, and would write to');
  });

  test.each<[string, (draft: Draft<Observation>) => void]>([
    ['the database is not there', ({ source }) => void delete source.databases.shop],
    [
      'the publication is ours, and somebody has made it one of all tables',
      ({ source }) =>
        (source.databases.shop!.publications = [publication(of.stream.publication, null, { allTables: true })]),
    ],
    ['nobody reads by it', ({ source }) => (source.slots = [])],
    ['its slot is of another database', ({ source }) => Object.assign(source.slots[0]!, { database: 'ledger' })],
    ['its slot is of another plugin', ({ source }) => Object.assign(source.slots[0]!, { plugin: 'test_decoding' })],
    ['its slot is temporary', ({ source }) => Object.assign(source.slots[0]!, { temporary: true })],
    ['the slot is ours', ({ source }) => Object.assign(source.slots[0]!, { name: of.stream.slot })],
    [
      'the slot is of a stream that was forgotten',
      ({ source }) => source.forgotten.push(streamOf('shop', { ...of.stream, slot: 'reporting' })),
    ],
    ['a table is copied with the slot', ({ source }) => Object.assign(source.slots[0]!, { name: 'pg_1_sync_2_3' })],
    [
      'it lists its tables',
      ({ source }) => Object.assign(source.databases.shop!.publications[0]!, { allTables: false }),
    ],
  ])('is nothing to say where %s', (_, change) => {
    expect(told(shared)).toHaveLength(1);
    expect(told(edit(shared, change))).toStrictEqual([]);
  });
});
