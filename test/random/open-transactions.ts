import { type Client, escapeLiteral } from 'pg';
import { type Random, seededRandom } from '../../lab/workload/random';
import type { Cluster } from '../../lab/aws/world';
import type { Accounts } from './accounts';
import type { Coverage } from './coverage';
import type { Database } from './database';
import { isExpected } from './expected';
import type { Feature } from './features';
import { execute } from './statement';
import { insert, update } from './statements';

/** Transactions that begin before the clone is taken and end after it. */
export interface OpenTransactions {
  /** Ends one of each database's, committed or rolled back as the seed has it, before the clone is connected. */
  finishOne(): Promise<void>;
  finishAll(): Promise<void>;
}

/** Ends one transaction. @returns what it was an example of */
type Ending = (early: boolean) => Promise<Feature[]>;

/** More than logical_decoding_work_mem. */
const LARGE = 400;

/** Two prepared transactions and one in a session in each database, on tables that nobody truncates. */
export async function beginOpen(
  accounts: Accounts,
  databases: readonly Database[],
  seed: number,
  coverage: Coverage,
): Promise<OpenTransactions> {
  const random = seededRandom(seed);
  const left: Ending[][] = [];
  for (const [index, database] of databases.entries()) {
    const { application } = database;
    const start = { accounts, database, random, gid: `open across the clone's copy ${index}` };
    left.push([await session(start), await prepared(start, null), await prepared(start, application)]);
  }
  const finish = async (endings: Ending[], early: boolean): Promise<void> => {
    coverage.add((await endings.pop()?.(early)) ?? []);
  };
  return {
    finishOne: async () => {
      for (const endings of left) await finish(endings, true);
    },
    finishAll: async () => {
      for (const endings of left) while (endings.length > 0) await finish(endings, false);
    },
  };
}

interface Start {
  readonly accounts: Accounts;
  readonly database: Database;
  readonly random: Random;
  readonly gid: string;
}

/** An ordinary transaction: the clone knows no more of it than that it did not end. */
async function session({ accounts, database, random }: Start): Promise<Ending> {
  const client = await accounts.connect(accounts.production, database.name);
  await client.query('BEGIN');
  await changeRows(client, random, database);
  return async () => {
    await client.query('COMMIT');
    await client.end();
    return ['open across the clone, then committed'];
  };
}

/** PREPARE TRANSACTION outlives its session, so nothing is kept open for it. Who prepared it must end it. */
async function prepared(start: Start, role: string | null): Promise<Ending> {
  const { accounts, database, random } = start;
  const gid = escapeLiteral(`${start.gid} "${role === null ? 'ours' : 'theirs'}"`);
  const inSession = async (work: (client: Client) => Promise<void>): Promise<void> => {
    const client = await accounts.connect(accounts.production, database.name);
    if (role !== null) await client.query(`SET ROLE ${role}`);
    await work(client).finally(() => client.end());
  };
  await inSession(async (client) => {
    await client.query('BEGIN');
    await changeRows(client, random, database);
    await client.query(`PREPARE TRANSACTION ${gid}`);
  });
  return async (early) => {
    const committed = random.int(0, 3) > 0;
    await inSession(async (client) => {
      await client.query(`${committed ? 'COMMIT' : 'ROLLBACK'} PREPARED ${gid}`);
    });
    return shownBy({ committed, early, foreign: role !== null });
  };
}

function shownBy(of: { committed: boolean; early: boolean; foreign: boolean }): Feature[] {
  const shown: Feature[] = [`prepared across the clone, then ${of.committed ? 'committed' : 'rolled back'}`];
  if (of.committed && of.early) shown.push('prepared across the clone, then committed before the clone was connected');
  if (of.foreign) shown.push('prepared across the clone by another role');
  return shown;
}

/** New rows, many or few, and locks on rows that are there, with a part that is taken back. */
async function changeRows(client: Client, random: Random, { tables }: Database): Promise<void> {
  const table = random.pick(tables.filter(({ calm }) => calm));
  await execute(client, insert(random, table, random.pick([5, LARGE]), true));
  await client.query('SAVEPOINT part');
  await execute(client, insert(random, table, 5, true));
  await client.query(`${random.pick(['RELEASE', 'ROLLBACK TO'])} SAVEPOINT part`);
  // A writer or another of these may have the row.
  await client.query("SAVEPOINT locked; SET LOCAL lock_timeout = '500ms'");
  await execute(client, update(random, table)).catch(async (error: unknown) => {
    if (!isExpected(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT locked');
  });
}

/** Prepared transactions on a cluster: a clone has copies of those that were open when it was taken. */
export async function countPrepared(accounts: Accounts, cluster: Cluster): Promise<number> {
  const admin = await accounts.connect(cluster, 'postgres', true);
  try {
    const { rows } = await admin.query<{ count: number }>('SELECT count(*)::int AS count FROM pg_prepared_xacts');
    return rows[0]!.count;
  } finally {
    await admin.end();
  }
}
