import { displayTable } from '../model/table-selection';
import type { ConstraintPart, IndexPart } from '../postgres/catalog/schema-relations';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { isReworded } from './column-pairs';
import { dropIndex } from './drop-index';
import type { Difference, Survival } from './difference';
import type { KindName } from './kinds';
import { keyDifference, keyIsReplaced } from './row-key';
import { refusing, stricter } from './stricter';
import { alter, ofTable, type TablePair } from './table-pair';

/** A constraint or index of a table, as both kinds are compared. */
interface Rule {
  readonly kind: KindName;
  /** As in pg_constraint.contype; `i`: an index of no constraint. */
  readonly type: string;
  readonly name: string;
  /** Without its name. */
  readonly definition: string;
  /** What makes it. */
  readonly statement: string;
  readonly valid: boolean;
  readonly constraint: boolean;
}

/** Constraints and indexes, by what they say; where columns are renamed, by their names. */
export function compareRules(pair: TablePair): Difference[] {
  const reworded = isReworded(pair.shapes);
  const textOf = (rule: Rule): string => JSON.stringify([rule.type, reworded ? rule.name : rule.definition]);
  const [there, here] = [rulesOf(pair, pair.there.opened.parts), rulesOf(pair, pair.here.opened.parts)];
  const own = grouped(here, textOf);
  const both: [Rule, Rule][] = [];
  const lacking = there.filter((rule) => {
    const list = own.get(textOf(rule));
    const match = list?.find(({ name }) => name === rule.name) ?? list?.[0];
    if (match === undefined) return true;
    list!.splice(list!.indexOf(match), 1);
    both.push([rule, match]);
    return false;
  });
  const extra = [...own.values()].flat();
  return [
    ...extra.filter((rule) => !goesWithKey(pair, rule, lacking)).flatMap((rule) => onlyOnClone(pair, rule)),
    ...both.flatMap(([theirs, mine]) => inDetail(pair, theirs, mine)),
    ...lacking.filter((rule) => !comesWithKey(pair, rule)).map((rule) => onlyOnSource(pair, rule)),
  ];
}

function grouped(rules: readonly Rule[], keyOf: (rule: Rule) => string): Map<string, Rule[]> {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) groups.set(keyOf(rule), [...(groups.get(keyOf(rule)) ?? []), rule]);
  return groups;
}

const KIND_OF: Readonly<Record<string, KindName>> = {
  p: 'unique',
  u: 'unique',
  x: 'unique',
  c: 'check',
  f: 'foreign-key',
};

function rulesOf(
  pair: TablePair,
  parts: { indexes: readonly IndexPart[]; constraints: readonly ConstraintPart[] },
): Rule[] {
  const constraints = parts.constraints
    .filter(({ inherited }) => !inherited)
    .map(({ name, kind, definition, validated }) => ({
      kind: KIND_OF[kind]!,
      type: kind,
      name,
      definition,
      statement: constraintStatement(pair, { name, kind, definition }),
      valid: validated,
      constraint: true,
    }));
  const indexes = parts.indexes
    .filter(({ inherited, constraint }) => !inherited && constraint === null)
    .map(({ name, definition, unique, valid }) => ({
      kind: unique ? ('unique' as const) : ('index' as const),
      type: unique ? 'ui' : 'i',
      name,
      // CREATE INDEX name ON …
      definition: definition.slice(definition.indexOf(' USING ')),
      statement: indexStatement(pair, definition),
      valid,
      constraint: false,
    }));
  return [...constraints, ...indexes];
}

const isPartitioned = ({ there }: TablePair): boolean => there.relation.kind === 'p';

function constraintStatement(
  pair: TablePair,
  { name, kind, definition }: Pick<ConstraintPart, 'name' | 'kind' | 'definition'>,
): string {
  // The rows are looked at afterwards, without keeping the worker out.
  const later = kind === 'f' && !isPartitioned(pair) ? ' NOT VALID' : '';
  return alter(pair, `ADD CONSTRAINT ${quoteIdent(name)} ${definition}${later}`);
}

/** Without keeping the worker out, where PostgreSQL can. */
function indexStatement(pair: TablePair, definition: string): string {
  if (isPartitioned(pair)) return definition.replace(' ON ONLY ', ' ON ');
  return definition.replace(/^CREATE (UNIQUE )?INDEX /, 'CREATE $1INDEX CONCURRENTLY ');
}

