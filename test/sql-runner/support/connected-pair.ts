import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import type { Finding } from '../../../sql-runner/model/change';
import { ROLE_MARK } from './role-mark';
import {
  surveySourceDatabase,
  surveySourceServer,
  surveyTargetDatabase,
  surveyTargetServer,
} from '../../../sql-runner/observe/survey';
import { databaseShapes } from '../../../sql-runner/observe/survey-shapes';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import type { Session } from '../../../sql-runner/postgres/session';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { at, cloneOf, conninfo, type ClonePair } from './clone-pair';
import { sourceContract } from './contract';
import { findingsOf, healthySource, healthyTarget } from './surveys';
import type { Side } from '../../../contract/contract';
import { asking } from './asking';

export const PAIR_PARAMETERS = {
  wal_level: 'logical',
  max_worker_processes: '32',
  wal_retrieve_retry_interval: '100ms',
};

/** A source and its real clone, with one database `shop` that the clone follows; read by the code that doctor uses. */
export class ConnectedPair {
  readonly contract = sourceContract(['shop']);

  private constructor(
    readonly test: TestCluster,
    readonly pair: ClonePair,
    readonly source: Client,
    readonly clone: Client,
    readonly cloneAdmin: Client,
  ) {}

  /** @param ddl runs on the source before the clone is taken; every table in public is replicated */
  static async start(ddl: string, parameters: Readonly<Record<string, string>>): Promise<ConnectedPair> {
    const test = await startTestCluster({ databases: ['shop'], parameters });
    try {
      const source = await test.connect('shop');
      await source.query(`CREATE ROLE acas_demo LOGIN; GRANT rds_replication TO acas_demo; ${ROLE_MARK}`);
      await source.query(ddl);
      await source.query('CREATE PUBLICATION acas_demo_shop FOR TABLE ' + (await tablesOf(source)));
      await source.query(`SELECT pg_create_logical_replication_slot('acas_demo_shop', 'pgoutput')`);
      const pair = await cloneOf(test, parameters);
      const clone = await pair.onClone('shop');
      const admin = await pair.clone.adminClient('shop');
      test.onStop(() => admin.end());
      await clone.query(`SELECT pg_drop_replication_slot('acas_demo_shop')`);
      return new ConnectedPair(test, pair, source, clone, admin);
    } catch (error) {
      await test.stop();
      throw error;
    }
  }

  async follow(login = this.test.master): Promise<void> {
    const dsn = conninfo(this.test, 'shop', login);
    await this.clone.query(
      `CREATE SUBSCRIPTION acas_demo_shop CONNECTION ${quoteLiteral(dsn)} PUBLICATION acas_demo_shop
         WITH (create_slot = false, slot_name = acas_demo_shop, copy_data = false${from(14) ? ', streaming = on' : ''})`,
    );
    await this.streams();
  }

  async findings(code?: string): Promise<Finding[]> {
    const { contract } = this;
    const sessions = await Promise.all([this.session('source'), this.session('target')]);
    const [source, target] = [asking(sessions[0]), asking(sessions[1])];
    try {
      const production = await surveySourceDatabase(source, contract.replication.role);
      const clone = await surveyTargetDatabase(target);
      const sides = { source, target };
      const all = findingsOf({
        contract,
        source: {
          cluster: healthySource(contract).cluster,
          groupParameters: {},
          ...(await surveySourceServer(source, contract.replication.role)),
          databases: { shop: production },
        },
        target: {
          cluster: healthyTarget(contract).cluster,
          ...(await surveyTargetServer(target, contract.replication.role)),
          databases: { shop: clone },
        },
        shapes: { shop: await databaseShapes(contract, 'shop', { production, clone }, sides) },
      });
      return code === undefined ? all : all.filter((one) => one.code === code);
    } finally {
      await Promise.all(sessions.map((session) => session.close()));
    }
  }

  session(side: Side): Promise<Session> {
    return this.pair.connections.open(at(side, 'shop'), true);
  }

  /** Waits until the query gives these rows on the clone. */
  async arrives(sql: string, rows: unknown[][]): Promise<void> {
    await eventually(async () => {
      const { rows: there } = await this.clone.query({ text: sql, rowMode: 'array' });
      return JSON.stringify(there) === JSON.stringify(rows);
    });
  }

  /** Waits until the log of the clone's server has a line like this, from here on if `since` is given. */
  async says(message: RegExp, since = 0): Promise<void> {
    await eventually(() => Promise.resolve(message.test(this.log().slice(since))));
  }

  log(): string {
    return readFileSync(this.pair.clone.logFile, 'utf8');
  }

  /** Ends the worker and waits for the next one, which starts with the settings of now. */
  async restartWorker(): Promise<void> {
    const { rows } = await this.cloneAdmin.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_subscription WHERE subname = 'acas_demo_shop' AND pid IS NOT NULL`,
    );
    for (const { pid } of rows) await this.cloneAdmin.query('SELECT pg_terminate_backend($1)', [pid]);
    await this.streams(rows.map(({ pid }) => pid));
  }

  /** Waits for a worker that has received something, and is none of these. */
  async streams(former: readonly number[] = []): Promise<void> {
    await eventually(async () => {
      const { rows } = await this.cloneAdmin.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_subscription WHERE subname = 'acas_demo_shop' AND relid IS NULL AND received_lsn IS NOT NULL`,
      );
      return rows.length > 0 && rows.every(({ pid }) => !former.includes(pid));
    });
  }

  async stop(): Promise<void> {
    await this.clone.query('ALTER SUBSCRIPTION acas_demo_shop DISABLE').catch(() => undefined);
    await this.test.stop();
  }
}

async function tablesOf(source: Client): Promise<string> {
  const { rows } = await source.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = 'public' ORDER BY 1`,
  );
  return rows.map(({ name }) => name).join(', ');
}
