import type { WrittenColumn } from './written-tables';

/**
 * Values for columns of any type, as text that the server reads. The value for a number depends on the type alone: so
 * rows of the same number refer to one another, whatever foreign keys there are.
 */
export function plainValue(column: WrittenColumn, n: number): string | null {
  const { base, kind, element, modifier } = column;
  if (kind === 'e') return pick(column.labels, n);
  if (kind === 'c') return `(${column.parts.map((type) => plainText(shortName(type), -1, n) ?? '').join(',')})`;
  if (kind === 'r') return `[${endOf(element?.name, n)},${endOf(element?.name, n + 1)})`;
  if (kind === 'm') return `{[${endOf(element?.name, n)},${endOf(element?.name, n + 1)})}`;
  if (element !== null) {
    const one = element.kind === 'e' ? pick(element.labels, n) : plainText(element.name, -1, n);
    return one === null ? '{}' : `{${JSON.stringify(one)}}`;
  }
  return plainText(base, modifier, n);
}

const pick = (labels: readonly string[], n: number): string | null => labels[n % labels.length] ?? null;

const endOf = (name: string | undefined, n: number): string => `"${plainText(name ?? 'int4', -1, n) ?? n}"`;

/** What format_type writes of built-in types, as the catalog names them. */
const SHORT: Readonly<Record<string, string>> = {
  integer: 'int4',
  bigint: 'int8',
  smallint: 'int2',
  boolean: 'bool',
  'character varying': 'varchar',
  character: 'bpchar',
  'double precision': 'float8',
  real: 'float4',
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
};
const shortName = (type: string): string => SHORT[type] ?? type;

function plainText(base: string, modifier: number, n: number): string | null {
  const number = NUMBERS[base];
  if (number !== undefined) return number(n, modifier);
  if (['text', 'varchar', 'bpchar', 'citext', 'name'].includes(base)) return textOf(n, modifier);
  return OTHERS[base]?.(n, modifier) ?? null;
}

const plain = (n: number): string => String(n);

const NUMBERS: Readonly<Record<string, (n: number, modifier: number) => string>> = {
  int2: plain,
  int4: plain,
  int8: plain,
  oid: plain,
  float4: plain,
  float8: plain,
  money: plain,
  numeric: (n, modifier) => {
    if (modifier < 0) return String(n);
    const { digits, scale } = numericOf(modifier);
    return digits - scale >= 4 ? String(n) : String(n % 10 ** Math.max(digits - scale, 0));
  },
};

/** numeric_typmod_precision and numeric_typmod_scale in numeric.c. */
const numericOf = (modifier: number): { digits: number; scale: number } => ({
  digits: ((modifier - 4) >> 16) & 0xffff,
  scale: (((modifier - 4) & 0x7ff) ^ 1024) - 1024,
});

/** What fits into a length is short, and tells numbers from one another as long as it can. */
function textOf(n: number, modifier: number): string {
  const length = modifier < 4 ? 63 : modifier - 4;
  return length >= 6 ? `v${n}` : n.toString(36).padStart(2, '0').slice(-length);
}

const DAY_MS = 86_400_000;
const dayOf = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * DAY_MS).toISOString().slice(0, 10);
const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');
const clock = (n: number): string =>
  `${String(Math.floor(n / 60) % 24).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}:07`;
const bits = (n: number, modifier: number): string => {
  const length = modifier > 0 ? modifier : 12;
  return n.toString(2).padStart(length, '0').slice(-length);
};

const OTHERS: Readonly<Record<string, (n: number, modifier: number) => string>> = {
  bool: (n) => String(n % 2 === 0),
  bytea: (n) => `\\x${hex(n, 8)}`,
  date: dayOf,
  timestamp: (n) => `${dayOf(n)} 08:09:10.5`,
  timestamptz: (n) => `${dayOf(n)} 08:09:10.5+00`,
  time: clock,
  timetz: (n) => `${clock(n)}+01`,
  interval: (n) => `${n} hours`,
  uuid: (n) => `00000000-0000-4000-8000-${hex(n, 12)}`,
  json: (n) => `{"n": ${n}}`,
  jsonb: (n) => `{"n": ${n}}`,
  xml: (n) => `<n>${n}</n>`,
  inet: (n) => `10.1.${n >> 8}.${n & 255}`,
  cidr: (n) => `10.1.${n >> 8}.${n & 255}/32`,
  macaddr: (n) => `08:00:2b:01:${hex(n >> 8, 2)}:${hex(n & 255, 2)}`,
  macaddr8: (n) => `08:00:2b:01:02:03:${hex(n >> 8, 2)}:${hex(n & 255, 2)}`,
  bit: (n, modifier) => bits(n, modifier > 0 ? modifier : 1),
  varbit: bits,
  point: (n) => `(${n},1)`,
  box: (n) => `((${n},2),(0,1))`,
  lseg: (n) => `((${n},2),(0,1))`,
  path: (n) => `((${n},2),(0,1))`,
  polygon: (n) => `((${n},2),(0,1),(1,1))`,
  circle: (n) => `<(${n},2),3>`,
  line: (n) => `{1,${n},3}`,
  tsvector: (n) => `'w${n}':1`,
  tsquery: (n) => `'w${n}'`,
  pg_lsn: (n) => `0/${hex(n, 1)}`,
  hstore: (n) => `"n"=>"${n}"`,
  ltree: (n) => `a.l${n}`,
  char: (n) => String.fromCharCode(97 + (n % 26)),
};

