import { streamOf } from '../../../sql-runner/model/streams';
import type { Observation } from '../../../sql-runner/model/observation';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { planTeardown } from '../../../sql-runner/plan/plan-teardown';
import { sourceContract, stream } from '../support/contract';
import { edit, prepared, slot, untouched } from '../support/observations';
import { findingOf, outline } from '../support/plans';

/** Databases and publications of the source that have another name by now, or that of another one. */
const contract = sourceContract();

describe('a slot of ours whose database was renamed, and its name taken', () => {
  const renamed = (now: Observation) =>
    edit(now, ({ source }) => {
      source.slots = [slot('acas_demo_shop', 'shop_old')];
      source.forgotten.push(streamOf('shop_old', stream('shop')));
    });

  // A copy of it has the publication, with the mark that names the slot.
  test.each([
    ['by one that is new', untouched(contract)],
    ['by a copy of it', prepared(contract)],
  ])('%s: nothing is printed that drops it', (_, now) => {
    const { findings } = planApply(contract, renamed(now));
    expect(findings.map(({ code }) => code)).toEqual(['SLOT_NAME_TAKEN', 'STREAM_FORGOTTEN']);
    expect(findings[0]!.seen).toMatch(
      / and is ours, of database shop_old: that was renamed, and another .* named shop by/,
    );
    expect(findings[0]!.next).toBe('what STREAM_FORGOTTEN says of database shop_old');
    expect(findings[1]!.next).toMatch(/^give database shop_old its name again, .* by a teardown$/);
  });

  test('and so it is in a database that has other streams besides', () => {
    const more = structuredClone(contract);
    more.links[0]!.streams.push(stream('more', { kind: 'tables', tables: [{ schema: 'public', name: 'orders' }] }));
    const { findings } = planApply(more, renamed(untouched(more)));
    expect(findings.find(({ code }) => code === 'STREAM_FORGOTTEN')!.next).toMatch(/^give database shop_old its name/);
  });

  test.each([
    ['another slot of its database', 'shop_old', 'acas_demo_ledger'],
    ['a slot of its name in another database', 'shop_older', 'acas_demo_shop'],
  ])('it is not where we have forgotten %s', (_, database, forgotten) => {
    const now = edit(untouched(contract), ({ source }) => {
      source.slots = [slot('acas_demo_shop', 'shop_old')];
      source.forgotten.push(streamOf(database, { ...stream('shop'), slot: forgotten }));
    });
    expect(findingOf(planApply(contract, now), 'SLOT_NAME_TAKEN').seen).toMatch(
      /is of database shop_old, and no publication that was read names it$/,
    );
  });

  test('a teardown drops it once, where it is', () => {
    const both = { ...contract, links: [...contract.links, { database: 'shop_old', streams: [stream('shop')] }] };
    const now = edit(renamed(prepared(contract)), ({ source }) => {
      source.databases.shop_old = structuredClone(source.databases.shop!);
      source.forgotten = [];
    });
    expect(outline(planTeardown(both, now)).filter((line) => line.includes('/slot/'))).toEqual([
      '- source/shop_old/slot/acas_demo_shop',
    ]);
  });
});

test('a database that was made from one of ours has no slot: that of ours is judged as if it were not there', () => {
  const copied = edit(prepared(contract), ({ source }) => source.forgotten.push(streamOf('shop_copy', stream('shop'))));
  expect(planApply(contract, copied).changes).toEqual(planApply(contract, prepared(contract)).changes);
  const [finding] = planApply(contract, copied).findings.filter(({ code }) => code === 'STREAM_FORGOTTEN');
  expect(finding).toMatchObject({
    seen: 'publication acas_demo_shop in database shop_copy is ours, and the environment does not name it any more',
    next: expect.stringContaining('in database shop_copy on the source: DROP PUBLICATION "acas_demo_shop";'),
  });
});

test('a publication of ours under another name: it is given its own again', () => {
  const renamed = edit(prepared(contract), ({ source }) => {
    const [publication] = source.databases.shop!.publications;
    publication!.name = 'moved';
    source.forgotten.push(streamOf('shop', { ...stream('shop'), publication: 'moved' }));
  });
  expect(findingOf(planApply(contract, renamed), 'SLOT_NAME_TAKEN').next).toBe(
    'in database shop on the source: ALTER PUBLICATION "moved" RENAME TO "acas_demo_shop";',
  );
});
