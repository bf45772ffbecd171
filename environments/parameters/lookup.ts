import { tables, type AuroraRow, type PostgresqlRow, type Row } from './table';

/** AWS's list is of this version. */
const LISTED_MAJOR = 14;
/** The setting that RDS has in the place of one of PostgreSQL's. */
const INSTEAD: Readonly<Record<string, string>> = { wal_level: 'rds.logical_replication' };

/** What the tables know of a parameter in one major version. */
export type Known =
  | {
      /** `unlisted`: PostgreSQL has it, and it is younger than AWS's list, which therefore cannot tell. */
      readonly kind: 'listed' | 'unlisted';
      readonly row: Row;
      /** Not one of Aurora or of an extension. */
      readonly ofPostgresql: boolean;
    }
  /** `fixed`: AWS lists it, and nobody may change it. `withheld`: PostgreSQL has it, AWS does not list it. */
  | { readonly kind: 'fixed' | 'withheld'; readonly instead?: string }
  | { readonly kind: 'other-version'; readonly majors: string }
  | { readonly kind: 'unknown' };

/** Looks a parameter up. AWS's word goes before PostgreSQL's, except where PostgreSQL has changed since AWS's list. */
export function lookUp(name: string, major: number): Known {
  const { postgresql, aurora } = tables();
  const rows = postgresql.get(name) ?? [];
  const own = rowFor(rows, major);
  const listed = aurora.get(name);
  if (own === undefined && rows.length > 0) return { kind: 'other-version', majors: majorsOf(rows) };
  if (listed?.fixed === true) return { kind: 'fixed' };
  const then = rowFor(rows, LISTED_MAJOR);
  if (listed !== undefined) return { kind: 'listed', row: merged(listed, own, then), ofPostgresql: own !== undefined };
  if (own === undefined) return { kind: 'unknown' };
  return then === undefined
    ? { kind: 'unlisted', row: own, ofPostgresql: true }
    : { kind: 'withheld', instead: INSTEAD[name] };
}

/** Every name that may be set in a major version. */
export function settableNames(major: number): string[] {
  const { postgresql, aurora } = tables();
  return [...new Set([...postgresql.keys(), ...aurora.keys()])].filter((name) =>
    ['listed', 'unlisted'].includes(lookUp(name, major).kind),
  );
}

function rowFor(rows: readonly PostgresqlRow[], major: number): PostgresqlRow | undefined {
  return rows.find(({ from, to }) => from <= major && major <= to);
}

function majorsOf(rows: readonly PostgresqlRow[]): string {
  const [from, to] = [Math.min(...rows.map((row) => row.from)), Math.max(...rows.map((row) => row.to))];
  return from === to ? `version ${from} has it` : `versions ${from} to ${to} have it`;
}

/** @param then what PostgreSQL said in the version of AWS's list */
function merged(listed: AuroraRow, own: PostgresqlRow | undefined, then: PostgresqlRow | undefined): Row {
  if (own === undefined || then === undefined) return listed;
  const pick = <K extends keyof Row>(key: K): Row[K] => (own[key] === then[key] ? listed[key] : own[key]);
  const grown = own.values?.filter((value) => then.values?.includes(value) !== true) ?? [];
  const type = pick('type');
  return {
    applyType: pick('applyType'),
    type,
    min: pick('min'),
    max: pick('max'),
    unit: own.unit,
    values: type !== listed.type ? own.values : listed.values && [...listed.values, ...grown],
  };
}