/** The advice for the key makes the source's and takes the clone's away. */
const comesWithKey = (pair: TablePair, rule: Rule): boolean =>
  keyDifference(pair.shapes).length > 0 &&
  (pair.there.opened.shape.identity === 'd'
    ? rule.type === 'p'
    : pair.there.opened.shape.indexes.some(({ replicaIdentity, name }) => replicaIdentity && name === rule.name));

const goesWithKey = (pair: TablePair, rule: Rule, lacking: readonly Rule[]): boolean =>
  rule.type === 'p' && keyIsReplaced(pair.shapes) && lacking.some(({ type }) => type === 'p');

const title = (pair: TablePair, rule: Rule): string =>
  `${rule.constraint ? 'constraint' : 'index'} ${rule.name} of ${displayTable(pair.there.relation)}`;

function onlyOnClone(pair: TablePair, rule: Rule): Difference[] {
  const { shapes } = pair;
  const index = shapes.here.indexes.find((one) => one.name === rule.name || one.constraint === rule.name);
  const refuses =
    index === undefined
      ? stricter(shapes).some(({ kind, name }) => kind === 'check' && name === rule.name)
      : refusing(shapes).includes(index);
  const drop =
    index === undefined ? [dropped(pair, rule)] : dropIndex(shapes.here, index).map((text) => text.replace(/;$/, ''));
  const truncates = rule.type === 'f';
  return [
    ofTable(pair, {
      kind: rule.kind,
      object: title(pair, rule),
      source: null,
      clone: rule.definition.trim(),
      survives: refuses || truncates ? 'stops' : 'continues',
      consequence: refuses
        ? 'the worker stops at the first row that the source takes and the clone refuses'
        : truncates
          ? 'rows are not held against it; the worker stops at a TRUNCATE of what it references'
          : 'no row that arrives is held against it',
      statements: drop,
      next: rule.kind === 'index' ? 'it may stay: it costs the worker time, and nothing else' : null,
    }),
  ];
}

const dropped = (pair: TablePair, rule: Rule): string =>
  rule.constraint
    ? alter(pair, `DROP CONSTRAINT ${quoteIdent(rule.name)}`)
    : `DROP INDEX ${quoteQualified({ schema: pair.here.relation.schema, name: rule.name })}`;

function onlyOnSource(pair: TablePair, rule: Rule): Difference {
  const validate = rule.statement.endsWith(' NOT VALID') && rule.valid;
  const survives: Survival = 'continues';
  return ofTable(pair, {
    kind: rule.kind,
    object: title(pair, rule),
    source: rule.definition.trim(),
    clone: null,
    survives,
    consequence: 'what arrives has passed it on the source',
    when: rule.kind === 'index' ? 'now' : 'in sync',
    statements: [rule.statement, ...(validate ? [alter(pair, `VALIDATE CONSTRAINT ${quoteIdent(rule.name)}`)] : [])],
  });
}

/** What says the same on both sides, and is called otherwise, or was not held against all rows. */
function inDetail(pair: TablePair, there: Rule, here: Rule): Difference[] {
  const schema = pair.here.relation.schema;
  const found: Difference[] = [];
  if (there.name !== here.name)
    found.push(
      ofTable(pair, {
        kind: 'rule-name',
        object: title(pair, there),
        source: there.name,
        clone: here.name,
        statements: [
          here.constraint
            ? alter(pair, `RENAME CONSTRAINT ${quoteIdent(here.name)} TO ${quoteIdent(there.name)}`)
            : `ALTER INDEX ${quoteQualified({ schema, name: here.name })} RENAME TO ${quoteIdent(there.name)}`,
        ],
      }),
    );
  if (there.valid && !here.valid)
    found.push(
      ofTable(pair, {
        kind: here.constraint ? 'check-validation' : here.kind,
        object: title(pair, there),
        source: 'valid',
        clone: 'not valid',
        consequence: here.constraint
          ? 'what arrives has passed it on the source'
          : 'no query uses it, and rows may be refused by it',
        when: 'in sync',
        statements: here.constraint
          ? [alter(pair, `VALIDATE CONSTRAINT ${quoteIdent(there.name)}`)]
          : [`DROP INDEX ${quoteQualified({ schema, name: there.name })}`, there.statement],
      }),
    );
  if (!there.valid && here.valid)
    found.push(
      ofTable(pair, {
        kind: here.constraint ? 'check-validation' : here.kind,
        object: title(pair, there),
        source: 'not valid',
        clone: 'valid',
        statements: [],
        next: 'all is well on the clone; on the source it was never held against all rows',
      }),
    );
  return found;
}
