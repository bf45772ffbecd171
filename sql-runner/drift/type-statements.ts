import { quoteIdent, quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import type { UserType } from '../postgres/catalog/user-types';

/** A type as both sides define it. */
export interface BothTypes {
  readonly database: string;
  readonly there: UserType;
  readonly here: UserType;
}

/** A label keeps its oid when it is renamed, and a clone keeps the oids. */
export function learn(
  { there, here }: Pick<BothTypes, 'there' | 'here'>,
  { oid, label }: UserType['labels'][number],
): string {
  const type = quoteQualified(here);
  const former = here.labels.find((one) => one.oid === oid && !there.labels.some((other) => other.label === one.label));
  if (former !== undefined)
    return `ALTER TYPE ${type} RENAME VALUE ${quoteLiteral(former.label)} TO ${quoteLiteral(label)};`;
  const position = there.labels.findIndex((one) => one.label === label);
  // By now the clone has all labels before it, under the names of the source; what is first has been left alone.
  const place =
    position > 0
      ? ` AFTER ${quoteLiteral(there.labels[position - 1]!.label)}`
      : here.labels.length > 0
        ? ` BEFORE ${quoteLiteral(here.labels[0]!.label)}`
        : '';
  return `ALTER TYPE ${type} ADD VALUE ${quoteLiteral(label)}${place};`;
}

/** What brings a type that the clone lacks, or has under another name: it keeps the oids, and so does a rename. Null: nothing. */
export function bringing(there: UserType, clone: readonly UserType[]): string | null {
  const former = clone.find(({ oid, kind }) => oid === there.oid && kind === there.kind);
  return former === undefined ? creation(there) : renaming(former, there);
}

/** A clone keeps the oids, and so does a rename. */
export function renaming(former: UserType, there: UserType): string {
  const word = there.kind === 'd' ? 'DOMAIN' : 'TYPE';
  const now = quoteQualified({ schema: there.schema, name: former.name });
  return [
    ...(former.schema === there.schema
      ? []
      : [`ALTER ${word} ${quoteQualified(former)} SET SCHEMA ${quoteIdent(there.schema)}`]),
    ...(former.name === there.name ? [] : [`ALTER ${word} ${now} RENAME TO ${quoteIdent(there.name)}`]),
  ].join('; ');
}

/** Null: of that kind none is made. */
export function creation(type: UserType): string | null {
  const name = quoteQualified(type);
  switch (type.kind) {
    case 'e':
      return `CREATE TYPE ${name} AS ENUM (${type.labels.map(({ label }) => quoteLiteral(label)).join(', ')})`;
    case 'd':
      return [
        `CREATE DOMAIN ${name} AS ${type.base}`,
        ...type.checks.map((check) => `CONSTRAINT ${quoteIdent(check.name)} ${check.definition}`),
        ...(type.notNull ? ['NOT NULL'] : []),
      ].join(' ');
    case 'c':
      return `CREATE TYPE ${name} AS (${type.attributes.map((one) => `${quoteIdent(one.name)} ${one.type}`).join(', ')})`;
    case 'r':
      return null;
  }
}

/** In words, what it is made of. */
export function described({ kind, base, attributes }: UserType): string {
  switch (kind) {
    case 'e':
      return 'an enum';
    case 'd':
      return `a domain over ${base}`;
    case 'c':
      return `a row of ${attributes.map((one) => `${one.name} ${one.type}`).join(', ')}`;
    case 'r':
      return `a range of ${base}`;
  }
}

/** Attributes that the source has behind those of the clone; null when more than that differs. */
export function attributesToAdd(there: UserType, here: UserType): UserType['attributes'] | null {
  const alike = here.attributes.every(
    ({ name, type }, index) => there.attributes[index]?.name === name && there.attributes[index].type === type,
  );
  return alike ? there.attributes.slice(here.attributes.length) : null;
}
