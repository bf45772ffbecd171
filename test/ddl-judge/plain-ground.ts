import { escapeIdentifier, type Client } from 'pg';
import type { TestCluster } from '../support/postgres';
import { FURNITURE, ROLE } from './furniture';
import { WORKING } from './pair';

/** What such servers need; nobody but the seed writes or locks anything in them. */
export const PLAIN_PARAMETERS = {
  wal_level: 'logical',
  autovacuum: 'off',
  max_prepared_transactions: '20',
  max_replication_slots: '30',
  max_wal_senders: '30',
  wal_retrieve_retry_interval: '100',
  max_logical_replication_workers: '8',
  max_worker_processes: '16',
};

export interface Sides {
  readonly source: Client;
  readonly clone: Client;
}

/** What replays DDL between the two. */
export interface Replay {
  /** Once a server, in what both databases of every pair are copies of. */
  prepare(sides: Sides): Promise<void>;
  /** Tables of its own that are sent. */
  readonly published: readonly string[];
  /** Once they are. */
  connected?(sides: Sides): Promise<void>;
  complaints(sides: Sides & { slot: string; log: () => string }): Promise<string[]>;
  /** What failed, and stopped nothing. */
  failures?(sides: Sides): Promise<string[]>;
}

/** A server on which pairs of databases are made one after the other: all that they begin with is made once, and copied. */
export interface Ground {
  readonly test: TestCluster;
  readonly log: () => string;
  readonly replay: Replay;
}

export const TEMPLATES = { source: 'furnished_source', clone: 'furnished_clone' };

export async function openGround(test: TestCluster, log: () => string, replay: Replay): Promise<Ground> {
  await makeRoles(test);
  const connect = (database: string) => test.cluster.connect({ ...test.master, database });
  const maker = await connect('postgres');
  for (const name of Object.values(TEMPLATES)) await maker.query(`CREATE DATABASE ${name}`);
  await maker.end();
  const sides = { source: await connect(TEMPLATES.source), clone: await connect(TEMPLATES.clone) };
  for (const side of [sides.source, sides.clone]) await side.query(`${WORKING}; ${FURNITURE}`);
  await replay.prepare(sides);
  // Nobody may be in what is copied.
  for (const side of [sides.source, sides.clone]) await side.end();
  return { test, log, replay };
}

/** Roles are of the cluster. Whoever may make event triggers is a superuser here, and not on Aurora. */
async function makeRoles(test: TestCluster): Promise<void> {
  const admin = await test.cluster.adminClient('postgres');
  await admin.query(
    `CREATE ROLE judge_reads SUPERUSER LOGIN PASSWORD 'judge'; ALTER ROLE ${escapeIdentifier(test.master.user)} SUPERUSER`,
  );
  await admin.end();
  const master = await test.cluster.connect({ ...test.master, database: 'postgres' });
  await master.query(ROLE).finally(() => master.end());
}
