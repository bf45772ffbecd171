import type { Mistake } from '../edited-environment';

/** Which tables of a database are replicated, and which are left out. */
export const SELECTION_MISTAKES: readonly Mistake[] = [
  [
    'a table without quotes in mixed case',
    'BAD_TABLE_NAME',
    '^public.Orders',
    /double quotes/,
    ['tables: all', 'tables: [public.Orders]'],
  ],
  ['a table without a schema', 'BAD_TABLE_NAME', '[^orders', /schema\.table/, ['tables: all', 'tables: [orders]']],
  [
    'one table in two spellings',
    'DUPLICATE_ENTRY',
    `^'public."orders"'`,
    /listed twice/,
    ['tables: all', `tables: [public.orders, 'public."orders"']`],
  ],
  [
    'a pattern of tables without a schema',
    'BAD_TABLE_NAME',
    '[^audit_*',
    /\* for any characters/,
    ['tables: all', 'tables: all\n    exclude: [audit_*]'],
  ],
  [
    'a table to be left out in mixed case',
    'BAD_TABLE_NAME',
    '[^public.Audit',
    /double quotes/,
    ['tables: all', 'tables: all\n    exclude: [public.Audit]'],
  ],
  [
    'a pattern in two spellings',
    'DUPLICATE_ENTRY',
    `^'public."orders"'`,
    /listed twice/,
    ['tables: all', `tables: all\n    exclude: [public.orders, 'public."orders"']`],
  ],
  [
    'a table that is selected and left out',
    'SELECTION_AMBIGUOUS',
    '[^public.or*',
    /leaves out public\.orders/,
    ['tables: all', 'tables: [public.orders]\n    exclude: [public.or*]'],
  ],
  [
    'a part of a table that is none',
    'MISSING_SETTING',
    'table: ^public.orders',
    /neither where nor columns/,
    ['tables: all', 'tables:\n      - table: public.orders'],
  ],
  [
    'a condition that would leave its parentheses',
    'BAD_ROW_FILTER',
    '^"true) OR (true"',
    /does not belong there/,
    ['tables: all', 'tables:\n      - { table: public.orders, where: "true) OR (true" }'],
  ],
  [
    'a column of a list twice',
    'DUPLICATE_ENTRY',
    'id, ^id',
    /listed twice/,
    ['tables: all', 'tables:\n      - { table: public.orders, columns: [id, id] }'],
  ],
  [
    'a table whole and in part',
    'DUPLICATE_ENTRY',
    '^{ table',
    /listed twice/,
    ['tables: all', 'tables:\n      - public.orders\n      - { table: public.orders, columns: [id] }'],
  ],
  [
    'tables and schemas together',
    'SELECTION_AMBIGUOUS',
    'schemas: ^[',
    /both tables and schemas/,
    ['    schemas: [', '    tables: all\n    schemas: ['],
  ],
];
