import fc from 'fast-check';
import type { Selection } from '../../../contract/contract';
import { ownMark } from '../../../sql-runner/model/mark';
import type { Observation } from '../../../sql-runner/model/observation';
import { factsOf } from '../../../sql-runner/model/stream-state';
import { streamsOf } from '../../../sql-runner/model/streams';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { verifyScope } from '../../../sql-runner/resources/verify-scope';
import { stream } from '../support/contract';
import { droppedOn, followed, left, OIDS, unpublished, untaken } from '../support/left-tables';
import { contract, FACTS, SUBSCRIPTION } from '../support/new-tables';
import { edit } from '../support/observations';
import { codes, findingOf, outline } from '../support/plans';
import { carryOut } from '../support/simulate';
import { LEFT_AT } from '../support/simulate-left';

const ALL: Selection = { kind: 'all' };
const WITHOUT: Selection = { kind: 'all', exclude: ['public.cust*'] };
const selecting = (selection: Selection) => ({
  ...contract,
  links: [{ database: 'shop', streams: [stream('shop', selection)] }],
});
const plan = (observation: Observation, selection: Selection = ALL) => planApply(selecting(selection), observation);
const NOTE = { oid: OIDS.customers, schema: 'public', name: 'customers', at: LEFT_AT };

const UNPUBLISH = '- source/shop/published-table/public.customers';
const DRAIN = '~ source/shop/sent-before/acas_demo_shop';
const LEAVE = '~ target/shop/left-tables/acas_demo_shop';

test('a stream whose tables are all selected has nothing to do', () => {
  expect([outline(plan(followed())), codes(plan(followed()), 'warn')]).toEqual([[], []]);
});

test('what is selected no more is taken out while nobody writes, applied to its end, and then not taken', () => {
  const made = plan(followed(), WITHOUT);
  expect(outline(made)).toEqual([UNPUBLISH, DRAIN, LEAVE]);
  expect(made.findings).toEqual([]);
  expect(made.changes[0]!.preview).toEqual([
    '-- noted in the mark of subscription acas_demo_shop',
    `SET LOCAL lock_timeout = '1s';`,
    'LOCK TABLE ONLY "public"."customers" IN SHARE ROW EXCLUSIVE MODE;',
    'ALTER PUBLICATION "acas_demo_shop" DROP TABLE ONLY "public"."customers";',
  ]);
  expect(made.changes[1]!.operation).toMatchObject({ kind: 'drain', onTheWay: true });
  expect(made.changes[2]!.operation).toMatchObject({
    kind: 'leave-tables',
    refreshes: true,
    dropped: [],
    forgotten: [],
  });
});

test.each<[string, Observation, string[]]>([
  ['noted', left(followed(), [NOTE]), [UNPUBLISH, DRAIN, LEAVE]],
  ['taken out', unpublished(left(followed(), [NOTE]), 'customers'), [DRAIN, LEAVE]],
  ['not taken any more', untaken(unpublished(left(followed(), [NOTE]), 'customers'), 'customers'), []],
])('a run that died after it was %s is carried on', (_, observation, expected) => {
  expect(outline(plan(observation, WITHOUT))).toEqual(expected);
  expect(plan(observation, WITHOUT).findings).toEqual([]);
});

test('selected again before it was taken out it goes on, and nothing is noted of it any more', () => {
  const made = plan(left(followed(), [NOTE]));
  expect(outline(made)).toEqual([LEAVE]);
  expect(made.changes[0]!.operation).toMatchObject({ refreshes: false, forgotten: [OIDS.customers] });
});

const facts = (observation: Observation): Observation =>
  edit(observation, ({ source }) =>
    Object.assign(source, {
      newTables: {
        [SUBSCRIPTION]: [
          {
            ...FACTS,
            ...{ oid: OIDS.customers, name: 'customers' },
            definition: { ...FACTS.definition!, oid: OIDS.customers, name: 'customers' },
            namesake: {
              kind: 'r',
              hasRows: false,
              definition: { ...FACTS.definition!, name: 'customers' },
              takenBy: SUBSCRIPTION,
            },
          },
        ],
      },
    }),
  );

test('selected again later it is no copy, whatever the counters of the clone say: its rows are of before', () => {
  const away = facts(untaken(unpublished(left(followed(), [NOTE]), 'customers'), 'customers'));
  expect([outline(plan(away)), codes(plan(away), 'warn')]).toEqual([[], ['TABLE_SELECTED_AGAIN']]);
  const found = findingOf(plan(away), 'TABLE_SELECTED_AGAIN');
  expect(found.seen).toContain(`not followed since ${LEFT_AT}`);
  expect(found.next).toMatch(/on the clone: TRUNCATE ONLY "public"."customers";$/);
  // A subscription that still takes it is made to forget it first: it would go on as if nothing had been missed.
  const taken = facts(unpublished(left(followed(), [NOTE]), 'customers'));
  expect([outline(plan(taken)), codes(plan(taken), 'warn')]).toEqual([[DRAIN, LEAVE], ['TABLE_SELECTED_AGAIN']]);
});

test('once its rows are removed it comes as a new table, and what is noted goes when it was compared', () => {
  const away = facts(untaken(unpublished(left(followed(), [NOTE], false), 'customers'), 'customers'));
  const made = plan(away);
  expect(made.findings).toEqual([]);
  expect(made.changes.map(({ operation }) => operation.kind)).toEqual([
    'make-table',
    'give-copy-rights',
    'sql',
    'copy-tables',
    'settle-tables',
  ]);
});

