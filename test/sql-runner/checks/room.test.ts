import { checkSourceCapacity } from '../../../sql-runner/plan/gates/capacity';
import { limitsExceeded } from '../../../sql-runner/checks/limits-in-use';
import type { Change } from '../../../sql-runner/model/change';
import { sourceContract } from '../support/contract';
import { edit, prepared, type Draft } from '../support/observations';
import { findingsOf, healthy, healthySource, surveyedSlot, surveyedTable, type Surveyed } from '../support/surveys';
import { after, contract, oldPrepared, unconnected, type Edit } from './provocations';

/** What the source has room for, and what a copy of it, or a restart, would need. */
const of = (code: string, change: Edit) => after(change).filter((finding) => finding.code === code);

describe('locks of a publication', () => {
  const tables = (count: number) => Array.from({ length: count }, (_, n) => surveyedTable(`t${n}`));
  /** Nothing is published yet; ten sessions may have four locks each. */
  const toPublish =
    (counts: Readonly<Record<string, number>>, more: (world: Draft<Surveyed>) => unknown = () => undefined) =>
    () => {
      const world = edit(healthy(sourceContract(Object.keys(counts))), (draft) => {
        draft.source.slots = [];
        Object.assign(draft.source.server, { lockers: 10, maxLocksPerTransaction: 4 });
        for (const [name, count] of Object.entries(counts)) draft.source.databases[name]!.tables = tables(count);
        more(draft);
      });
      return findingsOf(world).filter(({ code }) => code === 'SOURCE_LOCKS_TOO_FEW');
    };
  const later =
    (set: string | undefined): Parameters<typeof toPublish>[1] =>
    ({ source, contract: { parameterGroup } }) => {
      source.cluster.parameterGroup = 'other';
      if (set !== undefined) parameterGroup.parameters.max_locks_per_transaction = set;
    };

  test.each([
    ['a quarter of all', { shop: 10 }, undefined, []],
    ['more than a quarter', { shop: 11 }, undefined, ['shop locks its 11 tables', 'to 5 or more']],
    ['more in the second of two', { shop: 2, ledger: 20 }, undefined, ['ledger locks its 20 tables', 'to 8 or more']],
    ['more in the first of two', { shop: 20, ledger: 2 }, undefined, ['shop locks its 20 tables', 'to 8 or more']],
    ['what the group to come has room for', { shop: 11 }, later('5'), []],
    ['more than the group to come has room for', { shop: 11 }, later('2'), ['have room for about 20 locks', 'to 5']],
    [
      'more, whatever the group says that is in effect',
      { shop: 11 },
      ({ contract: { parameterGroup } }) => (parameterGroup.parameters.max_locks_per_transaction = '5'),
      ['room for about 40 locks', 'to 5'],
    ],
    ['more, and the group to come says nothing', { shop: 11 }, later(undefined), ['room for about 40 locks', 'to 5']],
    [
      'more, and the group to come says nothing in numbers',
      { shop: 11 },
      later('{x}'),
      ['room for about 40 locks', 'to 5'],
    ],
  ])('it takes %s', (_, counts, more, words) => {
    const found = toPublish(counts, more)();
    expect(found).toHaveLength(words.length === 0 ? 0 : 1);
    for (const word of words) expect(`${found[0]!.seen} ${found[0]!.next}`).toContain(word);
  });

  test('a database that is not there has no tables to lock, and what has a slot is published', () => {
    expect(toPublish({ shop: 11, gone: 0 }, ({ source }) => void delete source.databases.gone)()).toHaveLength(1);
    expect(toPublish({ shop: 11 }, ({ source }) => source.slots.push(surveyedSlot('acas_demo_shop')))()).toEqual([]);
  });
});

