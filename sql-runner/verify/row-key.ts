import { quoteIdent, quoteInteger } from '../postgres/text/quoting';
import type { ColumnShape, KeyColumn, TableShape } from './table-shape';

/**
 * A row of a table with a key is named by the output texts of the key's
 * columns, as a JSON array of text and null. Not by the values: a key of 1.0
 * on one side and 1.00 on the other is a difference, although the key's own
 * equality has it as one value. No two rows of the source share a name.
 * A null is in a name only where the target has lost its NOT NULL.
 */
export function keyJsonSql(shape: TableShape): string {
  const texts = shape.key.map(
    ({ name }) => `CASE WHEN t.${quoteIdent(name)} IS DISTINCT FROM NULL THEN ${text(name)} END`,
  );
  return `to_json(ARRAY[${texts.join(', ')}])::text`;
}

/** The texts in a row's name, in the order of the key. */
export const keyTexts = (id: string): (string | null)[] => JSON.parse(id) as (string | null)[];

/**
 * SQL condition that a row `t` has the key whose texts are in the columns k0,
 * k1, … of `wanted`. Null when it could use no index.
 *
 * The texts decide. Where the type's input is known to read back what its
 * output wrote, the key's equality is asked too, for the index's sake.
 */
export function sameKeySql(shape: TableShape): string | null {
  const indexed = shape.key.flatMap((key, i) => indexedSql(key, columnOf(shape, key), i) ?? []);
  const exact = shape.key.map(({ name }, i) => `${text(name)} COLLATE "C" = wanted.k${quoteInteger(i)}`);
  // indexedSql has been looked at.
  // eslint-disable-next-line local/safe-sql
  return indexed.length === 0 ? null : [...indexed, ...exact].join(' AND ');
}

const text = (name: string): string => `concat(t.${quoteIdent(name)})`;

const columnOf = (shape: TableShape, key: KeyColumn): ColumnShape =>
  shape.columns.find(({ name }) => name === key.name)!;

/**
 * Not among them: tsquery, whose text forgets the grouping that its equality
 * minds; an enum, whose label may be unknown to the other side; arrays,
 * composites and ranges, which may contain one of these.
 */
const READ_BACK = new Set(
  `bool int2 int4 int8 oid numeric float4 float8 text varchar bpchar name bytea uuid date time timetz timestamp
   timestamptz interval inet cidr macaddr macaddr8 bit varbit money pg_lsn`.split(/\s+/),
);
const READ_BACK_OF_EXTENSIONS = new Set(['citext', 'ltree', 'hstore']);

function indexedSql(key: KeyColumn, column: ColumnShape, position: number): string | null {
  const readBack = column.builtIn ? READ_BACK : READ_BACK_OF_EXTENSIONS;
  if (key.equalsIn === null || !readBack.has(column.baseName)) return null;
  // The domain's base type: its constraints need not hold for every row that is there. Its name is SQL already.
  // eslint-disable-next-line local/safe-sql
  return `t.${quoteIdent(key.name)} OPERATOR(${quoteIdent(key.equalsIn)}.=) wanted.k${quoteInteger(position)}::${column.baseType}`;
}