test('one that is referenced is emptied in another way, as no other table may lose rows by it', () => {
  const away = facts(untaken(unpublished(left(followed(), [NOTE]), 'customers'), 'customers'));
  const referenced = edit(away, ({ target }) => (target!.leftTables![SUBSCRIPTION]![0]!.referenced = true));
  expect(findingOf(plan(referenced), 'TABLE_SELECTED_AGAIN').next).toMatch(
    /SET session_replication_role = replica; DELETE FROM ONLY "public"."customers"; RESET session_replication_role;$/,
  );
});

test('nobody is told to remove the rows of one that could not be added all the same', () => {
  const away = facts(untaken(unpublished(left(followed(), [NOTE]), 'customers'), 'customers'));
  const hidden = edit(away, ({ source }) => (source.newTables![SUBSCRIPTION]![0]!.rights!.seesAll = false));
  expect(codes(plan(hidden), 'warn')).toEqual(['NEW_TABLE_NOT_ADDED']);
  expect(findingOf(plan(hidden), 'NEW_TABLE_NOT_ADDED').seen).toContain(`left at ${LEFT_AT} and is selected again`);
});

test('without a note what left is somebody’s doing, as before', () => {
  expect(codes(plan(unpublished(followed(), 'customers'), WITHOUT))).toContain('PUBLICATION_ALTERED');
});

test('what is dropped on the source is applied to its end, forgotten by the subscription, and noted', () => {
  const made = plan(droppedOn(followed(), 'customers'));
  expect(outline(made)).toEqual([DRAIN, LEAVE]);
  expect(made.changes[1]!.operation).toMatchObject({
    dropped: [{ oid: OIDS.customers, schema: 'public', name: 'customers' }],
    refreshes: true,
  });
  const gone = edit(droppedOn(left(followed(), [{ ...NOTE, dropped: true }]), 'customers'), ({ target }) => {
    Object.assign(target!, { leftTables: { [SUBSCRIPTION]: [] } });
  });
  // Nothing is left of it on either side.
  expect(plan(untaken(gone, 'customers')).changes[0]!.operation).toMatchObject({ forgotten: [OIDS.customers] });
});

test('another table that got its name ends the note, unless the clone’s copy of the publication names the old one', () => {
  const before = { ...NOTE, oid: 9, dropped: true as const };
  const made = plan(left(followed(), [before]));
  expect(made.changes.map(({ operation }) => operation)).toMatchObject([{ refreshes: false, forgotten: [9] }]);
  const listed = edit(left(followed(), [before]), ({ target }) => {
    target!.databases.shop!.publications[0]!.tables.push({ oid: 9, schema: 'public', name: 'customers' });
  });
  expect([outline(plan(listed)), plan(listed).findings]).toEqual([[], []]);
});

test.each<[string, (observation: Observation) => Observation, Selection]>([
  ['something is sent that the subscription does not know', (observation) => untaken(observation, 'orders'), WITHOUT],
  [
    'the stream is not proven',
    (observation) =>
      edit(observation, ({ target }) => (target!.databases.shop!.streams[SUBSCRIPTION]!.subscription!.enabled = false)),
    WITHOUT,
  ],
  [
    'the file names a table that the source does not have: it may have been renamed',
    (observation) => observation,
    {
      kind: 'tables',
      tables: [
        { schema: 'public', name: 'orders' },
        { schema: 'public', name: 'clients' },
      ],
    },
  ],
  [
    'it has another name on the clone',
    (observation) =>
      edit(observation, ({ target }) => (target!.databases.shop!.publications[0]!.tables[0]!.name = 'clients')),
    WITHOUT,
  ],
  [
    'the login may not lock it',
    (observation) => edit(observation, ({ source }) => (source.databases.shop!.tables[0]!.mayPublish = false)),
    WITHOUT,
  ],
])('nothing leaves where %s: that it goes on is told', (_, change, selection) => {
  const made = plan(change(followed()), selection);
  expect(made.changes.map(({ operation }) => operation.kind)).not.toContain('unpublish-table');
  expect(made.findings.map(({ code }) => code)).toContain('STILL_REPLICATED');
});

test('verify does not compare it, names it with the time, and has no doubt because of it', () => {
  const away = untaken(unpublished(left(followed(), [NOTE]), 'customers'), 'customers');
  const [of] = streamsOf(selecting(WITHOUT));
  const scope = verifyScope(selecting(WITHOUT), away, factsOf(selecting(WITHOUT), away, of!));
  expect(scope).toMatchObject({
    tables: [{ name: 'orders' }],
    notReplicated: [],
    newTables: [],
    noLongerFollowed: [{ name: 'customers', since: `no longer followed since ${LEFT_AT}` }],
    doubts: [],
  });
});

test('wherever runs die, the next ones end at the same place', () => {
  const end = (crashes: readonly number[]) => {
    let world = followed();
    for (const survives of [...crashes, Infinity]) {
      const made = plan(world, WITHOUT);
      expect(made.findings).toEqual([]);
      for (const change of made.changes.slice(0, survives)) world = carryOut(selecting(WITHOUT), world, change);
    }
    expect(outline(plan(world, WITHOUT))).toEqual([]);
    const { comment } = world.target!.databases.shop!.streams[SUBSCRIPTION]!.subscription!;
    return [ownMark(comment, 'subscription', 'demo')!.left, world.target!.databases.shop!.taken];
  };
  const undisturbed = end([]);
  expect(undisturbed[0]).toEqual([NOTE]);
  fc.assert(
    fc.property(fc.array(fc.nat(3), { maxLength: 5 }), (crashes) => expect(end(crashes)).toEqual(undisturbed)),
    { numRuns: 50 },
  );
});
