import { z } from 'zod';
import { isName } from '../../contract/postgres-names';
import { isPart, parseRowFilter } from '../../contract/row-filter';
import { type RuleText, textWith, uniqueList } from './refined';

const faultOf = (text: string): string => {
  const parsed = parseRowFilter(text);
  return 'fault' in parsed ? parsed.fault : '';
};

const where = textWith(
  [
    {
      code: 'BAD_ROW_FILTER',
      accepts: (value) => faultOf(value) === '',
      seen: (value) => `${JSON.stringify(value)} is not the condition of a row filter: ${faultOf(value)}.`,
      why: 'It is put between parentheses into statements on production, and must not be able to leave them.',
      next: `Write one condition over columns of the table, as in region = 'eu': no comments, no \\, no $, no E'…'.`,
    },
  ],
  {
    description:
      'Replicate only rows for which this is true, as in CREATE PUBLICATION … WHERE (15 and later). See docs/parts-of-tables.md.',
    examples: [`region = 'eu'`],
  },
);

const columnName = textWith(
  [
    {
      code: 'BAD_NAME',
      accepts: isName,
      seen: (value) => `${JSON.stringify(value)} is not the name of a column.`,
      why: 'PostgreSQL cuts longer names off, and then they name something else.',
      next: 'Give the name as the catalog holds it, without SQL quotes: 1 to 63 bytes.',
    },
  ],
  { description: 'Name of a column as the catalog holds it, without SQL quotes.' },
);

/** A table of which only a part is replicated. @param tableName as tables that are replicated whole are named */
export const tablePart = (tableName: z.ZodType<string>) =>
  z
    .strictObject({
      table: tableName,
      where: where.optional(),
      columns: uniqueList(
        columnName,
        1,
        'Replicate only these columns (15 and later). See docs/parts-of-tables.md.',
      ).optional(),
    })
    .superRefine((value, context) => {
      if (isPart(value)) return;
      context.addIssue({
        code: 'custom',
        path: ['table'],
        message: `"${value.table}" has neither where nor columns.`,
        params: {
          code: 'MISSING_SETTING',
          why: 'An entry of this form says which part of the table is replicated.',
          next: `Add one of them, or write the table alone: - ${value.table}`,
        } satisfies RuleText,
      });
    })
    .meta({ description: 'A table of which only a part is replicated.' });
