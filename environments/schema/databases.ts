import { z } from 'zod';
import { isName, RESERVED_DATABASES } from '../../contract/postgres-names';
import { parseTableName } from '../table-name';
import { ddlMode } from './ddl';
import { type RuleText, textWith, uniqueList } from './refined';

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

const tables = z
  .union([
    z.literal('all'),
    uniqueList(tableName, 1, 'Tables to replicate.', (text) => JSON.stringify(parseTableName(text) ?? text)),
  ])
  .optional()
  .meta({ description: 'The tables to replicate: `all` (the default), or a list.' });

const database = z
  .strictObject({
    name: databaseName,
    tables,
    schemas: uniqueList(schemaName, 1, 'Replicate every table of these schemas. Not together with tables.').optional(),
    ddl: ddlMode('of this database. Default: as for the environment.'),
  })
  .superRefine((value, context) => {
    if (value.schemas === undefined || value.tables === undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['schemas'],
      message: `Database "${value.name}" has both tables and schemas.`,
      params: {
        code: 'SELECTION_AMBIGUOUS',
        why: 'It is unclear which of them is meant.',
        next: 'Keep one of the two.',
      } satisfies RuleText,
    });
  })
  .meta({ description: 'One database to replicate.' });

export const databasesSchema = z.array(database).min(1).meta({ description: 'The databases to replicate.' });
