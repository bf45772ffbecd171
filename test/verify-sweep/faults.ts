import { EXTRA, namesOf, STILL, type SweepTable } from './tables';
import type { Dice } from './dice';

export const FAULTS = ['exchange', 'rotation', 'move', 'bit', 'missing', 'extra'] as const;
export type FaultKind = (typeof FAULTS)[number];

/** Rows without a copy, so that the oracle and the repair know each by its id. */
const SINGLE = 110;

/**
 * One fault on the target: its statement, and the ids that it touches.
 *
 * Rows are mostly neighbours: they are in the same bucket of an integer key,
 * where values that only change places could add up to the same.
 */
export function fault(kind: FaultKind, table: SweepTable, dice: Dice): { sql: string; ids: number[] } {
  if (kind === 'bit') return flippedBit(table, dice);
  const id = 1 + dice.below(SINGLE);
  if (kind === 'missing') return { sql: `DELETE FROM ${table.name} WHERE id = ${id}`, ids: [id] };
  if (kind === 'extra') return extraRow(table, id, dice);
  const ids = dice.some(neighbours(id, dice.below(3) > 0 ? 4 : STILL), kind === 'rotation' ? 3 + dice.below(4) : 2);
  const columns = dice
    .some(table.columns, dice.below(10) === 0 ? table.columns.length : 1 + dice.below(3))
    .map(({ name }) => name);
  const from = kind === 'move' ? [ids[1]!, null] : [...ids.slice(1), ids[0]!];
  return { sql: takeFrom(table, columns, ids, from), ids };
}

const neighbours = (id: number, distance: number): number[] =>
  Array.from({ length: SINGLE }, (_, i) => i + 1).filter((other) => Math.abs(other - id) <= distance);

/** Each row takes the columns of another one; nulls where there is none. */
function takeFrom(
  { name }: SweepTable,
  columns: readonly string[],
  to: readonly number[],
  from: readonly (number | null)[],
): string {
  const pairs = to.map((id, i) => `(${id}, ${from[i] ?? 'NULL::int'})`).join(', ');
  return `UPDATE ${name} t SET ${columns.map((column) => `${column} = m.${column}`).join(', ')}
            FROM (SELECT w.target, ${columns.map((column) => `s.${column}`).join(', ')}
                    FROM (VALUES ${pairs}) w (target, source) LEFT JOIN ${name} s ON s.id = w.source) m
           WHERE t.id = m.target`;
}

function extraRow({ name, key, columns }: SweepTable, id: number, dice: Dice): { sql: string; ids: number[] } {
  // Without a key also a second copy of a row that is there.
  const copied = key === null && dice.below(2) === 0;
  const row = `SELECT ${copied ? 'id, k' : `${EXTRA}, 'extra'`}, ${namesOf(columns)}`;
  return { sql: `INSERT INTO ${name} ${row} FROM ${name} WHERE id = ${id} LIMIT 1`, ids: [id] };
}

/** The smallest change of a value, one bit where the type shows its bits. */
const FLIPS: Readonly<Record<string, (column: string, bit: number) => string>> = {
  bool: (c) => `NOT ${c}`,
  int2: (c, bit) => `(${c}::int8 # (1::int8 << ${bit % 15}))::int2`,
  int4: (c, bit) => `(${c}::int8 # (1::int8 << ${bit % 31}))::int4`,
  int8: (c, bit) => `${c} # (1::int8 << ${bit % 63})`,
  float8: (c) =>
    `CASE WHEN abs(${c}) BETWEEN 1e-9 AND 1e300 THEN ${c} * (1 + 2.220446049250313e-16::float8) ELSE ${c} END`,
  numeric: (c, bit) => `${c} + power(10::numeric, -${bit % 20})`,
  money: (c) => `${c} + '0.01'::money`,
  text: (c) => flippedCharacter(c),
  varchar: (c) => flippedCharacter(c),
  bytea: (c, bit) =>
    `CASE WHEN length(${c}) > 0 THEN set_bit(${c}, ${bit} % (8 * length(${c})), 1 - get_bit(${c}, ${bit} % (8 * length(${c})))) END`,
  uuid: (c) => `(left(${c}::text, 35) || to_hex(('x' || right(${c}::text, 1))::bit(4)::int # 1))::uuid`,
  date: (c) => `CASE WHEN ${c} BETWEEN '1900-01-01' AND '2100-01-01' THEN ${c} + 1 END`,
  timestamp: (c, bit) => `CASE WHEN isfinite(${c}) THEN ${c} + (1::int8 << ${bit % 40}) * interval '1 microsecond' END`,
  timestamptz: (c, bit) =>
    `CASE WHEN isfinite(${c}) THEN ${c} + (1::int8 << ${bit % 40}) * interval '1 microsecond' END`,
  time: (c) => `CASE WHEN ${c} < '23:00' THEN ${c} + interval '1 microsecond' END`,
  interval: (c) => `${c} + interval '1 microsecond'`,
  bit: (c) => `CASE WHEN length(${c}) > 0 THEN set_bit(${c}, 0, 1 - get_bit(${c}, 0)) END`,
  varbit: (c) => `CASE WHEN length(${c}) > 0 THEN set_bit(${c}, 0, 1 - get_bit(${c}, 0)) END`,
  inet: (c) => `${c} + 1`,
};

const flippedCharacter = (c: string): string =>
  `CASE WHEN ${c} <> '' THEN overlay(${c} placing chr(ascii(${c}) # 1) from 1 for 1) END`;

function flippedBit({ name, columns }: SweepTable, dice: Dice): { sql: string; ids: number[] } {
  const flippable = columns.flatMap((column) => {
    const flip = FLIPS[column.type.replace(/^pg_catalog\."(.*)"$/, '$1')];
    return flip === undefined ? [] : [{ column: column.name, flip }];
  });
  const { column, flip } = dice.pick(flippable);
  const id = 1 + dice.below(SINGLE);
  return { sql: `UPDATE ${name} SET ${column} = ${flip(column, dice.below(64))} WHERE id = ${id}`, ids: [id] };
}
