import { runChecks } from '../../../sql-runner/checks/preflight';
import type { Survey } from '../../../sql-runner/model/survey';
import { sourceContract } from '../support/contract';
import { edit } from '../support/observations';
import { findingsOf, healthy } from '../support/surveys';
import { after, unconnected, type Edit } from './provocations';

/** Amounts of money that one side writes and the other reads; that they do differ is shown in live-worker.test.ts. */
const amount = (name: string, column = 'total') => ({ schema: 'public', name, column });
const locales =
  (sent: string, read: string, name = 'lc_monetary'): Edit =>
  ({ source, target }) => {
    source.databases.shop!.senderSettings.push({ name, value: sent, from: 'server' });
    target.databases.shop!.applySettings.push({ name, value: read, from: 'server' });
  };
const of =
  (...columns: ReturnType<typeof amount>[]): Edit =>
  ({ source }) =>
    source.databases.shop!.moneyColumns.push(...columns);
const told = (...changes: Edit[]) =>
  after((world) => changes.forEach((change) => change(world))).filter(({ code }) => code === 'MONEY_FORMS_DIFFER');
const DIFFERENT = locales('en_US.UTF-8', 'de_DE.UTF-8');

test.each<[string, Edit[]]>([
  ['where no amount is replicated', [DIFFERENT]],
  ['where the amounts are of tables that are not replicated', [DIFFERENT, of(amount('elsewhere'))]],
  ['where both sides read in one locale', [locales('en_US.UTF-8', 'en_US.utf8'), of(amount('orders'))]],
  ['where another setting differs', [locales('C', 'POSIX', 'lc_time'), of(amount('orders'))]],
  [
    'where the setting of the source is not known',
    [DIFFERENT, of(amount('orders')), ({ source }) => (source.databases.shop!.senderSettings = [])],
  ],
  [
    'where the setting of the clone is not known',
    [DIFFERENT, of(amount('orders')), ({ target }) => (target.databases.shop!.applySettings = [])],
  ],
  [
    'where the database of the source was not read',
    [DIFFERENT, of(amount('orders')), ({ source }) => delete source.databases.shop],
  ],
  [
    'where only settings beside it differ',
    [locales('de_DE', 'POSIX', 'lc_time'), locales('C', 'C'), of(amount('orders'))],
  ],
])('nothing is said %s', (_, changes) => {
  expect(told(...changes)).toEqual([]);
});

test('nothing at all is found where amounts are not replicated', () => {
  expect(after((world) => [DIFFERENT, of(amount('elsewhere'))].forEach((change) => change(world)))).toEqual([]);
});

test('both sides are needed to tell, their definitions are not', () => {
  const { contract, ...survey } = edit(healthy(sourceContract(['shop'])), (world) =>
    [DIFFERENT, of(amount('orders'))].forEach((change) => change(world)),
  );
  const found = (more: Partial<Survey>) =>
    runChecks(contract, { ...survey, ...more }).find(({ check }) => check.code === 'MONEY_FORMS_DIFFER')!.findings;
  expect(found({ source: null })).toBeNull();
  expect(found({ shapes: undefined })).toHaveLength(1);
});

test.each([
  [[amount('orders')], 'of type money is public.orders.total'],
  [[amount('orders'), amount('elsewhere')], 'of type money is public.orders.total'],
  [[amount('log', 'Fee'), amount('orders')], 'of type money are public.log.Fee, public.orders.total'],
])('the columns are named: %j', (columns, seen) => {
  const [finding] = told(DIFFERENT, of(...columns));
  expect(finding!.seen).toBe(
    `lc_monetary of database shop is en_US.UTF-8 for what the source sends and de_DE.UTF-8 for the apply worker on the clone, and ${seen}`,
  );
});

test('rows that came already are to be compared; before the clone follows none have', () => {
  expect(told(DIFFERENT, of(amount('orders')))[0]!.next).toMatch(
    /^then compare all rows with sql-runner verify demo; in/,
  );
  expect(told(DIFFERENT, of(amount('orders')), unconnected)[0]!.next).toMatch(/^in database shop on the clone: /);
});

test('the workers of the database are started anew, and no others', () => {
  const contract = sourceContract(['shop', 'ledger']);
  const world = edit(healthy(contract), (draft) =>
    [DIFFERENT, of(amount('orders'))].forEach((change) => change(draft)),
  );
  const [finding] = findingsOf(world).filter(({ code }) => code === 'MONEY_FORMS_DIFFER');
  expect(finding!.next).toContain(`WHERE subname IN ('acas_demo_shop') AND pid`);
});
