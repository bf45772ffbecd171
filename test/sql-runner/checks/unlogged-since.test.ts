import { surveyedTable } from '../support/surveys';
import { after, definition, sent, type Edit } from './provocations';

/** Which tables writing no WAL is told of, where only some of those that are sent do so. */
const toldOf = (change: Edit) => after(change).map(({ code, seen }) => [code, /: (.*) of database/.exec(seen)![1]]);
const [first, second] = [sent, { ...sent, name: 'orders_8' }];

/** Both are sent, and both are on the clone, where the first is unlogged. */
const unloggedOnClone =
  (publication: string): Edit =>
  ({ source, target }) => {
    const { definitions, tables, taken } = target.databases.shop!;
    const facts = { schema: sent.schema };
    source.databases.shop!.sent.push({ ...first, publication }, second);
    tables.push(surveyedTable(first.name, { ...facts, persistence: 'unlogged' }));
    tables.push(surveyedTable(second.name, facts));
    definitions.push({ ...definition, name: second.name });
    taken.push({ ...second, subscription: 'acas_demo_shop', table: 700, state: 'r' });
  };

test('of the tables that are sent, those that are unlogged on the clone are named', () => {
  expect(toldOf(unloggedOnClone(sent.publication))).toEqual([['TABLE_UNLOGGED_ON_CLONE', 'parts.orders_9']]);
});

test("what only somebody else's publication sends may be unlogged there", () => {
  expect(toldOf(unloggedOnClone('theirs'))).toEqual([]);
});
