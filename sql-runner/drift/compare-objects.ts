import type { CollationDefinition, ExtensionDefinition, SchemaDefinition } from '../postgres/catalog/schema-objects';
import { displayTable } from '../model/table-selection';
import { quoteIdent, quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import { compareOwned } from './compare-rights';
import { alike, difference, paired, type Difference } from './difference';

export function compareSchemas(source: readonly SchemaDefinition[], clone: readonly SchemaDefinition[]): Difference[] {
  return paired(source, clone, ({ name }) => name).flatMap(({ there, here }) => {
    const name = (there ?? here)!.name;
    const named = { title: `schema ${name}`, statement: `SCHEMA ${quoteIdent(name)}` };
    if (there !== null && here !== null) return compareOwned(there, here, named);
    const common = { kind: 'schema', object: named.title } as const;
    if (there === null)
      return [difference({ ...common, source: null, clone: 'there', statements: [`DROP ${named.statement}`] })];
    return [
      difference({
        ...common,
        source: 'there',
        clone: null,
        consequence: 'a table in it that is replicated stops the stream: see there',
        statements: [`CREATE ${named.statement} AUTHORIZATION ${quoteIdent(there.owner)}`],
        next: 'run it again afterwards: rights on it are compared then',
      }),
    ];
  });
}

export function compareExtensions(
  source: readonly ExtensionDefinition[],
  clone: readonly ExtensionDefinition[],
): Difference[] {
  return paired(source, clone, ({ name }) => name).flatMap(({ there, here }) => {
    if (alike(there, here)) return [];
    const name = quoteIdent((there ?? here)!.name);
    const words = (one: ExtensionDefinition | null) => (one === null ? null : `${one.version} in schema ${one.schema}`);
    const common = {
      kind: 'extension',
      object: `extension ${(there ?? here)!.name}`,
      source: words(there),
      clone: words(here),
    } as const;
    if (there === null)
      return [
        difference({ ...common, statements: [`DROP EXTENSION ${name}`], next: 'it may stay: no row needs it gone' }),
      ];
    if (here === null)
      return [
        difference({
          ...common,
          consequence: 'a replicated column of its types cannot be made: see there',
          statements: [
            `CREATE EXTENSION ${name} WITH SCHEMA ${quoteIdent(there.schema)} VERSION ${quoteLiteral(there.version)}`,
          ],
        }),
      ];
    return [
      difference({
        ...common,
        consequence: 'rows are carried as text: a version that reads them otherwise may differ',
        statements: [
          ...(there.schema === here.schema ? [] : [`ALTER EXTENSION ${name} SET SCHEMA ${quoteIdent(there.schema)}`]),
          ...(there.version === here.version
            ? []
            : [`ALTER EXTENSION ${name} UPDATE TO ${quoteLiteral(there.version)}`]),
        ],
      }),
    ];
  });
}

export function compareCollations(
  source: readonly CollationDefinition[],
  clone: readonly CollationDefinition[],
): Difference[] {
  return paired(source, clone, (one) => displayTable(one)).flatMap(({ there, here }) => {
    if (alike(there, here)) return [];
    const name = quoteQualified((there ?? here)!);
    const words = (one: CollationDefinition | null) =>
      one === null
        ? null
        : `${one.provider} ${one.locale ?? `${one.collate} ${one.ctype}`}${one.deterministic ? '' : ' nondeterministic'}`;
    const common = {
      kind: 'collation',
      object: `collation ${displayTable((there ?? here)!)}`,
      source: words(there),
      clone: words(here),
      consequence: 'rows are compared and sorted by it, and carried as they are',
    } as const;
    if (there === null) return [difference({ ...common, statements: [`DROP COLLATION ${name}`] })];
    if (here === null) return [difference({ ...common, statements: [creation(there)] })];
    return [
      difference({
        ...common,
        statements: [],
        next: 'a collation cannot be altered: drop and make it there with all that uses it, or make a new clone',
      }),
    ];
  });
}

function creation(collation: CollationDefinition): string {
  const { provider, locale, collate, ctype, deterministic, rules } = collation;
  const options = [
    `PROVIDER = ${provider}`,
    ...(locale === null
      ? [`LC_COLLATE = ${quoteLiteral(collate ?? '')}`, `LC_CTYPE = ${quoteLiteral(ctype ?? '')}`]
      : [`LOCALE = ${quoteLiteral(locale)}`]),
    ...(deterministic ? [] : ['DETERMINISTIC = false']),
    ...(rules === null ? [] : [`RULES = ${quoteLiteral(rules)}`]),
  ];
  return `CREATE COLLATION ${quoteQualified(collation)} (${options.join(', ')})`;
}
