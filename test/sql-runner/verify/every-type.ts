import { from } from '../../support/postgres-major';

/**
 * Values of every type that PostgreSQL brings along and a table may have, as
 * SQL. Those in one list are many texts, and on purpose look alike: equal as
 * values, equal under a collation, equal but for a bit that the text does not
 * show. Whether two are the same is for the judge to say, not for this list.
 */
export const EVERY_TYPE: Readonly<Record<string, readonly string[]>> = {
  bool: ['true', 'false'],
  int2: ['0', '1', '-1', '256', '-32768'],
  int4: ['0', '1', '-1', '65536', '-2147483648'],
  int8: ['0', '1', '4294967296', '-1', '-4294967297', '9223372036854775807'],
  oid: ['0', '1', '4294967295'],
  xid: [`'1'`, `'4294967295'`],
  cid: [`'1'`, `'2'`],
  tid: [`'(0,1)'`, `'(1,0)'`, `'(1,1)'`],
  float4: ['0', `'-0'`, '0.1', '0.10000001', `'NaN'`, `-('NaN'::float4)`, `'Infinity'`],
  float8: ['0', `'-0'`, '0.1', '0.10000000000000002', `'NaN'`, `-('NaN'::float8)`, `'-Infinity'`, '1e300'],
  numeric: [
    '0',
    '0.0',
    '1',
    '1.0',
    '1.00',
    '-1',
    '100',
    '1e2',
    '0.001',
    `'NaN'`,
    '1e-20',
    '123456789012345678901234567890.5',
  ],
  money: [`'1.00'`, `'1.01'`, `'-1.00'`, `'1000000'`],
  text: [`''`, `'a'`, `'A'`, `'a '`, `'NULL'`, `'ä'`, `'a' || chr(776)`, `E'a\\nb'`, `repeat('long ', 2000)`],
  varchar: [`''`, `'a'`, `'a '`, `'null'`],
  bpchar: [`'a'`, `'a '`, `'a  '`, `''`, `' '`],
  name: [`'a'`, `'A'`, `repeat('n', 63)`],
  char: [`'a'`, `'b'`, `''`],
  bytea: [`'\\x'`, `'\\x00'`, `'\\x0000'`, `'\\x61'`, `decode(repeat('00ff', 5000), 'hex')`],
  uuid: [
    `'00000000-0000-0000-0000-000000000000'`,
    `'00000000-0000-0000-0000-000000000001'`,
    `'10000000-0000-0000-0000-000000000000'`,
  ],
  date: [`'2000-01-01'`, `'2000-01-02'`, `'infinity'`, `'-infinity'`, `'0044-03-15 BC'`, `'5874897-12-31'`],
  time: [`'00:00'`, `'24:00'`, `'00:00:00.000001'`, `'12:00'`],
  timetz: [`'12:00+00'`, `'14:00+02'`, `'12:00+00:00:01'`],
  timestamp: [`'2000-01-01 00:00:00.000001'`, `'2000-01-01 01:11:34.967296'`, `'infinity'`, `'0001-01-01 BC'`],
  timestamptz: [
    `'2000-01-01 00:00:00.000001Z'`,
    `'2000-01-01 01:11:34.967296Z'`,
    `'-infinity'`,
    `'2000-01-01 00:00+09'`,
  ],
  interval: [`'1 month'`, `'30 days'`, `'720 hours'`, `'1 day'`, `'24 hours'`, `'-1 mon +1 day'`, `'0'`],
  inet: [`'10.0.0.1'`, `'10.0.0.1/8'`, `'::1'`, `'::ffff:10.0.0.1'`],
  cidr: [`'10.0.0.0/8'`, `'10.0.0.0/16'`, `'10.0.0.0/32'`],
  macaddr: [`'08:00:2b:01:02:03'`, `'08:00:2b:01:02:04'`],
  macaddr8: [`'08:00:2b:01:02:03:04:05'`, `'08:00:2b:ff:fe:01:02:03'`],
  bit: [`B'101'`, `B'100'`, `B'1010'`, `B'0101'`],
  varbit: [`B''`, `B'1'`, `B'10'`, `B'01'`, `B'00000000'`],
  json: [`'{"a":1}'`, `'{"a": 1}'`, `'{"a":1,"a":1}'`, `'1.0'`, `'null'`],
  jsonb: [
    `'{"a": [1]}'`,
    `'{"a": [2]}'`,
    `'{"a": {"b": 1}}'`,
    `'{"a": {"b": "1"}}'`,
    `'1.0'`,
    `'1'`,
    `'null'`,
    `'[]'`,
    `'[[]]'`,
  ],
  jsonpath: [`'$.a'`, `'$.b'`, `'lax $.a'`, `'strict $.a'`, `'$.a + 1'`],
  xml: [`'<a/>'`, `'<a></a>'`, `'<?xml version="1.0"?><a/>'`, `'<?xml version="1.0" encoding="UTF-8"?><a/>'`, `'text'`],
  point: [`'(0,0)'`, `'(-0,0)'`, `'(1,2)'`, `point(0, -('NaN'::float8))`, `'(0,NaN)'`],
  lseg: [`'[(0,0),(1,1)]'`, `'[(1,1),(0,0)]'`],
  line: [`'{1,2,3}'`, `'{2,4,6}'`],
  box: [`'(1,1),(0,0)'`, `'(1,1),(-0,0)'`],
  path: [`'[(0,0),(1,1)]'`, `'((0,0),(1,1))'`],
  polygon: [`'((0,0),(1,1),(2,0))'`, `'((1,1),(2,0),(0,0))'`],
  circle: [`'<(0,0),1>'`, `'<(0,0),2>'`],
  tsvector: [`'a b'`, `'b:1 a'`, `'a:1 b:2'`, `'a:1A b:2'`, `''`],
  tsquery: [`'a & (b & c)'`, `'(a & b) & c'`, `'a & b & c'`, `'a <-> b'`, `'a <2> b'`, `'!a'`, `'a:*'`, `''`],
  int4range: [`'[1,2)'`, `'[1,3)'`, `'empty'`, `'(,3)'`, `'(,)'`],
  int8range: [`'[1,4294967297)'`, `'[4294967297,4294967298)'`, `'empty'`],
  numrange: [`'[1.0,2)'`, `'[1.00,2)'`, `'(1.0,2)'`, `'[1.0,2]'`],
  daterange: [`'[2000-01-01,2000-02-01)'`, `'[2000-01-01,infinity)'`, `'[2000-01-01,)'`],
  tsrange: [`'[2000-01-01,2000-02-01)'`, `'(2000-01-01,2000-02-01)'`],
  tstzrange: [`'[2000-01-01Z,2000-02-01Z)'`, `'[2000-01-01Z,)'`],
  ...(from(14)
    ? {
        int4multirange: [`'{}'`, `'{[1,2)}'`, `'{[1,2),[4,5)}'`],
        int8multirange: [`'{}'`, `'{[1,4294967297)}'`],
        nummultirange: [`'{[1.0,2)}'`, `'{[1.00,2)}'`],
        datemultirange: [`'{[2000-01-01,2000-02-01)}'`, `'{}'`],
        tsmultirange: [`'{[2000-01-01,2000-02-01)}'`, `'{}'`],
        tstzmultirange: [`'{[2000-01-01Z,2000-02-01Z)}'`, `'{}'`],
      }
    : {}),
  pg_lsn: [`'0/0'`, `'0/1'`, `'1/0'`],
  xid8: [`'1'`, `'4294967297'`],
  txid_snapshot: [`'10:20:10,14'`, `'10:20:'`],
  pg_snapshot: [`'10:20:10,14'`, `'10:20:'`],
  refcursor: [`'a'`, `'A'`, `''`],
  aclitem: [`'rdsadmin=r/rdsadmin'`, `'rdsadmin=w/rdsadmin'`, `'=r/rdsadmin'`],
  regclass: [`'pg_class'`, `'pg_type'`, `0`],
  regtype: [`'int4'`, `'int8'`],
  regproc: [`'now'`, `'textin'`],
  regprocedure: [`'abs(int4)'`, `'abs(int8)'`],
  regoper: [`'|/'`, `'||/'`],
  regoperator: [`'+(int4,int4)'`, `'+(int8,int8)'`],
  regnamespace: [`'pg_catalog'`, `'public'`],
  regrole: [`'rdsadmin'`, `'master'`],
  regcollation: [`'"C"'`, `'"POSIX"'`],
  regconfig: [`'english'`, `'simple'`],
  regdictionary: [`'english_stem'`, `'simple'`],
};

