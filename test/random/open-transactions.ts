import { escapeLiteral } from 'pg';
import { seededRandom } from '../../lab/workload/random';
import type { Cluster } from '../../lab/aws/world';
import type { Accounts } from './accounts';
import type { Database } from './database';
import { insert } from './statements';

/** Transactions that are prepared before the clone is taken and end when somebody says so. */
export interface OpenTransactions {
  /** Ends one of each database's that are left, committed or rolled back as the seed has it. */
  finishOne(): Promise<void>;
}

const EACH = 2;

/** PREPARE TRANSACTION outlives its session, so nothing is kept open for it. */
export async function prepareOpen(
  accounts: Accounts,
  databases: readonly Database[],
  seed: number,
): Promise<OpenTransactions> {
  const random = seededRandom(seed);
  const left = databases.map(({ name }) => ({ name, gids: [] as string[] }));
  for (const [index, database] of databases.entries()) {
    const client = await accounts.connect(accounts.production, database.name);
    const calm = database.tables.filter((table) => table.calm);
    for (let at = 0; at < EACH; at += 1) {
      const gid = escapeLiteral(`open across the clone's copy ${index} "${at}"`);
      const { text, values } = insert(random, random.pick(calm), 5, true);
      await client.query('BEGIN');
      await client.query(text, [...values]);
      await client.query(`PREPARE TRANSACTION ${gid}`);
      left[index]!.gids.push(gid);
    }
    await client.end();
  }
  return {
    finishOne: async () => {
      for (const { name, gids } of left) {
        const gid = gids.pop();
        if (gid === undefined) continue;
        const client = await accounts.connect(accounts.production, name);
        await client.query(`${random.int(0, 3) === 0 ? 'ROLLBACK' : 'COMMIT'} PREPARED ${gid}`);
        await client.end();
      }
    },
  };
}

/**
 * The clone has its own copies of transactions that were prepared when it was
 * taken. They never end there by themselves, and the apply worker would wait
 * for their locks; what production commits arrives as a transaction of its own.
 */
export async function rollBackInherited(accounts: Accounts, clone: Cluster): Promise<number> {
  const admin = await accounts.connect(clone, 'postgres', true);
  const { rows } = await admin.query<{ gid: string; database: string }>('SELECT gid, database FROM pg_prepared_xacts');
  await admin.end();
  for (const { gid, database } of rows) {
    const client = await accounts.connect(clone, database, true);
    await client.query(`ROLLBACK PREPARED ${escapeLiteral(gid)}`);
    await client.end();
  }
  return rows.length;
}
