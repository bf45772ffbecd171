import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OperatorError } from '../../errors/operator-error';
import { shellWord } from '../../errors/shell-word';
import type { RowsOfTable, RowsWanted } from '../model/repair';

/**
 * What `verify --json` has printed. It says where to look and nothing more: every row is read again on both sides before
 * it is touched, so that an old file, or one that was changed, has no row written that does not differ.
 */
const verificationSchema = z.looseObject({
  environment: z.string(),
  equal: z.boolean(),
  tables: z.array(
    z.looseObject({
      database: z.string(),
      schema: z.string(),
      name: z.string(),
      differences: z.array(z.looseObject({ key: z.record(z.string(), z.string()) })),
      moreDifferences: z.boolean(),
    }),
  ),
});

export async function readVerification(file: string, environment: string): Promise<RowsWanted> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw unreadable(file, `${file} cannot be read: ${cause.message}`, environment, cause);
  });
  return parseVerification(text, file, environment);
}

/** Pure. */
export function parseVerification(text: string, file: string, environment: string): RowsWanted {
  const found = verificationSchema.safeParse(jsonOf(text));
  if (!found.success) throw unreadable(file, `${file} is not what verify prints as JSON`, environment, found.error);
  if (found.data.environment !== environment) throw ofAnother(file, found.data.environment, environment);
  return { tables: eachOnce(found.data.tables.flatMap(named)) };
}

function named(table: z.infer<typeof verificationSchema>['tables'][number]): RowsOfTable[] {
  const { database, schema, name, differences, moreDifferences: more } = table;
  return differences.length === 0 ? [] : [{ database, schema, name, keys: differences.map(({ key }) => key), more }];
}

/** No row is mended twice, whatever somebody has put together. */
function eachOnce(tables: readonly RowsOfTable[]): RowsOfTable[] {
  const found = new Map<string, RowsOfTable>();
  for (const table of tables) {
    const name = JSON.stringify([table.database, table.schema, table.name]);
    const before = found.get(name);
    const keys = [...(before?.keys ?? []), ...table.keys];
    found.set(name, { ...table, keys, more: table.more || before?.more === true });
  }
  return [...found.values()];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const again = (environment: string, file: string): string =>
  `make one: sql-runner verify ${environment} --json > ${shellWord(file)}`;

const unreadable = (file: string, seen: string, environment: string, cause: unknown): OperatorError =>
  new OperatorError({
    code: 'VERIFICATION_UNREADABLE',
    seen,
    why: 'it says which rows are to be looked at',
    next: again(environment, file),
    cause,
  });

const ofAnother = (file: string, found: string, environment: string): OperatorError =>
  new OperatorError({
    code: 'VERIFICATION_OF_ANOTHER',
    seen: `${file} is of environment ${found}, and not of ${environment}`,
    why: 'rows of one environment say nothing of those of another, even where tables and keys are called alike',
    next: again(environment, file),
  });
