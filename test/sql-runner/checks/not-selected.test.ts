import type { Selection } from '../../../contract/contract';
import { edit } from '../support/observations';
import { stream } from '../support/contract';
import { findingsOf, healthy, surveyedTable } from '../support/surveys';
import { contract } from './provocations';

type Table = ReturnType<typeof surveyedTable>;
const told = (tables: Table[], selection: Selection = { kind: 'all' }) => {
  const selecting = { ...contract, links: [{ database: 'shop', streams: [stream('shop', selection)] }] };
  const found = findingsOf(edit(healthy(selecting), ({ source }) => source.databases.shop!.tables.push(...tables)));
  return found.filter(({ code }) => code.endsWith('_NOT_REPLICATED'));
};

const within = (name: string, parent: string, more: Partial<Table> = {}) =>
  surveyedTable(name, { partition: true, parents: [{ schema: 'public', name: parent }], ...more });
const sales = [
  surveyedTable('sales', { kind: 'root' }),
  within('sales_2025', 'sales', { kind: 'root' }),
  within('sales_jan', 'sales_2025', { kind: 'foreign' }),
  within('sales_2026', 'sales'),
];

test('a foreign partition is told of with the partitioned table at the top, whose partitions are published one by one', () => {
  expect(told(sales)).toMatchObject([
    {
      severity: 'warn',
      seen: 'database shop has foreign tables: public.sales_jan',
      why: 'their rows are on another server, and no publication can send them; so the partitions of public.sales are published one by one, and one that is made later is not published by itself',
    },
  ]);
});

test('a foreign table by itself splits none, also where an extension made it', () => {
  const why = 'their rows are on another server, and no publication can send them';
  expect(told([surveyedTable('far', { kind: 'foreign' })])).toMatchObject([{ severity: 'info', why }]);
  const made = surveyedTable('made', { kind: 'foreign', extension: { name: 'x', configured: false } });
  expect(told([made])).toEqual([]);
});

const cron = { extension: { name: 'pg_cron', configured: true }, estimatedRows: 7 };
const ref = { extension: { name: 'ref', configured: false }, estimatedRows: 0 };

test('tables of extensions are described, those that users may write to as such', () => {
  expect(told([surveyedTable('job', cron), surveyedTable('codes', ref)])).toMatchObject([
    {
      severity: 'warn',
      seen: 'database shop has tables that belong to extensions and are left out: public.job (extension pg_cron, about 7 rows, users may add some), public.codes (extension ref, about 0 rows)',
    },
  ]);
});

test.each<[string, Table[], Selection]>([
  ['named', [surveyedTable('job', cron)], { kind: 'tables', tables: [{ schema: 'public', name: 'job' }] }],
  ['in a schema that is not selected', [surveyedTable('job', cron)], { kind: 'schemas', schemas: ['sales'] }],
  ['partitions of others', [within('part', 'orders', cron)], { kind: 'all' }],
])('nothing is said of tables of extensions that are %s', (_, tables, selection) => {
  expect(told(tables, selection)).toEqual([]);
});

test('EXCLUDE_MATCHES_NOTHING: what is excluded and not there is told, as a misspelt name leaves nothing out', () => {
  const excluding = (...exclude: string[]) => {
    const selecting = {
      ...contract,
      links: [{ database: 'shop', streams: [stream('shop', { kind: 'all', exclude })] }],
    };
    return findingsOf(healthy(selecting)).filter(({ code }) => code === 'EXCLUDE_MATCHES_NOTHING');
  };
  expect(excluding()).toEqual([]);
  expect(excluding('public.*')).toEqual([]);
  expect(excluding('public.*', 'public.ordres', 'audit.*')).toMatchObject([
    {
      severity: 'warn',
      seen: 'database shop has no table that public.ordres, audit.* in databases[].exclude would leave out',
    },
  ]);
});
