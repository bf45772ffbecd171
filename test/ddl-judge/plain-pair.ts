import { escapeLiteral, type Client } from 'pg';
import { eventually } from '../support/eventually';
import { LOOKING, WORKING, type Pair } from './pair';
import { type Ground, TEMPLATES } from './plain-ground';
import { NOT_JUDGED } from './scene';

const CANDIDATES = `SELECT c.oid::text AS oid, c.oid::regclass::text AS name,
    c.relreplident <> 'd' OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS fits
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
    AND (${NOT_JUDGED} OR n.nspname = 'judge' AND c.relname IN ('marks', 'once'))
    AND NOT EXISTS (SELECT FROM pg_publication_rel p WHERE p.prrelid = c.oid)`;

/** A pair of databases in one cluster, connected by hand, all of it by its master. */
export async function openPlainPair({ test, log, replay }: Ground, number: number): Promise<Pair> {
  const [slot, copy] = [`judged_${number}`, `judged_${number}_clone`];
  const clients: Client[] = [];
  const open = async (connecting: Promise<Client>, settings: string): Promise<Client> => {
    const client = await connecting;
    client.on('error', () => undefined);
    clients.push(client);
    await client.query(settings);
    return client;
  };
  const login = (database: string) => test.cluster.connect({ ...test.master, database });
  const maker = await login('postgres');
  await maker.query(`CREATE DATABASE ${slot} TEMPLATE ${TEMPLATES.source}`);
  await maker.query(`CREATE DATABASE ${copy} TEMPLATE ${TEMPLATES.clone}`);
  const [source, other, superuser] = [
    await open(login(slot), WORKING),
    await open(login(slot), WORKING),
    await open(login(slot), WORKING),
  ];
  const [eyes, cloneEyes, clone] = [
    await open(login(slot), LOOKING),
    await open(login(copy), LOOKING),
    await open(login(copy), WORKING),
  ];
  const sides = { source: eyes, clone };
  const conninfo = `host=localhost port=${test.cluster.port} dbname=${slot} user=judge_reads password=judge`;
  const published = [...(await unsent(eyes)).map(({ name }) => name), ...replay.published];
  await eyes.query(`CREATE PUBLICATION judged FOR TABLE ${published.join(', ')}`);
  await eyes.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [slot]);
  await clone.query(`CREATE SUBSCRIPTION judged CONNECTION ${escapeLiteral(conninfo)} PUBLICATION judged
    WITH (create_slot = false, slot_name = '${slot}', copy_data = false)`);
  await replay.connected?.(sides);
  const { rows } = await eyes.query<{ major: number }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS major`,
  );
  const { major } = rows[0]!;
  const behind = new LeftBehind(eyes, clone);
  return {
    ...{ major, source, other, eyes, cloneEyes, superuser, slot, log },
    strangers: [],
    complaints: () => replay.complaints({ ...sides, slot, log }),
    complete: () => addTables(eyes, clone, behind),
    notes: async () => [...(await behind.notes()), ...((await replay.failures?.(sides)) ?? [])],
    close: async () => {
      await clone.query('ALTER SUBSCRIPTION judged DISABLE');
      await clone.query('ALTER SUBSCRIPTION judged SET (slot_name = NONE)');
      await clone.query('DROP SUBSCRIPTION judged');
      const free = 'SELECT FROM pg_replication_slots WHERE slot_name = $1 AND NOT active';
      await eventually(async () => (await eyes.query(free, [slot])).rowCount === 1);
      await eyes.query('SELECT pg_drop_replication_slot($1)', [slot]);
      await Promise.all(clients.map((client) => client.end()));
      for (const name of [slot, copy]) await maker.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await maker.end();
    },
  };
}

interface Candidate {
  readonly oid: string;
  readonly name: string;
  readonly fits: boolean;
}

async function candidates(eyes: Client): Promise<Candidate[]> {
  return (await eyes.query<Candidate>(CANDIDATES)).rows;
}

/** Those that can be sent, and are not. */
async function unsent(eyes: Client): Promise<Candidate[]> {
  return (await candidates(eyes)).filter(({ fits }) => fits);
}

/** Of tables that are not sent, those that were once: as a partition that has been detached. */
class LeftBehind {
  /** A refresh lets the subscription forget them. */
  private readonly forgotten = new Set<string>();

  constructor(
    private readonly eyes: Client,
    private readonly clone: Client,
  ) {}

  async all(): Promise<Candidate[]> {
    const { rows } = await this.clone.query<{ name: string }>(
      'SELECT srrelid::regclass::text AS name FROM pg_subscription_rel',
    );
    const known = new Set(rows.map(({ name }) => name));
    const left = (await unsent(this.eyes)).filter(({ oid, name }) => known.has(name) || this.forgotten.has(oid));
    for (const { oid } of left) this.forgotten.add(oid);
    return left;
  }

  /** Why tables are not added: what was sent would have its rows twice, and without a copy some are missing. */
  async notes(): Promise<string[]> {
    const unfit = (await candidates(this.eyes)).filter(({ fits }) => !fits);
    return [
      ...unfit.map(({ name }) => `${name} has no replica identity`),
      ...(await this.all()).map(({ name }) => `${name} is not sent any more`),
    ];
  }
}

/** A copy that ends with an error begins again, for ever: what came of it is the judge's to see. */
const COPY_MS = 60_000;

async function addTables(eyes: Client, clone: Client, behind: LeftBehind): Promise<void> {
  const left = new Set((await behind.all()).map(({ oid }) => oid));
  const added = (await unsent(eyes)).filter(({ oid }) => !left.has(oid)).map(({ name }) => name);
  if (added.length > 0) await eyes.query(`ALTER PUBLICATION judged ADD TABLE ${added.join(', ')}`);
  await clone.query('ALTER SUBSCRIPTION judged REFRESH PUBLICATION');
  const open = `SELECT FROM pg_subscription_rel WHERE srsubstate <> 'r'`;
  await eventually(async () => (await clone.query(open)).rowCount === 0, COPY_MS).catch(() => undefined);
}
