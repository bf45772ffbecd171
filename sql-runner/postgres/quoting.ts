import { escapeIdentifier, escapeLiteral } from 'pg';

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

/** `"schema"."name"`. */
export const quoteQualified = (object: QualifiedName): string =>
  `${quoteIdent(object.schema)}.${quoteIdent(object.name)}`;
