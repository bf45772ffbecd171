import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Random } from '../../lab/workload/random';
import type { Feature } from './features';

/**
 * - exact: values that PostgreSQL calls equal look the same
 * - loose: equal values may look different (1.0 and 1.00)
 * - none: the type has no equality
 */
export type Equality = 'exact' | 'loose' | 'none';

/** A type and what to put into it, as text that the server casts. */
export interface ValueType {
  readonly sql: string;
  readonly equality: Equality;
  /** Out of line and rarely updated, so that UPDATE leaves it unchanged. */
  readonly toasted?: boolean;
  /** What any value of it is an example of. */
  readonly shows?: Feature;
  value(random: Random): string | null;
}

const TEXTS = [
  '',
  ' ',
  'null',
  'NULL',
  "'",
  '"',
  '\\',
  'a\nb\tc',
  '{a,b}',
  '(1,2)',
  'ünïcödé',
  '😀',
  '名前',
  '\\N',
  '0',
  'x'.repeat(300),
];
const INTEGERS = ['0', '1', '-1', '7', '42', '32767', '-32768'];

const from = (...values: readonly (string | null)[]) => {
  return (random: Random): string | null => random.pick(values);
};
const typeOf =
  (equality: Equality) =>
  (sql: string, value: ValueType['value'], shows?: Feature): ValueType => ({ sql, equality, value, shows });
const exact = typeOf('exact');
const loose = typeOf('loose');
const without = typeOf('none');

/** Quotes an item for a record or an array; both read backslashes and double quotes alike. */
function item(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const recordLiteral = (fields: readonly (string | null)[]): string =>
  `(${fields.map((field) => (field === null ? '' : item(field))).join(',')})`;
const arrayLiteral = (items: readonly (string | null)[]): string =>
  `{${items.map((one) => (one === null ? 'NULL' : item(one))).join(',')}}`;

const anyText = (random: Random): string =>
  random.int(0, 2) > 0 ? random.pick(TEXTS) : random.bytes(6).toString('base64');

export const BUILT_IN: readonly ValueType[] = [
  exact('int', from(...INTEGERS, '2147483647', '-2147483648')),
  exact('smallint', from(...INTEGERS)),
  exact('bigint', from(...INTEGERS, '9223372036854775807', '-9223372036854775808')),
  exact('bool', from('true', 'false')),
  exact('text', anyText),
  exact('varchar(400)', anyText),
  exact('bytea', (random) => `\\x${random.bytes(random.int(0, 20)).toString('hex')}`),
  exact('date', from('2024-02-29', 'infinity', '-infinity', '0044-03-15 BC', '1999-12-31')),
  exact(
    'timestamptz',
    from('infinity', '-infinity', '2024-01-01 00:00:00.123456+09', '0001-01-01 BC', '1900-01-01 UTC'),
  ),
  exact('timestamp', from('infinity', '2024-06-30 23:59:59.999999', '-infinity')),
  exact('time', from('00:00', '24:00', '12:34:56.789')),
  exact('uuid', (random) => random.bytes(16).toString('hex')),
  exact(
    'text[]',
    (random) =>
      arrayLiteral(Array.from({ length: random.int(0, 4) }, () => (random.int(0, 3) === 0 ? null : anyText(random)))),
    'array',
  ),
  exact('int[]', from('{}', '{{1,2},{3,NULL}}', '[-1:1]={1,2,3}', '{NULL}'), 'array'),
  exact('inet', from('10.0.0.1', '10.0.0.0/8', '::1', 'fe80::/64')),
  exact('bit(5)', from('00000', '10101')),
  exact('int4range', from('empty', '[1,5)', '(,)', '[7,)', '(,0)'), 'range'),
  exact('int4multirange', from('{}', '{[1,2),[4,5)}', '{(,)}'), 'multirange'),
  loose('tstzrange', from('empty', '[2024-01-01 UTC,infinity)', '(,2024-01-01 UTC]', '[-infinity,infinity]')),
  loose(
    'numeric',
    from('NaN', 'Infinity', '-Infinity', '0', '0.00', '1.0', '1.000', '-12345678901234567890.123456789', '1e-300'),
  ),
  loose('numeric(12, 3)', from('NaN', '0', '-0.001', '123456789.125')),
  loose('real', from('NaN', 'Infinity', '-Infinity', '-0', '0', '1e-38', '0.1')),
  loose('double precision', from('NaN', 'Infinity', '-Infinity', '-0', '0', '1e-300', '0.1', '0.30000000000000004')),
  loose('interval', from('1 month', '30 days', '-1 year 2 days 03:04:05.678', '720 hours')),
  loose('jsonb', from('null', '{"a": 1.0}', '{"a": 1.00, "ü": [null, ""]}', '[]', '"text"')),
  loose('char(5)', from('', 'ab', 'ab   ', 'üüüüü')),
  without('json', from('null', '{"a":  1, "a": 2}', '[]', '""')),
  without('xml', from('<a/>', '<b c="d">&lt;</b>')),
  without('point', from('(0,0)', '(-0,NaN)', '(Infinity,1)')),
  {
    sql: 'text',
    equality: 'exact',
    toasted: true,
    value: (random) => random.bytes(random.int(1500, 4500)).toString('hex'),
  },
  {
    sql: 'bytea',
    equality: 'exact',
    toasted: true,
    value: (random) => `\\x${random.bytes(random.int(2500, 6000)).toString('hex')}`,
  },
];

export interface OwnTypes {
  readonly ddl: readonly string[];
  readonly types: readonly ValueType[];
}

/** An enum, a composite, domains and a range of the database's own; `name` gives a new qualified name, quoted. */
export function ownTypes(name: () => string, label: () => string): OwnTypes {
  const [mood, pair, shortText, smallInt, span] = [name(), name(), name(), name(), name()];
  const labels = [label(), label(), label()];
  const fields = [label(), label(), label()].map(escapeIdentifier);
  const pairValue = (r: Random): string =>
    recordLiteral([r.pick(INTEGERS), r.int(0, 4) === 0 ? null : anyText(r), r.pick(['NaN', '1.50', null])]);
  return {
    ddl: [
      `CREATE TYPE ${mood} AS ENUM (${labels.map(escapeLiteral).join(', ')})`,
      `CREATE TYPE ${pair} AS (${fields[0]} int, ${fields[1]} text, ${fields[2]} numeric)`,
      `CREATE DOMAIN ${shortText} AS varchar(300) CHECK (VALUE <> 'forbidden')`,
      `CREATE DOMAIN ${smallInt} AS int DEFAULT 7 CHECK (VALUE > -40000)`,
      `CREATE TYPE ${span} AS RANGE (subtype = float8)`,
    ],
    types: [
      exact(mood, from(...labels), 'enum'),
      exact(`${mood}[]`, (r) => arrayLiteral([r.pick(labels), null, r.pick(labels)])),
      loose(pair, pairValue, 'composite'),
      loose(
        `${pair}[]`,
        (r) => arrayLiteral(Array.from({ length: r.int(0, 3) }, () => (r.int(0, 4) === 0 ? null : pairValue(r)))),
        'array of composites',
      ),
      exact(shortText, anyText, 'domain'),
      exact(smallInt, from(...INTEGERS), 'domain'),
      loose(span, from('empty', '[-Infinity,Infinity]', '[0,1)', '(,)'), 'range'),
    ],
  };
}