/** Built-in types that hold planner statistics or index entries, and refuse to be read from text. */
export const NOT_FOR_TABLES = `pg_node_tree pg_ndistinct pg_dependencies pg_mcv_list pg_brin_bloom_summary
  pg_brin_minmax_multi_summary gtsvector`.split(/\s+/);

/** "char" is a type, char another one. */
export const BUILT_IN: typeof EVERY_TYPE = Object.fromEntries(
  Object.entries(EVERY_TYPE).map(([name, values]) => [`pg_catalog."${name}"`, values]),
);

/** What databases make for themselves out of them. */
export const OWN_TYPES_DDL = `
  CREATE EXTENSION citext; CREATE EXTENSION ltree; CREATE EXTENSION hstore;
  CREATE COLLATION no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  CREATE TYPE mood AS ENUM ('calm', 'wild', 'null');
  CREATE TYPE pair AS (a int, b numeric);
  CREATE TYPE nested AS (p pair, f float8, q tsquery, t text);
  CREATE TYPE float_range AS RANGE (subtype = float8);
  CREATE DOMAIN padded AS bpchar;
  CREATE DOMAIN padded_again AS padded;
  CREATE DOMAIN page AS xml;
  CREATE DOMAIN degrees AS float8;
  CREATE DOMAIN short_text AS text COLLATE no_case;
  CREATE DOMAIN big AS int8;
  CREATE DOMAIN numbers AS int[];
  CREATE DOMAIN spell AS daterange;
  CREATE DOMAIN temper AS mood;
  CREATE TYPE told AS ENUM ('one', 'two');
  CREATE FUNCTION told_as_text(told) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'always the same' $$;
  CREATE CAST (told AS text) WITH FUNCTION told_as_text(told);`;

