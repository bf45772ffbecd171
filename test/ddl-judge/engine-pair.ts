import type { Client } from 'pg';
import { seeingStatements, applierStatements } from '../../sql-runner/resources/ddl/applier';
import { logStatements } from '../../sql-runner/resources/ddl/log-table';
import { recorderStatements, triggerStatements } from '../../sql-runner/resources/ddl/recorder';
import type { TestCluster } from '../support/postgres';
import { type Ground, openGround } from './plain-ground';

const SCHEMA = 'acas_judged_ddl';

/**
 * What sql-runner makes in both databases for `ddl: apply`, between two databases that are connected by hand: no
 * environment, no plan, and so many seeds a minute. New tables are added by a plain refresh.
 */
export function openEngine(test: TestCluster, log: () => string): Promise<Ground> {
  return openGround(test, log, {
    prepare: async ({ source, clone }) => {
      await all(clone, [
        ...logStatements(SCHEMA, 'judged'),
        ...applierStatements(SCHEMA, 'judged'),
        ...seeingStatements(SCHEMA, 'judged'),
      ]);
      await all(source, [...logStatements(SCHEMA, 'judged'), ...recorderStatements(SCHEMA)]);
    },
    published: [`${SCHEMA}.log`],
    connected: ({ source }) => all(source, triggerStatements(SCHEMA, 'judged')),
    complaints: async ({ source, clone }) => {
      const { rows } = await clone.query<{ number: string }>(
        `SELECT last_value AS number FROM ${SCHEMA}.stopped WHERE last_value > 0`,
      );
      if (rows.length === 0) return [];
      const text = `SELECT statement, j.reason FROM ${SCHEMA}.log, ${SCHEMA}.judge(number) j WHERE number = $1`;
      const noted = await source.query<{ statement: string; reason: string }>(text, [rows[0]!.number]);
      return noted.rows.map(({ statement, reason }) => `${statement}\n${reason}`);
    },
    // What ddl list shows as failed; the log on the clone has all that arrived.
    failures: async ({ clone }) => {
      const { rows } = await clone.query<{ note: string }>(
        `SELECT concat_ws(': ', 'failed', o.detail, l.facts ->> 'same', l.statement) AS note
           FROM ${SCHEMA}.outcome o JOIN ${SCHEMA}.log l USING (number) WHERE o.outcome = 'failed'`,
      );
      return rows.map(({ note }) => note);
    },
  });
}

async function all(client: Client, statements: readonly { text: string }[]): Promise<void> {
  await client.query('BEGIN');
  for (const { text } of statements) await client.query(text);
  await client.query('COMMIT');
}
