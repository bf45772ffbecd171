import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import type { ColumnShape } from '../postgres/catalog/table-shapes';
import type { ShapePair } from '../model/survey';
import { generation, typeOf } from './added-column';
import { columnOf } from './column-pairs';

interface BothColumns {
  readonly key: string;
  readonly there: ColumnShape;
  readonly here: ColumnShape;
}

export function differing(unlike: (there: ColumnShape, here: ColumnShape) => boolean) {
  return (pair: ShapePair): BothColumns[] =>
    pair.there.columns.flatMap((there) => {
      const here = columnOf(pair.here, there.name);
      return here !== undefined && unlike(there, here) ? [{ key: there.name, there, here }] : [];
    });
}

/** A default of the old type may not convert by itself, so it is put back afterwards, as ALTER TABLE orders it. */
export function retype({ there, here }: BothColumns): string {
  const name = quoteIdent(there.name);
  if (here.generated !== '') return `ALTER COLUMN ${name} TYPE ${typeOf(there)}`;
  const change = `ALTER COLUMN ${name} TYPE ${typeOf(there)} USING ${name}::${there.type}`;
  if (here.expression === null || here.identity !== '') return change;
  const again = there.expression === null ? [] : [`ALTER COLUMN ${name} SET DEFAULT ${there.expression}`];
  return [`ALTER COLUMN ${name} DROP DEFAULT`, change, ...again].join(', ');
}

const WHOLE = ['smallint', 'integer', 'bigint'];

/** Whether the type holds every value of the other, and shows it in the same letters. */
export function takes(type: string, other: string): boolean {
  if (WHOLE.includes(type) && WHOLE.includes(other)) return WHOLE.indexOf(type) > WHOLE.indexOf(other);
  if (type === 'numeric') return WHOLE.includes(other) || other.startsWith('numeric(');
  // Nothing is as long as what has no length.
  return characters(type) >= characters(other);
}

/** Of text and varchar; NaN for other types. */
function characters(type: string): number {
  if (type === 'text' || type === 'character varying') return Infinity;
  return Number(/^character varying\((\d+)\)$/.exec(type)?.[1]);
}

/** What computes the column as the source does; null: no statement brings its values to the clone. */
export function regenerate(pair: ShapePair, there: ColumnShape, here: ColumnShape): string | null {
  const name = quoteIdent(there.name);
  const table = quoteQualified(pair.here);
  if (there.generated !== '')
    return `ALTER TABLE ${table} DROP COLUMN ${name}, ADD COLUMN ${name} ${typeOf(there)} ${generation(there)}`;
  // DROP EXPRESSION keeps the values on both sides; those of a virtual column are stored nowhere.
  const kept = here.generated === 's' && pair.same && pair.there.file === pair.here.file;
  return kept ? `ALTER TABLE ${table} ALTER COLUMN ${name} DROP EXPRESSION` : null;
}
