import { displayTable } from '../model/table-selection';
import { quoteIdent, quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import { compareOwned, ownedStatements } from './compare-rights';
import { alike, difference, paired, type Difference, type Found } from './difference';
import type { TypeFacts } from './facts';
import { attributesToAdd, creation, described, learn, renaming } from './type-statements';

/** Whether a column of a replicated table has the type, or is made of it. */
type IsUsed = (type: TypeFacts) => boolean;

const STOPS = 'the worker stops at the first such value';
const UNUSED = 'no replicated column has it';
const NEW_CLONE = 'no statement makes it the same: drop what uses it, or make a new clone';

/** Enums, domains, composite types and ranges. A clone keeps their oids, and so does a rename. */
export function compareTypes(source: readonly TypeFacts[], clone: readonly TypeFacts[], isUsed: IsUsed): Difference[] {
  const both = paired(partsFirst(source), partsFirst(clone).reverse(), (type) => displayTable(type));
  const alone = both.flatMap(({ there, here }) => (there === null ? [here!] : []));
  const former = new Map(alone.map((type) => [type.oid, type]));
  const renamed = new Set(
    both.flatMap(({ there, here }) => (there !== null && here === null ? (former.get(there.oid) ?? []) : [])),
  );
  return both.flatMap(({ there, here }) => {
    if (there === null) return renamed.has(here!) ? [] : [onlyOnClone(here!)];
    const used = isUsed(there);
    if (here !== null) return compareType(there, here, used);
    const was = former.get(there.oid);
    return was !== undefined && was.kind === there.kind ? [renamedType(there, was, used)] : [lackingType(there, used)];
  });
}

/** Those first that others are made of. Linear. */
function partsFirst(types: readonly TypeFacts[]): TypeFacts[] {
  const known = new Map(types.flatMap((type) => [type.oid, ...type.arrays].map((oid) => [oid, type])));
  const order = new Set<TypeFacts>();
  const begun = new Set<TypeFacts>();
  const visit = (type: TypeFacts): void => {
    if (begun.has(type)) return;
    begun.add(type);
    for (const oid of type.uses) {
      const part = known.get(oid);
      if (part !== undefined) visit(part);
    }
    order.add(type);
  };
  types.forEach(visit);
  return [...order];
}

const nameOf = (type: TypeFacts) => ({
  title: `type ${displayTable(type)}`,
  statement: `${type.kind === 'd' ? 'DOMAIN' : 'TYPE'} ${quoteQualified(type)}`,
});

const onlyOnClone = (here: TypeFacts): Difference =>
  difference({
    kind: 'type',
    object: nameOf(here).title,
    source: null,
    clone: described(here),
    consequence: 'nothing of the source has it',
    statements: [`DROP ${nameOf(here).statement}`],
    next: 'it may stay, and has to where columns of the clone have it',
  });

function renamedType(there: TypeFacts, was: TypeFacts, used: boolean): Difference {
  return difference({
    kind: 'type',
    object: nameOf(there).title,
    source: displayTable(there),
    clone: displayTable(was),
    consequence: used ? 'values are carried as text, whatever the type is called' : UNUSED,
    statements: renaming(was, there).split('; '),
  });
}

function lackingType(there: TypeFacts, used: boolean): Difference {
  const statement = creation(there);
  const options = there.kind === 'd' ? domainOptions(there) : '';
  return difference({
    kind: 'type',
    object: nameOf(there).title,
    source: described(there),
    clone: null,
    consequence: used ? 'a replicated column of it cannot be made: see there' : UNUSED,
    statements:
      statement === null ? [] : [`${statement}${options}`, ...ownedStatements(there.part, null, nameOf(there))],
    next: statement === null ? 'make the range type there as the source has it' : null,
  });
}

/** COLLATE goes before constraints in no order that matters (CREATE DOMAIN in the manual). */
const domainOptions = ({ part }: TypeFacts): string =>
  `${part.collation === null ? '' : ` COLLATE ${part.collation}`}${part.default === null ? '' : ` DEFAULT ${part.default}`}`;

function compareType(there: TypeFacts, here: TypeFacts, used: boolean): Difference[] {
  const found = [
    ...made(there, here),
    ...(there.kind === 'e' && here.kind === 'e' ? labels(there, here) : []),
    ...(there.kind === 'd' && here.kind === 'd' ? domain(there, here) : []),
  ];
  return [
    ...found.map((one) => difference(used ? one : { ...one, survives: 'continues', consequence: UNUSED })),
    ...compareOwned(there.part, here.part, nameOf(there)),
  ];
}

function made(there: TypeFacts, here: TypeFacts): Found[] {
  if (described(there) === described(here) && there.part.collation === here.part.collation) return [];
  const added = there.kind === 'c' && here.kind === 'c' ? attributesToAdd(there, here) : null;
  return [
    {
      kind: 'type',
      object: nameOf(there).title,
      source: described(there),
      clone: described(here),
      survives: 'stops',
      consequence: STOPS,
      statements:
        added === null
          ? []
          : [
              `ALTER TYPE ${quoteQualified(here)} ${added.map((one) => `ADD ATTRIBUTE ${quoteIdent(one.name)} ${one.type}`).join(', ')}`,
            ],
      next: added === null ? NEW_CLONE : null,
    },
  ];
}

function labels(there: TypeFacts, here: TypeFacts): Found[] {
  const texts = (type: TypeFacts) => type.labels.map(({ label }) => label);
  const words = (list: readonly string[]) => list.map((label) => quoteLiteral(label)).join(', ');
  const [wanted, known] = [texts(there), texts(here)];
  const lacking = there.labels.filter(({ label }) => !known.includes(label));
  const exchanged = there.labels.some(({ oid, label }) => {
    const own = here.labels.find((one) => one.label === label)?.oid;
    return own !== undefined && own !== oid && here.labels.some((one) => one.oid === oid);
  });
  const common = { kind: 'enum-label', object: `labels of ${nameOf(there).title}` } as const;
  if (exchanged)
    return [
      {
        ...common,
        source: words(wanted),
        clone: words(known),
        survives: 'differs',
        consequence: 'labels have exchanged their names: rows of before have the other one',
        statements: [],
        next: 'no renaming puts old and new rows right: it takes a new clone',
      },
    ];
  const reordered =
    lacking.length === 0 &&
    !alike(
      wanted,
      known.filter((label) => wanted.includes(label)),
    );
  if (reordered)
    return [
      {
        ...common,
        source: words(wanted),
        clone: words(known),
        consequence: 'rows are carried as they are, and sorted otherwise',
        statements: [],
        next: NEW_CLONE,
      },
    ];
  const renamed = new Set(lacking.map(({ oid }) => oid));
  const left = here.labels.filter(({ oid, label }) => !wanted.includes(label) && !renamed.has(oid));
  return [
    ...(lacking.length === 0
      ? []
      : [
          {
            ...common,
            source: words(lacking.map(({ label }) => label)),
            clone: null,
            survives: 'stops' as const,
            consequence: STOPS,
            // Rows that are on their way have the former name as long as the stream has not stopped at the new one.
            ...(lacking.some(({ oid }) => here.labels.some((one) => one.oid === oid))
              ? { when: 'stopped or in sync' as const, order: 'printed' as const }
              : {}),
            statements: lacking.map((one) => learn({ there, here }, one).replace(/;$/, '')),
          },
        ]),
    ...(left.length === 0
      ? []
      : [
          {
            ...common,
            source: null,
            clone: words(left.map(({ label }) => label)),
            consequence: 'the source never sends it',
            statements: [],
            next: 'PostgreSQL takes no label away: it may stay',
          },
        ]),
  ];
}

function domain(there: TypeFacts, here: TypeFacts): Found[] {
  const alter = `ALTER DOMAIN ${quoteQualified(here)}`;
  const title = nameOf(there).title;
  const found: Found[] = [];
  if (there.notNull !== here.notNull)
    found.push({
      kind: 'domain-rule',
      object: `NOT NULL of ${title}`,
      source: there.notNull ? 'NOT NULL' : null,
      clone: here.notNull ? 'NOT NULL' : null,
      ...(here.notNull
        ? { survives: 'stops', consequence: 'the worker stops at the first NULL' }
        : { when: 'in sync' }),
      statements: [`${alter} ${there.notNull ? 'SET' : 'DROP'} NOT NULL`],
    });
  const [theirs, own] = [there.checks.map(keyOf), here.checks.map(keyOf)];
  for (const check of here.checks.filter((one) => !theirs.includes(keyOf(one))))
    found.push({
      kind: 'domain-rule',
      object: `constraint ${check.name} of ${title}`,
      source: null,
      clone: check.definition,
      survives: 'stops',
      consequence: 'the worker stops at the first value that it refuses',
      statements: [`${alter} DROP CONSTRAINT ${quoteIdent(check.name)}`],
    });
  for (const check of there.checks.filter((one) => !own.includes(keyOf(one))))
    found.push({
      kind: 'domain-rule',
      object: `constraint ${check.name} of ${title}`,
      source: check.definition,
      clone: null,
      when: 'in sync',
      statements: [`${alter} ADD CONSTRAINT ${quoteIdent(check.name)} ${check.definition}`],
    });
  if (!alike(there.part.default, here.part.default))
    found.push({
      kind: 'type-default',
      object: `default of ${title}`,
      source: there.part.default,
      clone: here.part.default,
      statements: [`${alter} ${there.part.default === null ? 'DROP DEFAULT' : `SET DEFAULT ${there.part.default}`}`],
    });
  return found;
}

const keyOf = ({ name, definition }: TypeFacts['checks'][number]): string => JSON.stringify([name, definition]);
