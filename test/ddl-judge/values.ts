import { escapeLiteral } from 'pg';
import type { Random } from '../../lab/workload/random';
import type { SceneColumn } from './scene';

const TEXTS = ['', 'a', "it's", 'say "hi"', 'ünï', 'b\\c', 'long '.repeat(8), 'null', '42', '7'];

const OF_TYPE: Readonly<Record<string, (random: Random) => string>> = {
  int2: (random) => String(random.int(-5, 60)),
  int4: (random) => String(random.int(-5, 60)),
  int8: (random) => String(random.int(-5, 60)),
  numeric: (random) => random.pick(['0', '1.5', '-2.25', '33', '7.00']),
  float4: (random) => random.pick(['0', '1.5', '0.1', '-7']),
  float8: (random) => random.pick(['0', '1.5', '0.1', '0.30000000000000004', '-7']),
  text: (random) => random.pick(TEXTS),
  varchar: (random) => random.pick(TEXTS).slice(0, 8),
  bpchar: (random) => random.pick(TEXTS).slice(0, 3),
  bool: (random) => random.pick(['true', 'false']),
  date: (random) => `2026-0${random.int(1, 9)}-11`,
  timestamp: (random) => `2026-0${random.int(1, 9)}-11 12:34:56.789`,
  timestamptz: (random) => `2026-0${random.int(1, 9)}-11 12:34:56.789+05`,
  interval: (random) => random.pick(['1 month', '-3 days', '00:00:01.5']),
  uuid: (random) => random.bytes(16).toString('hex'),
  jsonb: (random) => random.pick(['null', '{"a": 1.0}', '[1, "x"]']),
  bytea: (random) => `\\x${random.bytes(random.int(0, 6)).toString('hex')}`,
  _int4: (random) => random.pick(['{}', '{1,2,NULL}']),
  _text: (random) => random.pick(['{}', '{a,"b c"}']),
};

/** A value of the column's type as SQL, or null where the judge knows none: it is left to its default then. */
export function valueOf(random: Random, { type, base, labels, notNull }: SceneColumn): string | null {
  if (!notNull && random.int(0, 6) === 0) return 'NULL';
  const text = labels !== null ? random.pick(labels) : OF_TYPE[base]?.(random);
  if (text !== undefined) return `${literal(text)}::${type}`;
  return notNull ? null : 'NULL';
}

/** escapeLiteral writes E'…' for a backslash, with a space before it. */
export const literal = (text: string): string => escapeLiteral(text).trim();
