import { escapeIdentifier } from 'pg';
import type { Cluster } from '../../lab/aws/world';
import { seededRandom, type Random } from '../../lab/workload/random';
import type { Contracts } from '../../sql-runner/engine/connections';
import { eventually } from '../support/eventually';
import { Accounts } from './accounts';
import { activityOf, type Activity } from './activity';
import { shareProduction, takeClone } from './clone';
import { compareRows, NotEqual, type Difference } from './comparison';
import { sourceContract, targetContract } from './contracts';
import { newDatabase, type Database } from './database';
import { HostileNames } from './hostile-names';
import { prepareOpen, rollBackInherited } from './open-transactions';
import { apply, verify } from './product';
import { insert } from './statements';
import type { Workshop } from './workshop';
import { startNoise, startWriter, type Writer } from './writers';

export interface SeedResult {
  readonly seed: number;
  readonly tables: number;
  readonly rows: number;
  readonly transactions: number;
  /** Prepared transactions that were open when the clone was taken. */
  readonly inherited: number;
  readonly activity: Activity;
  readonly seconds: number;
}

const DATABASES = 2;
const WRITERS = 2;
/** Transactions between two steps of the story, in each database. */
const BETWEEN = 20;

/**
 * The whole story of one seed, from an empty production cluster to equal rows.
 * The same seed gives the same names, tables, rows and sequence of every
 * writer's statements; how the writers' transactions interleave is the machine's.
 *
 * @param tamper called when both sides are known to be equal; they are compared once more after it
 * @throws Error that says what differs, or what the product refused
 */
export async function runSeed(
  workshop: Workshop,
  seed: number,
  tamper?: (clone: SeededClone) => Promise<void>,
): Promise<SeedResult> {
  const started = Date.now();
  const random = seededRandom(seed);
  const names = new HostileNames(random);
  const databases = Array.from({ length: DATABASES }, () => newDatabase(random, names));
  const accounts = await Accounts.open(
    workshop,
    databases.map(({ name }) => name),
  );
  const writers: Writer[] = [];
  try {
    const told = await tell(accounts, random, names, databases, writers);
    const compared = await compareAll(accounts, databases, told);
    if (tamper !== undefined) {
      await tamper({ accounts, databases, clone: told.clone });
      await compareAll(accounts, databases, told);
    }
    const activity = await activityOf(accounts, databases);
    const transactions = writers.reduce((sum, { committed }) => sum + committed, 0);
    const seconds = (Date.now() - started) / 1000;
    return { seed, transactions, inherited: told.inherited, activity, seconds, ...compared };
  } finally {
    await Promise.allSettled(writers.map((writer) => writer.stop()));
    await accounts.close();
  }
}

export interface SeededClone {
  readonly accounts: Accounts;
  readonly databases: readonly Database[];
  readonly clone: Cluster;
}

interface Told {
  readonly contracts: Contracts;
  readonly clone: Cluster;
  readonly inherited: number;
}

/** Production is written to before, while and after the clone is taken and connected; in the end nobody writes. */
async function tell(
  accounts: Accounts,
  random: Random,
  names: HostileNames,
  databases: readonly Database[],
  writers: Writer[],
): Promise<Told> {
  const contract = sourceContract(random, names, accounts, databases);
  await furnish(accounts, random, databases);
  await shareProduction(accounts);
  await startWriters(accounts, random, databases, writers);
  await moreTransactions(writers);
  await apply({ source: contract, target: null });
  const open = await prepareOpen(accounts, databases, random.int(0, 1_000_000));
  await moreTransactions(writers);
  const clone = await takeClone(accounts);
  if (random.int(0, 1) === 0) await open.finishOne();
  const inherited = await rollBackInherited(accounts, clone);
  const contracts = { source: contract, target: targetContract(accounts, contract, clone) };
  await apply(contracts).catch(explain(accounts, clone));
  await setStreaming(accounts, clone, contracts, random);
  await moreTransactions(writers);
  await open.finishOne();
  await open.finishOne();
  await moreTransactions(writers);
  for (const writer of writers) await writer.stop();
  await caughtUp(accounts, clone, contracts);
  return { contracts, clone, inherited };
}

