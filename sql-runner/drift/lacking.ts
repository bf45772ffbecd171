import type { ColumnShape } from '../postgres/catalog/table-shapes';
import { quoteIdent } from '../postgres/text/quoting';
import type { ShapePair } from '../model/survey';
import { typeOf } from './added-column';
import { columnOf, isReworded } from './column-pairs';

export interface Lacking {
  readonly kind: 'collation' | 'not-null' | 'identity' | 'default' | 'check';
  /** Of the column; of a check, its name. */
  readonly name: string;
  readonly key: string;
  readonly seen: string;
  /** Within ALTER TABLE. */
  readonly action: string;
}

type Found = Omit<Lacking, 'key' | 'name'>;

const GENERATED = { '': null, a: 'ALWAYS', d: 'BY DEFAULT' };

/** What fills the column where a row brings no value: an identity or a default. */
function filling(there: ColumnShape, here: ColumnShape): Found[] {
  const column = `ALTER COLUMN ${quoteIdent(there.name)}`;
  const [wanted, is] = [GENERATED[there.identity], GENERATED[here.identity]];
  if (wanted !== is) {
    const seen = `column ${there.name} is ${is === null ? 'no identity column' : `GENERATED ${is} AS IDENTITY`}`;
    if (wanted === null)
      return [{ kind: 'identity', seen, action: `${column} DROP IDENTITY` }, ...defaultOf(there, here)];
    if (is !== null) return [{ kind: 'identity', seen, action: `${column} SET GENERATED ${wanted}` }];
    // An identity column takes no default.
    const before = here.expression === null ? '' : `${column} DROP DEFAULT, `;
    return [{ kind: 'identity', seen, action: `${before}${column} ADD GENERATED ${wanted} AS IDENTITY` }];
  }
  return defaultOf(there, here);
}

function defaultOf(there: ColumnShape, here: ColumnShape): Found[] {
  if (there.expression === here.expression) return [];
  const column = `ALTER COLUMN ${quoteIdent(there.name)}`;
  return [
    {
      kind: 'default',
      seen: `the default of column ${there.name} is ${here.expression ?? 'none'} instead of ${there.expression ?? 'none'}`,
      action: `${column} ${there.expression === null ? 'DROP DEFAULT' : `SET DEFAULT ${there.expression}`}`,
    },
  ];
}

/** What a column of the clone lacks; of the same type on both sides, and generated on none. */
export function lackingOf(there: ColumnShape, here: ColumnShape): Found[] {
  const column = `ALTER COLUMN ${quoteIdent(there.name)}`;
  const found: Found[] = [];
  if (there.collation !== here.collation)
    found.push({
      kind: 'collation',
      seen: `column ${there.name} collates by ${here.collation ?? 'its type'} instead of ${there.collation ?? 'its type'}`,
      action: `${column} TYPE ${typeOf(there)}`,
    });
  if (there.notNull && !here.notNull)
    found.push({ kind: 'not-null', seen: `column ${there.name} may be NULL`, action: `${column} SET NOT NULL` });
  return [...found, ...filling(there, here)];
}

/** What the source has of it and the clone has not, and no row that arrives needs. */
export function lacking(pair: ShapePair): Lacking[] {
  const columns = pair.there.columns.flatMap((there): Lacking[] => {
    const here = columnOf(pair.here, there.name);
    if (here === undefined || there.generated !== '' || here.generated !== '' || there.type !== here.type) return [];
    return lackingOf(there, here).map((found) => ({
      ...found,
      name: there.name,
      key: `${found.seen} ${found.action}`,
    }));
  });
  if (isReworded(pair)) return columns;
  const checks = pair.there.checks
    .filter(
      ({ name, definition, inherited }) =>
        !inherited && !pair.here.checks.some((one) => one.definition === definition || one.name === name),
    )
    .map(({ name, definition }) => ({
      kind: 'check' as const,
      name,
      key: definition,
      seen: `constraint ${name} is missing`,
      action: `ADD CONSTRAINT ${quoteIdent(name)} ${definition}`,
    }));
  return [...columns, ...checks];
}
