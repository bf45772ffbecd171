import { shellWord } from '../../errors/shell-word';
import type { TableName } from './observation';
import { displayTable } from './table-selection';

/** So many tables a command that is printed can bear. */
const READABLE = 10;

/** The command that copies tables anew, `sql-runner resync dev public.orders`; of many the first of them. */
export const copyAnew = (environment: string, tables: readonly TableName[], database: string): string =>
  `sql-runner resync ${environment} ${tables
    .slice(0, READABLE)
    .map((table) => shellWord(displayTable(table)))
    .join(' ')} --database ${shellWord(database)}`;
