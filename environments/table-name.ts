import { isName } from '../contract/postgres-names';

/** A table as the catalog holds it: both parts unquoted. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

// A part is plain lower case, or anything inside double quotes with "" for a
// quote. Unquoted upper case is not accepted: SQL would fold it to lower case,
// which is rarely what the writer of the file had in mind.
const PART = '(?:[a-z_][a-z0-9_$]*|"(?:[^"\\0]|"")+")';
const TABLE = new RegExp(`^(${PART})\\.(${PART})$`);

/** `schema.table` with SQL quoting into its parts; undefined when it is not such a name or a part exceeds 63 bytes. */
export function parseTableName(text: string): TableName | undefined {
  const match = TABLE.exec(text);
  if (match === null) return undefined;
  const [schema, name] = [unquote(match[1] ?? ''), unquote(match[2] ?? '')];
  return [schema, name].every(isName) ? { schema, name } : undefined;
}

function unquote(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}
