import type { Cluster } from '../../lab/aws/world';
import { seededRandom, type Random } from '../../lab/workload/random';
import type { Contracts } from '../../contract/contract';
import { eventually } from '../support/eventually';
import { Accounts } from './accounts';
import { activityOf, type Activity } from './activity';
import { shareProduction, takeClone } from './clone';
import { compareRows, NotEqual, type Difference } from './comparison';
import { sourceContract, targetContract } from './contracts';
import { Coverage, type Counts } from './coverage';
import { newDatabase, type Database } from './database';
import { setStreaming, type Streaming, streamingFeatures } from './streaming';
import { HostileNames } from './hostile-names';
import { beginOpen, countPrepared } from './open-transactions';
import { apply, connectClone, verify } from './product';
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
  readonly counts: Counts;
  readonly seconds: number;
}

const DATABASES = 2;
const WRITERS = 2;
/** Transactions between two steps of the story, in each database. */
const BETWEEN = 15;

/**
 * The whole story of one seed, from an empty production cluster to equal rows.
 * The same seed gives the same names, tables, rows and sequence of every
 * writer's statements; how the writers' transactions interleave is the machine's.
 *
 * @param look called when both sides are known to be equal
 * @throws Error that says what differs, or what the product refused
 */
export async function runSeed(
  workshop: Workshop,
  seed: number,
  look?: (clone: SeededClone) => Promise<void>,
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
  const coverage = new Coverage();
  try {
    const told = await tell({ accounts, random, names, databases, writers, coverage });
    const compared = await compareAll(accounts, databases, told);
    const compareAgain = async (): Promise<void> => void (await compareAll(accounts, databases, told));
    await look?.({ accounts, databases, clone: told.clone, compareAgain });
    const activity = await activityOf(accounts, databases);
    const transactions = writers.reduce((sum, { committed }) => sum + committed, 0);
    const seconds = (Date.now() - started) / 1000;
    coverage.add([...names.features, ...streamingFeatures(told.streaming, activity)]);
    const { inherited } = told;
    return { seed, transactions, inherited, activity, counts: coverage.counts, seconds, ...compared };
  } finally {
    await Promise.allSettled(writers.map((writer) => writer.stop()));
    await accounts.close();
  }
}

export interface SeededClone {
  readonly accounts: Accounts;
  readonly databases: readonly Database[];
  readonly clone: Cluster;
  /** @throws NotEqual */
  compareAgain(): Promise<void>;
}

interface Story {
  readonly accounts: Accounts;
  readonly random: Random;
  readonly names: HostileNames;
  readonly databases: readonly Database[];
  readonly writers: Writer[];
  readonly coverage: Coverage;
}

interface Told {
  readonly contracts: Contracts;
  readonly clone: Cluster;
  readonly inherited: number;
  readonly streaming: Streaming;
}

/** Production is written to before, while and after the clone is taken and connected; in the end nobody writes. */
async function tell(story: Story): Promise<Told> {
  const { accounts, random, names, databases, writers, coverage } = story;
  await furnish(accounts, random, databases);
  await shareProduction(accounts);
  await startWriters(story);
  await moreTransactions(writers);
  const contract = sourceContract(random, names, accounts, databases);
  await apply({ source: contract.contract, target: null });
  const open = await beginOpen(accounts, databases, random.int(0, 1_000_000), coverage);
  await moreTransactions(writers);
  const clone = await takeClone(accounts);
  coverage.forget();
  coverage.add(contract.features);
  if (random.int(0, 1) === 0) await open.finishOne();
  const contracts = { source: contract.contract, target: targetContract(accounts, contract.contract, clone) };
  const { inherited, inSync } = await connect(accounts, contracts, clone);
  const streaming = await setStreaming(accounts, clone, contracts, random);
  await moreTransactions(writers);
  await open.finishAll();
  await moreTransactions(writers);
  for (const writer of writers) await writer.stop();
  await caughtUp(accounts, clone, contracts);
  if (!inSync) await apply(contracts).catch(explain(accounts, clone));
  return { contracts, clone, inherited, streaming };
}

/** @returns how many prepared transactions the clone inherited, which the product has to end, and whether it is in sync */
async function connect(accounts: Accounts, contracts: Contracts, clone: Cluster) {
  const inherited = await countPrepared(accounts, clone);
  const inSync = await connectClone(contracts).catch(explain(accounts, clone));
  const left = await countPrepared(accounts, clone);
  if (left > 0) throw new Error(`apply left ${left} of ${inherited} inherited prepared transactions on the clone.`);
  return { inherited, inSync };
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

async function startWriters({ accounts, random, databases, writers, coverage }: Story): Promise<void> {
  const connect = (database: Database) => accounts.connect(accounts.production, database.name);
  for (const database of databases) {
    for (let at = 0; at < WRITERS; at += 1)
      writers.push(await startWriter(await connect(database), database, random.int(0, 1_000_000), coverage));
    writers.push(await startNoise(await connect(database), database, random.int(0, 1_000_000), coverage));
  }
}

/** Returns when every writer has committed some more; a writer that has ended would never. */
async function moreTransactions(writers: readonly Writer[]): Promise<void> {
  const goals = writers.map(({ committed, pace }) => committed + BETWEEN * pace);
  await eventually(() => {
    const failure = writers.find(({ failed }) => failed !== null)?.failed;
    if (failure != null) throw failure;
    return Promise.resolve(writers.every(({ committed }, index) => committed >= goals[index]!));
  });
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
  await eventually(isThere)
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
