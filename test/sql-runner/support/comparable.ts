import type { Answers } from './answering';
import { FLUSH } from './observations';

/** `wider`: equal, with a column of its own on the clone. */
export type Kind = 'equal' | 'wider' | 'different' | 'unsupported';

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
    const column = { type, domain: false, baseType: type, baseName: type, builtIn: true };
    const wider = kinds[String(oid)] === 'wider' && side === 'target';
    return (wider ? ['id', 'own'] : ['id']).map((name) => ({ name, ...column }));
  },
  "o.oprname = '='": () => [],
  // However long the machine takes, nobody waits.
  'b.pid AS behind': () => [],
});
