import { surveyedTable } from '../support/surveys';
import type { Fires } from './provocations';

/** Tables that a selection reaches, and no stream replicates. */
export const FIRES_NOT_SELECTED: readonly Fires[] = [
  [
    'FOREIGN_TABLES_NOT_REPLICATED',
    'info',
    ({ source }) => source.databases.shop!.tables.push(surveyedTable('elsewhere', { kind: 'foreign' })),
    'the clone has the definition',
  ],
  [
    'FOREIGN_TABLES_NOT_REPLICATED',
    'warn',
    ({ source }) => {
      const parents = [{ schema: 'public', name: 'orders' }];
      source.databases.shop!.tables[0]!.kind = 'root';
      source.databases.shop!.tables.push(surveyedTable('orders_old', { kind: 'foreign', partition: true, parents }));
    },
    'part of the next clone',
  ],
  [
    'EXTENSION_TABLES_NOT_REPLICATED',
    'warn',
    ({ source }) =>
      source.databases.shop!.tables.push(
        surveyedTable('ref_sys', { extension: { name: 'refsys', configured: true }, owner: 'rdsadmin' }),
      ),
    'what users add to public.ref_sys has to be added on the clone as well',
  ],
  [
    'EXTENSION_TABLES_NOT_REPLICATED',
    'info',
    ({ source }) =>
      source.databases.shop!.tables.push(surveyedTable('own', { extension: { name: 'x', configured: false } })),
    'only their extensions write to them',
  ],
];
