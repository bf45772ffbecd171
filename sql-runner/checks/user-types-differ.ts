import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import type { UserType } from '../postgres/catalog/user-types';
import { newClone } from '../model/streams';
import { displayTable } from '../model/table-selection';
import type { Found, DefinitionsCheck } from './check';
import { byName, tableKey } from '../drift/shape-pairs';
import { attributesToAdd, bringing, described, learn, type BothTypes } from '../drift/type-statements';
import type { Scope } from '../model/survey';

/** Types that replicated columns have, or are made of; those that only one side has are told apart. */
function eachType({ shapes }: Pick<Scope, 'shapes'>, look: (both: BothTypes) => Found[]): Found[] {
  return Object.entries(shapes ?? {}).flatMap(([database, { usedTypes, typesOnClone }]) => {
    const own = byName(typesOnClone);
    return usedTypes.flatMap((there) => {
      const here = own.get(tableKey(there));
      return here === undefined ? [] : look({ database, there, here });
    });
  });
}

const titleOf = ({ database, there }: { database: string; there: UserType }): string =>
  `type ${displayTable(there)} in database ${database}`;

const labels: DefinitionsCheck = {
  code: 'ENUM_LABEL_MISSING',
  stops: ['connect'],
  both: 'definitions',
  holds: 'the clone knows every label of the enums of replicated columns',
  side: 'target',
  run: (_, scope) =>
    eachType(scope, (both) => {
      const { there, here } = both;
      const known = here.labels.map(({ label }) => label);
      const lacking = there.labels.filter(({ label }) => !known.includes(label));
      // Only an enum has labels to lack.
      if (here.kind !== 'e' || lacking.length === 0) return [];
      return [
        {
          severity: 'block',
          seen: `${titleOf(both)} lacks on the clone: ${lacking.map(({ label }) => label).join(', ')}`,
          why: 'the apply worker stops at the first row with such a value',
          next: `in database ${both.database} on the clone: ${lacking.map((one) => learn(both, one)).join(' ')}`,
        },
      ];
    }),
};

const exchanged: DefinitionsCheck = {
  code: 'ENUM_LABELS_EXCHANGED',
  stops: ['connect'],
  both: 'definitions',
  holds: 'each label of an enum is the one of that name on the source',
  side: 'target',
  run: (_, scope) =>
    eachType(scope, (both) => {
      const { there, here } = both;
      const moved = there.labels.filter(({ oid, label }) => {
        const own = here.labels.find((one) => one.label === label)?.oid;
        return own !== undefined && own !== oid && here.labels.some((one) => one.oid === oid);
      });
      if (moved.length === 0) return [];
      return [
        {
          severity: 'block',
          seen: `${titleOf(both)} has labels that exchanged their names on the source: ${moved.map(({ label }) => label).join(', ')}`,
          why: 'rows of before the renaming have the other label on the clone, rows of afterwards the right one: no renaming there can put both right',
          next: newClone(scope.contract),
        },
      ];
    }),
};

const missing: DefinitionsCheck = {
  code: 'TYPE_NOT_ON_CLONE',
  stops: ['connect'],
  both: 'definitions',
  holds: 'every type of a replicated column is on the clone',
  side: 'target',
  run: (_, scope) =>
    Object.entries(scope.shapes ?? {}).flatMap(([database, { usedTypes, typesOnClone }]) => {
      const own = byName(typesOnClone);
      return usedTypes
        .filter((type) => !own.has(tableKey(type)))
        .map((there) => {
          const statement = bringing(there, typesOnClone);
          return {
            severity: 'block' as const,
            seen: `${titleOf({ database, there })} is not on the clone, and a replicated column has it`,
            why: 'the column cannot be made there, and the apply worker stops at the first row of its table',
            next: statement === null ? newClone(scope.contract) : `in database ${database} on the clone: ${statement};`,
          };
        });
    }),
};

const domains: DefinitionsCheck = {
  code: 'DOMAIN_STRICTER_ON_CLONE',
  stops: ['connect'],
  both: 'definitions',
  holds: 'no domain of the clone refuses values that the source takes',
  side: 'target',
  run: (_, scope) =>
    eachType(scope, (both) => {
      const { there, here } = both;
      // What is no domain on the clone asks nothing of a value.
      if (there.kind !== 'd') return [];
      const checks = here.checks.filter(({ definition }) => !there.checks.some((one) => one.definition === definition));
      const actions = [
        ...(here.notNull && !there.notNull ? ['DROP NOT NULL'] : []),
        ...checks.map(({ name }) => `DROP CONSTRAINT ${quoteIdent(name)}`),
      ];
      if (actions.length === 0) return [];
      const seen = [
        ...(here.notNull && !there.notNull ? ['NOT NULL'] : []),
        ...checks.map(({ definition }) => definition),
      ];
      return [
        {
          severity: 'block',
          seen: `${titleOf(both)} has only on the clone: ${seen.join(', ')}`,
          why: 'the apply worker stops at the first value that the source takes and the clone refuses',
          next: `in database ${both.database} on the clone: ${actions.map((action) => `ALTER DOMAIN ${quoteQualified(here)} ${action};`).join(' ')}`,
        },
      ];
    }),
};

const definitions: DefinitionsCheck = {
  code: 'TYPE_DIFFERS',
  stops: ['connect'],
  both: 'definitions',
  holds: 'composite types, domains and ranges are made of the same types on both sides',
  side: 'target',
  run: (_, scope) =>
    eachType(scope, (both) => {
      const { there, here } = both;
      if (described(there) === described(here)) return [];
      const added = there.kind === 'c' && here.kind === 'c' ? attributesToAdd(there, here) : null;
      return [
        {
          severity: 'block',
          seen: `${titleOf(both)} is ${described(there)} on the source and ${described(here)} on the clone`,
          why: 'the apply worker stops at the first value that does not fit',
          next:
            added === null
              ? newClone(scope.contract)
              : `in database ${both.database} on the clone: ALTER TYPE ${quoteQualified(here)} ${added.map((one) => `ADD ATTRIBUTE ${quoteIdent(one.name)} ${one.type}`).join(', ')};`,
        },
      ];
    }),
};

export const userTypeChecks = [labels, exchanged, missing, domains, definitions];
