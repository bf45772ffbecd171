import { planApply } from '../../../sql-runner/plan/plan-apply';
import { problemsOfOurs } from '../../../sql-runner/actions/problems';
import type { Observation } from '../../../sql-runner/model/observation';
import { factsOf } from '../../../sql-runner/model/stream-state';
import { streamsOf } from '../../../sql-runner/model/streams';
import { continuityFinding, judgeContinuity } from '../../../sql-runner/resources/continuity';
import { replacedFindings, replacedOids } from '../../../sql-runner/resources/replaced-partitions';
import { becoming, known, PART_NOTE } from '../support/new-partitions';
import { COMPARED, contract, noted, OID } from '../support/new-tables';
import { type Draft, edit } from '../support/observations';
import { findingOf } from '../support/plans';
import { table } from '../support/tables';

/** What the clone came with under that name; it is `public.newer_old` on the source now. */
const FORMER = 80_002;

const replaced = (change: (draft: Draft<Observation>) => void = () => undefined): Observation =>
  edit(known(becoming()), (draft) => {
    const [shop, copy] = [draft.source.databases.shop!, draft.target!.databases.shop!];
    const rows = shop.publications[0]!.rows!.tables;
    copy.publications[0]!.rows!.tables[FORMER] = { ...rows[OID]!, stored: String(FORMER) };
    shop.tables.push(table('newer_old', { oid: FORMER }));
    change(draft);
  });

const found = (observation: Observation) => replacedFindings(contract, observation);

test('it is told with what goes with the DROP, by plan and status alike', () => {
  const [finding] = found(replaced());
  expect(finding).toMatchObject({
    code: 'NEW_TABLE_NOT_ADDED',
    seen: expect.stringContaining('is public.newer_old there now, and is not sent with its table any more'),
    next: 'sql-runner apply demo makes it there and copies its rows once the old one is gone, and with it the rows that the source has in public.newer_old now, in database shop on the clone: DROP TABLE "public"."newer";',
  });
  expect(findingOf(planApply(contract, replaced()), 'NEW_TABLE_NOT_ADDED')).toEqual(finding);
  const of = factsOf(contract, replaced(), streamsOf(contract)[0]!);
  const beside = { untaken: [], twice: [], rewriting: [], definitions: [] };
  const { severity: _, ...problem } = finding!;
  expect(problemsOfOurs(contract, replaced(), null, of, beside)[0]).toEqual(problem);
  expect(replacedOids(contract, replaced())).toEqual({ shop: [OID] });
});

test('one that was dropped is told as that', () => {
  const [finding] = found(replaced(({ source }) => void source.databases.shop!.tables.pop()));
  expect(finding!.seen).toContain('was dropped on the source, and another one made under its name');
  expect(finding!.next).toContain('once the old one is gone, in database shop');
});

test('of one that was made on the clone since, its note tells what it is on the source', () => {
  const later = replaced(({ source }) => void (source.databases.shop!.tables.at(-1)!.oid = 7));
  expect(found(later)[0]!.seen).toContain('was dropped');
  const marked = noted(later, [{ ...PART_NOTE, oid: 7, granted: undefined, compared: COMPARED }]);
  expect(found(marked)[0]!.seen).toContain('is public.newer_old there now');
});

test.each<[string, (draft: Draft<Observation>) => void]>([
  ['is published by itself', ({ source }) => (rowsOf(source)[OID]!.indirect = false)],
  ['stands beside the old one, which is sent still', ({ source }) => (rowsOf(source)[FORMER] = rowsOf(source)[OID]!)],
  ['has a name that the clone knows no partition by', ({ source }) => (rowsOf(source)[OID]!.name = 'public.other')],
])('one that %s is none', (_, change) => {
  expect(found(replaced(change))).toEqual([]);
});

const rowsOf = (source: Draft<Observation>['source']) => source.databases.shop!.publications[0]!.rows!.tables;

test('to compare rows before it is dropped is not what comes first', () => {
  const why = (observation: Observation) =>
    continuityFinding(
      contract,
      judgeContinuity(contract, observation, factsOf(contract, observation, streamsOf(contract)[0]!)),
    )!.why;
  const first = 'what NEW_TABLE_NOT_ADDED says of a partition comes first';
  expect(why(replaced())).toContain(first);
  const other = edit(becoming(), ({ source }) => void (source.databases.shop!.publications[0]!.rows!.self = '1 3'));
  expect(why(other)).not.toContain(first);
});