export const OWN_TYPES: Readonly<Record<string, readonly string[]>> = {
  'public.citext': [`'a'`, `'A'`, `'a '`],
  'public.ltree': [`'a.b'`, `'a.b.c'`, `'A.b'`],
  'public.hstore': [`'a=>1,b=>2'`, `'b=>2,a=>1'`, `'a=>NULL'`, `'a=>"NULL"'`],
  'public.mood': [`'calm'`, `'wild'`, `'null'`],
  'public.pair': [`'(1,2.0)'`, `'(1,2.00)'`, `'(1,)'`, `'(,)'`],
  'public.nested': [
    `ROW('(1,2.0)', '-0', 'a & (b & c)', 'x,y')`,
    `ROW('(1,2.0)', '0', '(a & b) & c', 'x')`,
    `ROW(NULL, -('NaN'::float8), NULL, NULL)`,
    `ROW(NULL, 'NaN', NULL, NULL)`,
  ],
  'public.float_range': [`'[0,1)'`, `'[-0,1)'`],
  'public.padded': [`'a'`, `'a '`, `'b'`],
  'public.padded_again': [`'a'`, `'a '`],
  'public.page': [`'<a/>'`, `'<a></a>'`, `'<?xml version="1.0"?><a/>'`],
  'public.degrees': [`'0'`, `'-0'`, `'NaN'`, `-('NaN'::float8)`],
  'public.short_text': [`'a'`, `'A'`],
  'public.big': ['1', '4294967296'],
  'public.numbers': [`'{1}'`, `'{{1}}'`, `'[0:0]={1}'`],
  'public.spell': [`'[2000-01-01,2000-02-01)'`, `'empty'`],
  'public.temper': [`'calm'`, `'wild'`],
  'public.told': [`'one'`, `'two'`],
  'text COLLATE public.no_case': [`'a'`, `'A'`],
  'bpchar(4)': [`'a'`, `'ab'`],
  'numeric(6,2)': ['1', '1.01', '-1'],
};

/** Columns of these types and of arrays of them: type, collation, and values as SQL. */
export function columnsOver(
  types: typeof EVERY_TYPE,
): { type: string; collation: string; values: readonly string[] }[] {
  return Object.entries(types).flatMap(([declared, given]) => {
    const [type, collated] = declared.split(' COLLATE ') as [string, string?];
    const collation = collated === undefined ? '' : `COLLATE ${collated}`;
    const values = given.map((value) => `(${value})::${type}`);
    return [
      { type, collation, values },
      { type: `${type}[]`, collation, values: arraysOf(type, values) },
    ];
  });
}

function arraysOf(type: string, values: readonly string[]): string[] {
  // ARRAY[…] of a domain over an array would be an array of the elements.
  if (type === 'public.numbers') return [`'{"{1}"}'`, `'{"{{1}}","[0:0]={1}"}'`, `'{NULL}'`];
  const [a, b] = [values[0]!, values.at(-1)!];
  const arrays = [`ARRAY[${a}]`, `ARRAY[${b}]`, `ARRAY[${a}, ${b}]`, `ARRAY[[${a}, ${b}]]`, `ARRAY[${a}, NULL]`];
  return [...arrays, `'{}'::${type}[]`];
}
