import { changedTables, type ChangedTable, type NamesRow } from '../sent-names';
import { transactionOf, type SentRow, type SentTransaction } from '../sent-messages';
import { formatLsn, parseLsn } from '../text/lsn';
import { quoteIdent } from '../text/quoting';
import type { Session } from '../session';

/** Which transaction is looked for, and how far. */
export interface Wanted {
  readonly slot: string;
  readonly publication: string;
  /** What the clone has applied: the first with changes that ends later is what its worker is at. */
  readonly origin: string;
  /** Where the one that is wanted ends, from 15 on: no further is looked. null: not known. */
  readonly finish: string | null;
}

/** Changes after which the server stops at the end of a transaction; each time the slot is read from its beginning. */
const STEPS = [1, 1_000, 100_000] as const;

/**
 * The first transaction with changes that the clone has not applied, by a look into the slot that consumes nothing
 * (pg_logical_slot_peek_binary_changes). That is what the worker comes to next: it applies one after the other, in the
 * order of their commits. The server counts the rows; no value of a row leaves it.
 *
 * @returns null: the slot has none
 * @throws 55006 while a worker reads the slot; 57014 where it takes longer than the session may
 */
export async function firstUnapplied(session: Session, wanted: Wanted): Promise<SentTransaction | null> {
  const row = await inSteps(wanted, (values) => session.query<SentRow & Row>(LOOK, values));
  return row === null ? null : transactionOf(row);
}

/** The tables of which the same transaction has changes, under all names that they have in it. */
export async function namesUnapplied(session: Session, wanted: Wanted): Promise<ChangedTable[]> {
  const row = await inSteps(wanted, (values) => session.query<NamesRow & Row>(NAMES, values));
  return row === null ? [] : changedTables(row);
}

type Row = Record<string, unknown>;
type Look<T> = (values: readonly (string | number | null)[]) => Promise<T[]>;

async function inSteps<T>(wanted: Wanted, look: Look<T>): Promise<T | null> {
  const steps = wanted.finish === null ? [...STEPS, null] : [null];
  for (const most of steps) {
    const [found] = await look(valuesOf(wanted, most));
    if (found !== undefined) return found;
  }
  return null;
}

/**
 * Messages of protocol 1 (protocol.sgml, "Logical Replication Message Formats"). A position and an oid are big-endian,
 * so their hexadecimal texts sort as they do.
 */
const SENT = `WITH sent AS MATERIALIZED (
  SELECT row_number() OVER () AS n, xid::text AS xid, chr(get_byte(data, 0)) AS kind, data
  FROM pg_logical_slot_peek_binary_changes($1::name, $2::pg_lsn, $3::int, 'proto_version', '1', 'publication_names', $4::text)
), ends AS (
  SELECT xid, max(n) AS n,
         max(encode(substring(data FROM 3 FOR 8), 'hex')) FILTER (WHERE kind = 'C') AS committed,
         max(encode(substring(data FROM 11 FOR 8), 'hex')) FILTER (WHERE kind = 'C') AS ended,
         max(encode(substring(data FROM 19 FOR 8), 'hex')) FILTER (WHERE kind = 'C') AS micros
  FROM sent GROUP BY xid HAVING count(*) FILTER (WHERE kind IN ('I', 'U', 'D', 'T')) > 0
), wanted AS (SELECT * FROM ends WHERE ended > $5 ORDER BY n LIMIT 1)`;

const LOOK = `${SENT}
SELECT w.xid, w.committed, w.ended, w.micros,
       (SELECT json_agg(c) FROM (
          SELECT kind, encode(substring(data FROM 2 FOR 4), 'hex') AS relation, count(*)::float8 AS count
          FROM sent s WHERE s.xid = w.xid AND kind IN ('I', 'U', 'D') GROUP BY 1, 2) c) AS changes,
       (SELECT json_agg(encode(data, 'hex')) FROM sent s WHERE s.xid = w.xid AND kind = 'T') AS truncated,
       (SELECT json_agg(encode(data, 'hex') ORDER BY n) FROM sent s WHERE s.n <= w.n AND kind = 'R') AS relations
FROM wanted w`;

/** `n`: in which order they are sent. A name is sent before the first change under it. */
const NAMES = `${SENT}
SELECT (SELECT json_agg(c) FROM (
          SELECT encode(substring(data FROM 2 FOR 4), 'hex') AS relation, min(n)::float8 AS first, max(n)::float8 AS last
          FROM sent s WHERE s.xid = w.xid AND kind IN ('I', 'U', 'D') GROUP BY 1) c) AS changes,
       (SELECT json_agg(json_build_object('n', n, 'data', encode(data, 'hex'))) FROM sent s WHERE s.xid = w.xid AND kind = 'T') AS truncated,
       (SELECT json_agg(json_build_object('n', n, 'data', encode(data, 'hex')) ORDER BY n) FROM sent s WHERE s.n <= w.n AND kind = 'R') AS names
FROM wanted w`;

function valuesOf(wanted: Wanted, most: number | null): (string | number | null)[] {
  const upTo = wanted.finish === null ? null : formatLsn(parseLsn(wanted.finish) + 1n);
  return [wanted.slot, upTo, most, quoteIdent(wanted.publication), hexOf(wanted.origin)];
}

const hexOf = (lsn: string): string => parseLsn(lsn).toString(16).padStart(16, '0');
