import type { NewTableFacts } from '../../../sql-runner/model/new-tables';
import type { Observation } from '../../../sql-runner/model/observation';
import type { Plan } from '../../../sql-runner/model/plan';
import { streamFacts } from '../../../sql-runner/model/stream-state';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { planFor } from '../../../sql-runner/plan/plan-for';
import { verifyScope } from '../../../sql-runner/resources/verify-scope';
import { COMPARED, coming, contract, DEFINITION, NOTE, noted, published } from '../support/new-tables';
import { following, ticketed } from '../support/observations';
import { outline } from '../support/plans';

/** Of the clone: with rows, and taken by its subscription. */
const namesake = { kind: 'r', hasRows: true, definition: DEFINITION, takenBy: 'acas_demo_shop' };
const there = (facts: Partial<NewTableFacts> = {}): Observation =>
  noted(published(coming({ namesake, ...facts })), [{ ...NOTE, granted: undefined, compared: COMPARED }]);
const plan = (observation: Observation, names = ['public.newer'], database: string | null = null): Plan =>
  planFor('resync', contract, { ...observation, renewal: { names, database } });
const codes = ({ findings }: Plan) => findings.map(({ code, severity }) => `${code} ${severity}`);

const RENEW = '- target/shop/table-anew/public.newer';
const NOTED = '~ target/shop/table/public.newer';
const GRANT = '~ source/shop/copy-rights/public.newer';
const PUBLISH = '~ source/shop/published-table/public.newer';
const COPY = '~ target/shop/table-copies/acas_demo_shop';
const SETTLE = '- source/shop/copy-rights/acas_demo_shop';
const ALL = [RENEW, NOTED, GRANT, PUBLISH, COPY, SETTLE];

test('it is emptied before it is added as one that is new', () => {
  const planned = plan(there());
  expect([outline(planned), codes(planned)]).toEqual([ALL, []]);
  expect(planned.nextStep).toBeNull();
  expect(planned.tables).toEqual({ names: ['public.newer'], database: null });
});

test('apply leaves it alone, until somebody has begun with it', () => {
  expect(outline(planApply(contract, there()))).toEqual([]);
});

const begun = (again: 'leaving' | 'emptied', world: Observation) => noted(world, [{ ...NOTE, again }]);

test.each<[string, Observation, string[]]>([
  ['it is noted, and still sent', begun('leaving', published(coming({ namesake }))), ALL],
  ['it has left the publication', begun('leaving', coming({ namesake })), ALL],
  [
    'it is empty, whatever the counters say',
    begun('emptied', coming({ namesake: { ...namesake, takenBy: null } })),
    ALL.slice(1),
  ],
  ['it is sent again', begun('emptied', published(coming({ namesake }))), [GRANT, COPY, SETTLE]],
])('a run that died where %s is carried on by apply', (_, world, expected) => {
  const planned = planApply(contract, world);
  expect(outline(planned)).toEqual(expected);
  const [of] = streamFacts(contract, world);
  const { tables, notReplicated, newTables } = verifyScope(contract, world, of!);
  const isIt = ({ name }: { name: string }) => name === 'newer';
  expect([tables.some(isIt), notReplicated.filter(isIt).length, newTables.some(isIt)]).toEqual([false, 1, false]);
});

test.each<[string, Plan, string]>([
  ['nobody sends it', plan(there(), ['public.other']), 'TABLE_NOT_SENT block'],
  ['it is of another database', plan(there(), ['public.newer'], 'ledger'), 'TABLE_NOT_SENT block'],
  ['there is no clone', plan(ticketed(contract)), 'TABLE_NOT_SENT block'],
  ['nothing was named', plan(following(contract), ['']), 'TABLE_NOT_SENT block'],
  ['the copy would hide rows', plan(there({ rights: null })), 'TABLE_NOT_RENEWED block'],
  ['a reader is kept out', plan(there({ definition: null })), 'TABLE_NOT_RENEWED block'],
])('nothing is begun where %s', (_, planned, code) => {
  expect([planned.changes, codes(planned)]).toEqual([[], [code]]);
});