/**
 * What a column can hold that others of its kind may not: its ends, its longest, its most exact, nothing at all. Null
 * stands for NULL.
 */
export function extremeValues(column: WrittenColumn, n: number, longer = LONG): readonly (string | null)[] {
  const none = column.notNull ? [] : [null];
  if (column.kind === 'e') return [...none, ...column.labels];
  const { element } = column;
  if (element !== null && column.kind === 'b') {
    const more = element.kind === 'e' ? element.labels : (EXTREMES[element.name]?.(n, -1) ?? []);
    return [...none, '{}', ...more.map((one) => `{${JSON.stringify(one)}}`)];
  }
  // What has no limit is to be longer than any that it may get.
  const unlimited = column.modifier < 4 && ['text', 'varchar', 'citext'].includes(column.base);
  const long = unlimited && longer > LONG ? ['é'.repeat(longer)] : [];
  return [...none, ...long, ...(EXTREMES[column.base]?.(n, column.modifier) ?? [])];
}

/** Characters; more than most limits that anybody sets. */
const LONG = 300;

const texts = (n: number, modifier: number): string[] =>
  modifier < 4 ? ['', `${'é'.repeat(LONG)}${n}`, `A@b.C ${n}`] : ['', 'x'.repeat(modifier - 4), 'é'];

const EXTREMES: Readonly<Record<string, (n: number, modifier: number) => readonly string[]>> = {
  int2: (n) => [String(32_767 - (n % 999)), String(-n), '0'],
  int4: (n) => [String(2_147_483_647 - n), String(-n), '0'],
  int8: (n) => [String(9_223_372_036_854_000_000n + BigInt(n)), String(-n), '0'],
  float4: (n) => ['1e30', 'NaN', String(-n)],
  float8: (n) => ['1e300', 'NaN', `${n}.123456789012345`, String(-n)],
  numeric: (n, modifier) => {
    if (modifier < 0) return [`${n}12345678901234567890.123456789`, 'NaN', String(-n)];
    const { digits, scale } = numericOf(modifier);
    const whole = '9'.repeat(Math.max(digits - scale, 0)) || '0';
    return [scale > 0 ? `${whole}.${'9'.repeat(scale)}` : whole, '0', String(-1 - (n % 9))];
  },
  money: (n) => [String(-n)],
  text: texts,
  varchar: texts,
  citext: texts,
  bpchar: (_, modifier) => ['x'.repeat(Math.max(modifier - 4, 1))],
  bool: () => ['true', 'false'],
  bytea: () => ['\\x', `\\x${'ff00'.repeat(200)}`],
  date: () => ['0001-01-01', '9999-12-31', 'infinity'],
  timestamp: () => ['0001-01-01 00:00:00', '2026-02-03 04:05:06.123456', 'infinity'],
  timestamptz: () => ['0001-01-01 00:00:00+00', '2026-02-03 04:05:06.123456+05:30', 'infinity'],
  time: () => ['00:00:00', '23:59:59.999999'],
  timetz: () => ['23:59:59.999999-08'],
  interval: () => ['-1 year 2 mons 3 days 04:05:06.123456'],
  json: () => ['null', '[]', '{"a": {"b": [1, 2]}, "a": 2}', '"text"'],
  jsonb: () => ['null', '[]', '{"a": {"b": [1, 2]}}', '"text"'],
  inet: () => ['::1/64', '0.0.0.0/0'],
  uuid: (n) => [`ffffffff-ffff-4fff-bfff-${hex(n, 12)}`],
  bit: (_, modifier) => ['1'.repeat(Math.max(modifier, 1))],
  varbit: (_, modifier) => ['', '1'.repeat(modifier > 0 ? modifier : 40)],
};
