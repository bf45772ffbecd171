import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import type { PostgresCluster } from '../../../lab/postgres/cluster';
import type { SourceDatabaseSurvey, TargetDatabaseSurvey } from '../../../sql-runner/model/survey';
import type { Finding } from '../../../sql-runner/model/change';
import { surveySourceDatabase, surveyTargetDatabase } from '../../../sql-runner/observe/survey';
import { databaseShapes } from '../../../sql-runner/observe/survey-shapes';
import { tableDigests } from '../../../sql-runner/postgres/catalog/table-digests';
import { userTypes } from '../../../sql-runner/postgres/catalog/user-types';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import type { Session } from '../../../sql-runner/postgres/session';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from '../postgres/sessions';
import { asking } from './asking';
import { cloneOf, conninfo } from './clone-pair';
import { sourceContract } from './contract';
import { findingsOf, healthy } from './surveys';

const PARAMETERS = { wal_level: 'logical', max_worker_processes: '32', wal_retrieve_retry_interval: '100ms' };
const NAME = 'acas_demo_shop';

export interface Surveys {
  readonly production: SourceDatabaseSurvey;
  readonly clone: TargetDatabaseSurvey;
}

/** A source and a real clone of it that follows, looked at by the checks of doctor. */
export class DriftingPair {
  constructor(
    readonly test: TestCluster,
    private readonly cluster: PostgresCluster,
    /** The master user on each side. */
    readonly source: Client,
    readonly clone: Client,
    readonly schemaSessions: { source: Session; target: Session },
  ) {}

  /** What doctor says of the definitions. */
  async findings(surveys?: Surveys): Promise<Finding[]> {
    const { contract, ...world } = healthy(sourceContract(['shop']));
    const { production, clone } = surveys ?? (await this.surveys());
    const sides = { source: asking(this.schemaSessions.source), target: asking(this.schemaSessions.target) };
    return findingsOf({
      contract,
      source: { ...world.source, databases: { shop: production } },
      target: { ...world.target, databases: { shop: clone } },
      shapes: { shop: await databaseShapes(contract, 'shop', { production, clone }, sides) },
    });
  }

  async surveys(): Promise<Surveys> {
    const { source, target } = this.schemaSessions;
    return {
      production: await surveySourceDatabase(asking(source), 'acas_demo'),
      clone: await surveyTargetDatabase(asking(target)),
    };
  }

  /** The same surveys with today's definitions, and nothing else read. */
  async definitionsNow({ production, clone }: Surveys): Promise<Surveys> {
    const read = async (session: Session) => ({
      definitions: await tableDigests(session),
      types: await userTypes(session),
    });
    const { source, target } = this.schemaSessions;
    return { production: { ...production, ...(await read(source)) }, clone: { ...clone, ...(await read(target)) } };
  }

  /** Waits until the clone has applied all that the source has written by now. */
  async inSync(): Promise<void> {
    const { rows } = await this.source.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
    await eventually(async () => {
      const slot = await this.source.query<{ past: boolean }>(
        'SELECT confirmed_flush_lsn >= $1::pg_lsn AS past FROM pg_replication_slots WHERE slot_name = $2',
        [rows[0]!.lsn, NAME],
      );
      return slot.rows[0]!.past;
    });
  }

  /** A place in the clone's log, to look behind. */
  logPosition(): number {
    return readFileSync(this.cluster.logFile, 'utf8').length;
  }

  logSince(position: number): string {
    return readFileSync(this.cluster.logFile, 'utf8').slice(position);
  }

  async stoppedBy(message: RegExp, since: number): Promise<void> {
    await eventually(() => Promise.resolve(message.test(this.logSince(since))));
  }

  /** Every row of the table on each side, as text, whatever the order of rows and columns; without one that only one side has. */
  async rows(table: string, without = ''): Promise<[source: string, clone: string]> {
    const read = async (client: Client): Promise<string> => {
      const { rows } = await client.query<{ all: string | null }>(
        `SELECT string_agg((to_jsonb(t) - $1)::text, chr(10) ORDER BY (to_jsonb(t) - $1)::text) AS all FROM ${table} t`,
        [without],
      );
      return rows[0]!.all ?? '';
    };
    return [await read(this.source), await read(this.clone)];
  }
}

/** @param ddl runs on the source before the clone is taken, and after it publishes everything in schema public */
export async function startDriftingPair(ddl: string): Promise<DriftingPair> {
  const test = await startTestCluster({ parameters: PARAMETERS });
  return follow(test, ddl).catch(async (error: unknown) => {
    await test.stop();
    throw error;
  });
}

async function follow(test: TestCluster, ddl: string): Promise<DriftingPair> {
  const source = await test.connect('shop');
  await source.query(ddl);
  const { rows } = await source.query<{ list: string }>(
    `SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') AS list FROM pg_tables t
      WHERE schemaname = 'public' AND NOT (SELECT relispartition FROM pg_class
                                            WHERE oid = format('%I.%I', schemaname, tablename)::regclass)`,
  );
  await source.query(`CREATE PUBLICATION ${NAME} FOR TABLE ${rows[0]!.list}`);
  await source.query(`SELECT pg_create_logical_replication_slot('${NAME}', 'pgoutput')`);
  const pair = await cloneOf(test, PARAMETERS);
  const clone = await pair.onClone('shop');
  // A clone brings the slot along.
  await clone.query(`SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots`);
  await clone.query(
    `CREATE SUBSCRIPTION ${NAME} CONNECTION ${quoteLiteral(conninfo(test, 'shop'))}
       PUBLICATION ${NAME} WITH (create_slot = false, slot_name = ${NAME}, copy_data = false${from(14) ? ', streaming = on' : ''})`,
  );
  const sessions = {
    source: await openSession(targetOf(test, 'shop')),
    target: await openSession({ ...targetOf(test, 'shop', 'target'), port: pair.clone.port }),
  };
  test.onStop(async () => {
    await Promise.all([sessions.source.close(), sessions.target.close()]);
  });
  return new DriftingPair(test, pair.clone, source, clone, sessions);
}
