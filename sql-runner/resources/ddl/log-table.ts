import type { Statement } from '../../model/change';
import { formatMark } from '../../model/mark';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';

/** So many days are kept of the log, on both sides. */
export const KEPT_DAYS = 90;

/** A longer statement is noted without its text. */
export const LONGEST_STATEMENT = 1_000_000;

/**
 * Where DDL is written down: made in the same form on both sides, as rows of it are sent. `missed` counts what could not
 * be written: a sequence, as what a transaction that fails has counted there stays counted.
 *
 * Nobody but its owner may read or write it: the schema is open to nobody else, and what is written in a row is carried
 * out on the clone as the role that the row names.
 */
export function logStatements(schema: string, environment: string): Statement[] {
  const s = quoteIdent(schema);
  const mark = quoteLiteral(formatMark({ kind: 'ddl', environment }));
  return [
    { text: `CREATE SCHEMA ${s}` },
    { text: `REVOKE ALL ON SCHEMA ${s} FROM PUBLIC` },
    { text: `COMMENT ON SCHEMA ${s} IS ${mark}` },
    {
      text: `CREATE TABLE ${s}.log (number bigint PRIMARY KEY, event text NOT NULL, tag text NOT NULL, at timestamptz NOT NULL,
  transaction text NOT NULL, lsn pg_lsn NOT NULL, message text NOT NULL, missed bigint NOT NULL, context text,
  login text NOT NULL, role text NOT NULL, settings jsonb NOT NULL, facts jsonb NOT NULL, statement text)`,
    },
    { text: `REVOKE ALL ON TABLE ${s}.log FROM PUBLIC` },
    { text: `CREATE INDEX log_message ON ${s}.log (message)` },
    { text: `COMMENT ON TABLE ${s}.log IS ${mark}` },
  ];
}
