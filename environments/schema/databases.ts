import { z } from 'zod';
import { isName, RESERVED_DATABASES } from '../../contract/postgres-names';
import { parseTablePattern, tableMatcher } from '../../contract/table-pattern';
import { parseTableName } from '../table-name';
import { ddlMode } from './ddl';
import { type RuleText, textWith, uniqueList } from './refined';
import { tablePart } from './table-part';

const NAME_LIMIT = 'PostgreSQL cuts longer names off, and then they name something else.';

const databaseName = textWith(
  [
    {
      code: 'RESERVED_DATABASE',
      accepts: (value) => !RESERVED_DATABASES.includes(value),
      seen: (value) => `"${value}" is a database of PostgreSQL or RDS itself.`,
      why: 'It holds no data of yours and does not accept a publication.',
      next: 'Remove it from the list.',
    },
    {
      code: 'BAD_NAME',
      accepts: isName,
      seen: (value) => `"${value}" is not the name of a database.`,
      why: NAME_LIMIT,
      next: 'Give the name as the catalog holds it: 1 to 63 bytes.',
    },
  ],
  { description: 'Name of the database as the catalog holds it, without SQL quotes.' },
);

const schemaName = textWith(
  [
    {
      code: 'BAD_NAME',
      accepts: (value) => value !== 'information_schema' && !value.startsWith('pg_'),
      seen: (value) => `${JSON.stringify(value)} is a schema of PostgreSQL itself.`,
      why: 'It holds no data of yours, and no publication takes its tables.',
      next: 'Remove it from the list.',
    },
    {
      code: 'BAD_NAME',
      accepts: (value) => isName(value) && !value.includes('"'),
      seen: (value) => `${JSON.stringify(value)} is not the name of a schema.`,
      why: NAME_LIMIT,
      next: 'Give the name as the catalog holds it, without SQL quotes.',
    },
  ],
  { description: 'Name of a schema as the catalog holds it, without SQL quotes.' },
);

const tableName = textWith(
  [
    {
      code: 'BAD_TABLE_NAME',
      accepts: (value) => parseTableName(value) !== undefined,
      seen: (value) => `${JSON.stringify(value)} is not a table name of the form schema.table.`,
      why: 'A publication lists tables one by one, and a name that means another table leaves data behind.',
      next: `Write schema.table in lower case, and put other names into double quotes as in SQL: 'public."Mixed Name"'.`,
    },
  ],
  {
    description: 'Table as schema.table; names that are not plain lower case in double quotes.',
    examples: ['public.orders', 'public."Mixed Name"'],
  },
);

const excludedTable = textWith(
  [
    {
      code: 'BAD_TABLE_NAME',
      accepts: (value) => parseTablePattern(value) !== undefined,
      seen: (value) => `${JSON.stringify(value)} is neither a table nor a pattern of the form schema.table.`,
      why: 'A table that was to stay where it is would be sent to the other account.',
      next: `Write schema.table in lower case, with * for any characters, and put other names into double quotes as in SQL: 'public."Mixed Name"'.`,
    },
  ],
  {
    description:
      'Table as schema.table, in which * stands for any characters; names that are not plain lower case in double quotes.',
    examples: ['public.sessions', 'public.audit_*', 'archive.*'],
  },
);

type TableEntry = string | { readonly table: string };

const tableOf = (entry: TableEntry): string => (typeof entry === 'string' ? entry : entry.table);

const tables = z
  .union([
    z.literal('all'),
    uniqueList(z.union([tableName, tablePart(tableName)]), 1, 'Tables to replicate.', (entry) =>
      JSON.stringify(parseTableName(tableOf(entry)) ?? entry),
    ),
  ])
  .optional()
  .meta({
    description:
      'The tables to replicate: `all` (the default), or a list. An entry is a table, or `table` with `where`, `columns` or both, of which only that part is replicated: see docs/parts-of-tables.md.',
  });

const database = z
  .strictObject({
    name: databaseName,
    tables,
    schemas: uniqueList(schemaName, 1, 'Replicate every table of these schemas. Not together with tables.').optional(),
    exclude: uniqueList(
      excludedTable,
      1,
      'Tables to leave out of those that are selected, as names or as patterns with `*`. See docs/schema-changes.md.',
      (text) => JSON.stringify(parseTablePattern(text) ?? text),
    ).optional(),
    ddl: ddlMode('of this database. Default: as for the environment.'),
  })
  .superRefine((value, context) => {
    const ambiguous = (path: (string | number)[], message: string, next: string): void =>
      context.addIssue({
        code: 'custom',
        path,
        message,
        params: { code: 'SELECTION_AMBIGUOUS', why: 'It is unclear which of them is meant.', next } satisfies RuleText,
      });
    if (value.schemas !== undefined && value.tables !== undefined)
      ambiguous(['schemas'], `Database "${value.name}" has both tables and schemas.`, 'Keep one of the two.');
    const named = Array.isArray(value.tables) ? value.tables.map(tableOf) : [];
    value.exclude?.forEach((pattern, index) => {
      const isExcluded = tableMatcher([pattern]);
      const both = named.find((text) =>
        [parseTableName(text)].some((table) => table !== undefined && isExcluded(table)),
      );
      if (both === undefined) return;
      ambiguous(['exclude', index], `"${pattern}" leaves out ${both}, which tables selects.`, 'Remove one of the two.');
    });
  })
  .meta({ description: 'One database to replicate.' });

export const databasesSchema = z.array(database).min(1).meta({ description: 'The databases to replicate.' });