describe('limits of the groups of the environment', () => {
  const limit = (change: Edit) =>
    of('LIMIT_BELOW_USE', change).map(({ severity, seen }) => `${severity} ${seen.split(';')[1]}`);
  const slots =
    (planned: string, more: Edit): Edit =>
    (world) => {
      world.contract.parameterGroup.parameters.max_replication_slots = planned;
      unconnected(world);
      more(world);
    };
  const USED = 'and has 2 slots or origins with ours';
  const other: Edit = ({ source }) => source.slots.push(surveyedSlot('other'));
  const origins = ['a', 'b'].map((name, index) => ({ id: index + 1, name }));
  test.each<[string, Edit, string[]]>([
    ['as many slots as there are', slots('2', other), []],
    ['fewer slots than there are', slots('1', other), [`block  the source allows 20, ${USED}`]],
    [
      'slots for all but a temporary one',
      slots('2', (world) => (other(world), world.source.slots.push(surveyedSlot('now', { temporary: true })))),
      [],
    ],
    [
      'fewer slots than there will be',
      slots('1', (world) => ((world.source.slots = []), other(world))),
      [`block  the source allows 20, ${USED}`],
    ],
    [
      'fewer slots than there are origins',
      slots('1', ({ source }) => (source.origins = origins)),
      [`block  the source allows 20, ${USED}`],
    ],
    [
      'fewer slots than origins, which have a limit of their own from 18 on',
      slots('1', ({ source }) =>
        Object.assign(source, { origins, server: { ...source.server, maxActiveReplicationOrigins: 5 } }),
      ),
      [],
    ],
    ['as many slots as the source allows', slots('20', () => undefined), []],
  ])('%s', (_, change, expected) => {
    expect(limit(change)).toEqual(expected.map((text) => expect.stringContaining(text) as string));
  });

  test('prepared transactions come and go: of them it is said before there are any, and blocked when there are too many', () => {
    const held =
      (count: number, set?: string): Edit =>
      (world) => {
        unconnected(world);
        world.source.server.maxPreparedTransactions = 5;
        if (set !== undefined) world.contract.parameterGroup.parameters.max_prepared_transactions = set;
        for (let n = 0; n < count; n += 1) world.source.prepared.push({ ...oldPrepared, ageSeconds: 1 });
      };
    const severities = (change: Edit) => of('LIMIT_BELOW_USE', change).map(({ severity }) => severity);
    expect(severities(held(0))).toEqual(['warn']);
    expect(severities(held(2, '2'))).toEqual(['warn']);
    expect(severities(held(3, '2'))).toEqual(['block']);
    expect(severities(held(3, '5'))).toEqual([]);
  });

  /** What a plan does to slots, and whether a clone is taken or production restarted after it. */
  const plan = (...kinds: Change['operation']['kind'][]) => kinds.map((kind) => ({ operation: { kind } }) as Change);
  const source = edit(healthySource(contract), (draft) => {
    draft.slots.push(surveyedSlot('other'));
    draft.server.maxPreparedTransactions = 5;
  });
  const exceeded = (planned: string, ...kinds: Parameters<typeof plan>) => {
    const parameters = { ...contract.parameterGroup.parameters, max_replication_slots: planned };
    const own = { ...contract, parameterGroup: { ...contract.parameterGroup, parameters } };
    return limitsExceeded(own, source, plan(...kinds)).map(({ code, severity }) => `${code} ${severity}`);
  };
  const BLOCK = ['LIMIT_BELOW_USE block'];
  test.each<[string, Parameters<typeof plan>, string[]]>([
    ['1', [], []],
    ['1', ['create-slot'], []],
    ['1', ['issue-ticket'], BLOCK],
    ['1', ['reboot-writer'], BLOCK],
    ['1', ['issue-ticket', 'reboot-writer'], BLOCK],
    ['2', ['issue-ticket'], []],
    ['2', ['create-slot', 'issue-ticket'], BLOCK],
    ['2', ['create-slot', 'drop-slot', 'issue-ticket'], []],
    ['1', ['drop-slot', 'issue-ticket'], []],
  ])('with room for %s slots, of which two are there, a plan of %j', (planned, kinds, expected) => {
    expect(exceeded(planned, ...kinds)).toEqual(expected);
  });
});

test('the advice names as many slots as are in use and needed', () => {
  const { source } = edit(prepared(contract), (draft) => (draft.source.server.maxReplicationSlots = 1));
  const [finding] = checkSourceCapacity(contract, source, 3);
  expect(finding).toMatchObject({ stops: ['slot', 'ticket'], next: expect.stringContaining('to 4 or more') });
});
