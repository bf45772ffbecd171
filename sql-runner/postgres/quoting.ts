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

/** `"schema"."name"`. */
export const quoteQualified = (object: QualifiedName): string =>
  `${quoteIdent(object.schema)}.${quoteIdent(object.name)}`;

/** Literals separated by commas, as `IN (…)` and `ARRAY[…]` take them. */
export const quoteStringList = (texts: readonly string[]): string => texts.map(quoteLiteral).join(', ');
