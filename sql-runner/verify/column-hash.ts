import { quoteIdent, quoteInteger } from '../postgres/text/quoting';
import type { ColumnShape } from './table-shape';

/**
 * What is compared is what replication promises to carry. pgoutput sends each
 * value as its type's output text (logicalrep_write_tuple in proto.c; our
 * subscriptions do not ask for `binary`), so two values are the same exactly
 * when their output texts are:
 *
 * - numeric 1.0 and 1.00, interval `1 month` and `30 days`, float 0 and -0,
 *   `bpchar` values that differ in trailing blanks, texts that a
 *   nondeterministic collation takes for equal: equal as values, but different
 *   texts, so different.
 * - a NaN with a sign, a tsquery grouped otherwise, an XML declaration that
 *   xml_out leaves away: different bytes, but one text, so equal.
 *
 * The general form is therefore the text itself, by concat(), which calls the
 * type's output function (concat_internal in varlena.c). A cast to
 * text would not do: a cast function may stand in for the output function.
 * bpchar's drops trailing blanks, xml's keeps the declaration, and anybody may
 * CREATE CAST for a type of their own. The settings that shape the texts are
 * fixed for the session, as they are for a walsender.
 *
 * The forms below are shortcuts for types whose every two values have two
 * texts, and which a hash function of the server takes without a loss.
 */
export function columnHashSql(column: ColumnShape, seed: bigint): string {
  const own = `t.${quoteIdent(column.name)}`;
  // The name of a type is SQL already: format_type has quoted what needs quotes.
  const value = column.domain ? `${own}::${column.baseType}` : own;
  const lossless = column.builtIn ? shortcut(column.baseName, value, literalSql(seed)) : null;
  // IS NOT NULL would take a composite of nulls for a null. concat() makes a null an empty text.
  const general = `CASE WHEN ${own} IS DISTINCT FROM NULL THEN ${textHash(`concat(${own})`, literalSql(seed))} END`;
  // eslint-disable-next-line local/safe-sql
  return lossless ?? general;
}

/**
 * hashint8extended folds its input to 32 bits, so that 1 and 4294967296 always
 * collide, and the hashes of times are built on it: an int8 is hashed in two
 * parts, times by their eight bytes. hash_numeric_extended knows neither sign
 * nor scale, hashfloat8extended not the sign of zero, and bool has none of its
 * own: those are not used.
 */
function shortcut(type: string, value: string, seed: string): string | null {
  switch (type) {
    case 'bool':
    case 'int2':
    case 'int4':
      return `hashint4extended(${value}::int4, ${seed})`;
    case 'int8':
      return `hashint4extended((${value} >> 32)::int4, hashint8extended(${value}, ${seed}))`;
    case 'date':
    case 'bytea':
      return alone(value, seed);
    case 'time':
      return alone(`time_send(${value})`, seed);
    case 'timestamp':
      return alone(`timestamp_send(${value})`, seed);
    case 'timestamptz':
      return alone(`timestamptz_send(${value})`, seed);
    case 'uuid':
      return `uuid_hash_extended(${value}, ${seed})`;
    case 'text':
    case 'varchar':
      return textHash(`${value}::text`, seed);
    default:
      return null;
  }
}

/** Under the column's own collation texts that differ could hash alike. */
const textHash = (text: string, seed: string): string => `hashtextextended(${text} COLLATE "C", ${seed})`;

/** hash_array_extended calls the element's hash, which for some types cannot be called by itself on every major. */
const alone = (value: string, seed: string): string => `hash_array_extended(ARRAY[${value}], ${seed})`;

/** A negative number without quotes would be an operator on a positive one, which the smallest int8 has none of. */
export const literalSql = (value: bigint): string => `'${quoteInteger(value)}'::int8`;
