import type { TableDefinition } from '../postgres/catalog/table-definitions';

/**
 * In what a table of the clone is not as the source defines it, as far as rows depend on it; in words, none: in nothing.
 * Constraints and unique indexes may have other names; what else differs, doctor says once it is replicated.
 */
export function tableDiffers(there: TableDefinition, here: TableDefinition): string[] {
  const columns = differing(columnsOf(there), columnsOf(here)).map((name) => `column ${name}`);
  const keys = differing(rulesOf(there), rulesOf(here)).map((rule) => rule);
  const identity = there.identity === here.identity ? [] : ['replica identity'];
  const parts = there.partitionKey === here.partitionKey ? [] : ['partition key'];
  return [...columns, ...keys, ...identity, ...parts];
}

/** By name; the order of columns decides nothing, as rows are sent with the names. */
function columnsOf({ columns }: TableDefinition): Map<string, string> {
  return new Map(
    columns.map(({ name, type, collation, notNull, generated, expression }) => [
      name,
      JSON.stringify([type, collation, notNull !== null, generated, generated === '' ? null : expression]),
    ]),
  );
}

/** What refuses rows; foreign keys refuse none that replication writes. */
function rulesOf({ constraints, indexes, name, schema }: TableDefinition): Map<string, string> {
  const rules = constraints.filter(({ kind }) => kind !== 'f').map(({ definition }) => definition);
  // CREATE UNIQUE INDEX name ON …: of indexes what comes after the name.
  const unique = indexes
    .filter((index) => index.unique)
    .map(({ definition }) => `UNIQUE INDEX ON ${schema}.${name}${definition.slice(definition.indexOf(' USING '))}`);
  return new Map([...rules, ...unique].map((rule) => [rule, '']));
}

function differing(there: ReadonlyMap<string, string>, here: ReadonlyMap<string, string>): string[] {
  const all = new Set([...there.keys(), ...here.keys()]);
  return [...all].filter((key) => there.get(key) !== here.get(key)).sort();
}
