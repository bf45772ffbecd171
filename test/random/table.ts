import { escapeIdentifier } from 'pg';
import type { Random } from '../../lab/workload/random';
import type { HostileNames } from './hostile-names';
import type { ValueType } from './values';

/** How PostgreSQL finds the row of an UPDATE or DELETE on the clone. */
export type Identity = 'primary key' | 'index' | 'full' | 'full without key';

export interface Column {
  /** Quoted. */
  readonly name: string;
  readonly type: ValueType;
  readonly nullable: boolean;
}

/** A key column takes its values from a small set, so that writers meet the same rows again and again. */
export interface KeyColumn extends Column {
  /** Values far from those of `type.value`, for rows that come in bulk. */
  wide(random: Random): string;
}

export interface Table {
  /** Schema and name, quoted. */
  readonly name: string;
  readonly schema: string;
  readonly bare: string;
  readonly identity: Identity;
  readonly key: readonly KeyColumn[];
  readonly values: readonly Column[];
  /** Filled by the server: identity columns and generated ones. */
  readonly computed: readonly string[];
  readonly partitions: readonly string[];
  /** The table whose rows this one's point at. */
  readonly parent: Table | null;
  /** Nobody truncates it, so that a transaction that stays open does not stop the writers. */
  readonly calm: boolean;
}

const KEY_TEXTS = Array.from({ length: 25 }, (_, i) => `${['', "it's", 'say "hi"', 'ü😀', 'a\\b'][i % 5]}${i}`);

const INTEGER_KEY: Omit<KeyColumn, 'name'> = {
  type: { sql: 'bigint', equality: 'exact', value: (random) => String(random.int(1, 50)) },
  nullable: false,
  wide: (random) => String(random.int(1000, 2_000_000_000)),
};
const TEXT_KEY: Omit<KeyColumn, 'name'> = {
  type: { sql: 'text', equality: 'exact', value: (random) => random.pick(KEY_TEXTS) },
  nullable: false,
  wide: (random) => `wide ${random.bytes(8).toString('hex')}`,
};
const UUID_KEY: Omit<KeyColumn, 'name'> = {
  type: { sql: 'uuid', equality: 'exact', value: (random) => String(random.int(1, 50)).padStart(32, '0') },
  nullable: false,
  wide: (random) => random.bytes(16).toString('hex'),
};

const KEYS = [[INTEGER_KEY], [TEXT_KEY], [UUID_KEY], [TEXT_KEY, INTEGER_KEY], [INTEGER_KEY, UUID_KEY, TEXT_KEY]];

/** A table with a key and a handful of columns; what identity allows decides which types. */
export function newTable(
  random: Random,
  schema: string,
  names: HostileNames,
  types: readonly ValueType[],
  wanted: { identity: Identity; parent?: Table; calm?: boolean; key?: readonly Omit<KeyColumn, 'name'>[] },
): Table {
  const quoted = (): string => escapeIdentifier(names.of('column'));
  const usable = types.filter((type) => fits(type, wanted.identity));
  const values = Array.from({ length: random.int(2, 7) }, () => ({
    name: quoted(),
    type: random.pick(usable),
    nullable: random.int(0, 3) > 0,
  }));
  const toasted = usable.filter((type) => type.toasted);
  const bare = names.of('table');
  return {
    name: `${escapeIdentifier(schema)}.${escapeIdentifier(bare)}`,
    schema,
    bare,
    identity: wanted.identity,
    key: (wanted.key ?? random.pick(KEYS)).map((column) => ({ ...column, name: quoted() })),
    values:
      random.int(0, 2) === 0 ? values : [...values, { name: quoted(), type: random.pick(toasted), nullable: true }],
    computed: Array.from({ length: random.int(0, 2) }, quoted),
    partitions: [],
    parent: wanted.parent ?? null,
    calm: wanted.calm ?? false,
  };
}

/**
 * With REPLICA IDENTITY FULL the clone looks for a row that is equal, which
 * needs equality; and without any key it takes the first of them, so equal
 * rows must be the same (execReplication.c, tuples_equal).
 */
function fits(type: ValueType, identity: Identity): boolean {
  if (identity === 'full') return type.equality !== 'none';
  return identity !== 'full without key' || type.equality === 'exact';
}

/** LIST over RANGE over the key, with a default partition at both levels. */
export const PARTITION_KEYS: readonly Omit<KeyColumn, 'name'>[] = [
  {
    type: { sql: 'text', equality: 'exact', value: (random) => random.pick(['north', "s'üd", 'else', '']) },
    nullable: false,
    wide: (random) => random.pick(['north', "s'üd", 'else']),
  },
  {
    type: { sql: 'int', equality: 'exact', value: (random) => String(random.int(0, 30)) },
    nullable: false,
    wide: (random) => String(random.int(1000, 2_000_000_000)),
  },
];
