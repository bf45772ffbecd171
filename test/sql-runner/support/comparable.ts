import type { Answers } from './answering';
import { FLUSH } from './observations';

export type Kind = 'equal' | 'different' | 'unsupported';

/** What a comparison of rows asks, of empty tables: which of them differ, or cannot be compared. */
export const comparable = (kinds: Readonly<Record<string, Kind>> = {}): Answers => ({
  'pg_is_in_recovery() AS replica': () => [{ replica: false }],
  'pg_current_wal_insert_lsn()::text AS lsn': () => [{ lsn: FLUSH, page: '8192', segment: '16777216' }],
  'AS got': () => [{ got: true }],
  'relkind::text AS relkind': (_, [, name]) => {
    const relkind = kinds[String(name)] === 'unsupported' ? 'v' : 'r';
    return [{ oid: String(name), relkind, estimatedRows: 0 }];
  },
  'WITH RECURSIVE base (attnum': ({ side }, [oid]) => {
    const type = kinds[String(oid)] === 'different' && side === 'target' ? 'int8' : 'text';
    return [{ name: 'id', type, domain: false, baseType: type, baseName: type, builtIn: true }];
  },
  "o.oprname = '='": () => [],
  // However long the machine takes, nobody waits.
  'b.pid AS behind': () => [],
});
