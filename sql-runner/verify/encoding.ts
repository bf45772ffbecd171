import { quoteIdent, quoteInteger } from '../postgres/quoting';
import type { ColumnShape } from './table-shape';

/**
 * Types whose own hash tells any two values apart as well as 64 random bits
 * do. int8 and the times are not among them: hashint8extended folds its input
 * to 32 bits first, so 1 and 4294967296 always collide.
 */
const HASHED_AS_THEY_ARE = new Set(['bool', 'int2', 'int4', 'date', 'uuid', 'bytea']);

const TEXT = new Set(['text', 'varchar', 'name']);

/**
 * The expression whose hash stands for a column's value: equal exactly when
 * the values are the same to the byte.
 *
 * The raw value often will not do: as values numeric 1.0 and 1.00, interval
 * `1 month` and `30 days`, and char values that differ in trailing blanks are
 * equal; nested jsonb and array dimensions hash alike; json, xml, bit, money
 * and the geometric types cannot be hashed. Their binary form has none of that.
 *
 * Types made in the database (enum, domain, composite, extension types) and
 * the reg* types carry OIDs in their binary form, which differ between
 * clusters: their text form is hashed, under the session's fixed settings.
 */
function encodedColumn(column: ColumnShape): string {
  const value = `t.${quoteIdent(column.name)}`;
  if (HASHED_AS_THEY_ARE.has(column.typeName) && column.builtIn) return value;
  if (TEXT.has(column.typeName) || !binaryIsPortable(column)) return asText(value);
  return `pg_catalog.${quoteIdent(column.sendFunction!)}(${value})`;
}

function binaryIsPortable(column: ColumnShape): boolean {
  if (!column.builtIn || column.sendFunction === null) return false;
  if (!['b', 'r', 'm'].includes(column.typeKind)) return false;
  return !/^reg/.test(column.elementName ?? column.typeName);
}

/** With a nondeterministic collation different texts would hash alike. */
const asText = (value: string): string => `(${value})::text COLLATE pg_catalog."C"`;

/** 64-bit hash over the columns, as int8. NULL and every value hash differently. */
export function hashSql(columns: readonly ColumnShape[], seed: bigint, serverVersionNum: number): string {
  if (columns.length === 0) return '0::int8';
  const row = `ROW(${columns.map((column) => encodedColumn(column)).join(', ')})`;
  // hash_record_extended came with 14.
  if (serverVersionNum >= 140000) return `hash_record_extended(${row}, ${quoteInteger(seed)})`;
  return `hashtextextended(${row}::text COLLATE pg_catalog."C", ${quoteInteger(seed)})`;
}
