import { from } from '../../support/postgres-major';
import type { Change } from './change';
import { CHANGES_OF_OBJECTS } from './changes-of-objects';
import { CHANGES_OF_TABLES, TABLE } from './changes-of-tables';

/** Roles that some of them need. */
export const ROLES: readonly string[] = [
  'CREATE ROLE drift_reader',
  'CREATE ROLE drift_owner',
  'GRANT drift_owner TO CURRENT_USER',
  'GRANT CREATE ON SCHEMA public TO drift_owner',
];

/** Those that the major under test has. */
export const CHANGES: readonly Change[] = [...CHANGES_OF_TABLES, ...CHANGES_OF_OBJECTS].filter((one) =>
  from(one.from ?? 13),
);

export const nameOf = (one: Change): string => `d_${one.id.replaceAll('-', '_')}_t`;
export const named = (one: Change, statement: string): string =>
  statement
    .replace(/\$f\$/g, '\u0000')
    .replaceAll('$', () => nameOf(one))
    .replaceAll('\u0000', () => '$f$');
/** What makes its table, as before the clone is taken. */
export const setupOf = (one: Change): string[] =>
  [one.table ?? TABLE, ...(one.before ?? [])].flatMap((part) => named(one, part).split('; '));