async function furnish(accounts: Accounts, random: Random, databases: readonly Database[]): Promise<void> {
  for (const { name, ddl, tables } of databases) {
    const client = await accounts.connect(accounts.production, name);
    try {
      await client.query(ddl.join(';\n'));
      for (const table of tables) {
        const { text, values } = insert(random, table, 15, false);
        // Rows of a child need their parent's, and random ones may not have it.
        if (table.parent === null) await client.query(text, [...values]);
      }
    } finally {
      await client.end();
    }
  }
}

async function startWriters(
  accounts: Accounts,
  random: Random,
  databases: readonly Database[],
  writers: Writer[],
): Promise<void> {
  const connect = (database: Database) => accounts.connect(accounts.production, database.name);
  for (const database of databases) {
    for (let at = 0; at < WRITERS; at += 1)
      writers.push(await startWriter(await connect(database), database, random.int(0, 1_000_000)));
    writers.push(await startNoise(await connect(database), database, random.int(0, 1_000_000)));
  }
}

/** Returns when every writer has committed some more; a writer that has ended would never. */
async function moreTransactions(writers: readonly Writer[]): Promise<void> {
  const goals = writers.map(({ committed, pace }) => committed + BETWEEN * pace);
  await eventually(() => {
    const failure = writers.find(({ failed }) => failed !== null)?.failed;
    if (failure != null) throw failure;
    return Promise.resolve(writers.every(({ committed }, index) => committed >= goals[index]!));
  }, 60_000);
}

/** Not the product's business, but what an operator may set: large transactions then arrive before they are committed. */
async function setStreaming(accounts: Accounts, clone: Cluster, contracts: Contracts, random: Random): Promise<void> {
  const streaming = random.pick(['off', 'on', 'parallel']);
  for (const { database, streams } of contracts.source.links) {
    const client = await accounts.connect(clone, database);
    for (const { subscription } of streams)
      await client.query(`ALTER SUBSCRIPTION ${escapeIdentifier(subscription)} SET (streaming = ${streaming})`);
    await client.end();
  }
}

async function caughtUp(accounts: Accounts, clone: Cluster, contracts: Contracts): Promise<void> {
  const client = await accounts.connect(accounts.production, 'postgres', true);
  const slots = contracts.source.links.flatMap(({ streams }) => streams.map(({ slot }) => slot));
  const { rows } = await client.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
  const passed = `SELECT count(*)::int AS behind FROM pg_replication_slots
    WHERE slot_name = ANY ($1) AND confirmed_flush_lsn < $2::pg_lsn`;
  const isThere = async (): Promise<boolean> => {
    // The last record may be one that nobody flushed; a sender only sends what is flushed.
    await client.query('SELECT pg_current_xact_id()');
    return (await client.query<{ behind: number }>(passed, [slots, rows[0]!.lsn])).rows[0]!.behind === 0;
  };
  await eventually(isThere, 45_000)
    .catch(explain(accounts, clone))
    .finally(() => client.end());
}

/** Adds what the clone's server has to say: an apply worker's error is nowhere else. */
function explain(accounts: Accounts, clone: Cluster) {
  return (error: unknown): never => {
    throw new Error(`${String(error)}\nLog of the clone:\n${accounts.logOf(clone)}`, { cause: error });
  };
}

async function compareAll(
  accounts: Accounts,
  databases: readonly Database[],
  { contracts, clone }: Told,
): Promise<{ tables: number; rows: number }> {
  const differences: Difference[] = [];
  let rows = 0;
  for (const { name, tables } of databases) {
    const [here, there] = [await accounts.connect(accounts.production, name), await accounts.connect(clone, name)];
    const compared = await compareRows(here, there, tables);
    await Promise.all([here.end(), there.end()]);
    rows += compared.rows;
    differences.push(...compared.differences);
  }
  const verdicts = await verify(contracts, databases);
  const unequal = verdicts.filter(({ status }) => status !== 'equal');
  if (differences.length > 0 || unequal.length > 0) throw new NotEqual(differences, unequal);
  return { tables: verdicts.length, rows };
}
