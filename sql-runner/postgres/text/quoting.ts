import { escapeIdentifier, escapeLiteral } from 'pg';
import { parseRowFilter } from '../../../contract/row-filter';

/** A schema-qualified object, its names exactly as the catalog holds them (unquoted). */
export interface QualifiedName {
  readonly schema: string;
  readonly name: string;
}

/** An SQL identifier, always in double quotes. */
export const quoteIdent = (name: string): string => escapeIdentifier(name);

/** An SQL string literal, safe whatever standard_conforming_strings is. */
export const quoteLiteral = (text: string): string => escapeLiteral(text);

/** A whole number, which needs no quotes. Throws on anything else, so that it cannot be a way around them. */
export function quoteInteger(value: number | bigint): string {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value);
  throw new TypeError('Not a whole number');
}

/** A row filter between parentheses, which it cannot leave. Throws on anything else. */
export function quoteFilter(text: string): string {
  const parsed = parseRowFilter(text);
  if ('fault' in parsed) throw new TypeError(`Not a row filter: ${parsed.fault}`);
  return `(${parsed.text})`;
}

/** `"schema"."name"`. */
export const quoteQualified = (object: QualifiedName): string =>
  `${quoteIdent(object.schema)}.${quoteIdent(object.name)}`;

/**
 * For sentences, not for SQL: `public.orders`, and in double quotes what would
 * be taken for something else without them: `"a.b".c`, `public."My Table"`.
 */
export const displayQualified = ({ schema, name }: QualifiedName): string =>
  `${displayIdent(schema)}.${displayIdent(name)}`;

const displayIdent = (name: string): string => (PLAIN.test(name) ? name : quoteIdent(name));

/** What SQL reads as it is written, keywords aside (quote_identifier in ruleutils.c). */
const PLAIN = /^[a-z_][a-z0-9_]*$/;

/** The same made by the server, of pg_namespace `n` and pg_class `c`. */
export const displayedSql =
  (): string => `CASE WHEN n.nspname ~ '^[a-z_][a-z0-9_]*$' THEN n.nspname ELSE quote_ident(n.nspname) END || '.' ||
  CASE WHEN c.relname ~ '^[a-z_][a-z0-9_]*$' THEN c.relname ELSE quote_ident(c.relname) END`;
