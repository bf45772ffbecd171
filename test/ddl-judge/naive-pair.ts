import { escapeIdentifier, escapeLiteral, type Client } from 'pg';
import type { TestCluster } from '../support/postgres';
import { eventually } from '../support/eventually';
import { FURNITURE, ROLE } from './furniture';
import { LOOKING, WORKING, type Pair } from './pair';
import { NOT_JUDGED } from './scene';

/**
 * How one would replay DDL without a second thought: the client's text goes through a published table, and a trigger
 * on the clone executes it. The judge must see what that breaks.
 */
const WRITES = `
CREATE TABLE judge.log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, statement text, path text);
GRANT INSERT ON judge.log TO PUBLIC;
CREATE FUNCTION judge.write() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
  INSERT INTO judge.log (statement, path) VALUES (current_query(), current_setting('search_path')); END $$;
CREATE EVENT TRIGGER judge_writes ON ddl_command_end EXECUTE FUNCTION judge.write();
ALTER EVENT TRIGGER judge_writes ENABLE ALWAYS`;

const EXECUTES = `
CREATE TABLE judge.log (id bigint PRIMARY KEY, statement text, path text);
CREATE FUNCTION judge.execute() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM set_config('search_path', NEW.path, true);
  EXECUTE NEW.statement;
  RETURN NULL; END $$;
CREATE TRIGGER executes AFTER INSERT ON judge.log FOR EACH ROW EXECUTE FUNCTION judge.execute();
ALTER TABLE judge.log ENABLE REPLICA TRIGGER executes`;

const TABLES = `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p' AND (${NOT_JUDGED} OR n.nspname = 'judge')
    AND (c.relreplident <> 'd' OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary))
    AND NOT EXISTS (SELECT FROM pg_publication_rel p WHERE p.prrelid = c.oid)`;

/** Roles are of the cluster: to be made once. */
export async function makeRoles(test: TestCluster): Promise<void> {
  const admin = await test.cluster.adminClient('postgres');
  await admin.query(`CREATE ROLE judge_reads SUPERUSER LOGIN PASSWORD 'judge'`).finally(() => admin.end());
  const master = await test.cluster.connect({ ...test.master, database: 'postgres' });
  await master.query(ROLE).finally(() => master.end());
}

/** A pair of databases in one cluster, connected by hand. */
export async function openNaivePair(test: TestCluster, number: number, log: () => string): Promise<Pair> {
  const [source, clone] = [`judged_${number}`, `judged_${number}_clone`];
  const admin = await test.cluster.adminClient('postgres');
  for (const name of [source, clone])
    await admin.query(`CREATE DATABASE ${name} OWNER ${escapeIdentifier(test.master.user)}`);
  await admin.end();
  const clients: Client[] = [];
  const open = async (connecting: Promise<Client>, settings: string): Promise<Client> => {
    const client = await connecting;
    client.on('error', () => undefined);
    clients.push(client);
    await client.query(settings);
    return client;
  };
  const login = (database: string) => test.cluster.connect({ ...test.master, database });
  const [writer, other] = [await open(login(source), WORKING), await open(login(source), WORKING)];
  const [eyes, cloneEyes] = [
    await open(test.cluster.adminClient(source), LOOKING),
    await open(test.cluster.adminClient(clone), LOOKING),
  ];
  const superuser = await open(test.cluster.adminClient(source), WORKING);
  const version = await eyes.query<{ v: string }>(`SELECT current_setting('server_version_num') AS v`);
  const major = Number(version.rows[0]!.v.slice(0, 2));
  await writer.query(FURNITURE);
  const cloneWriter = await open(login(clone), WORKING);
  await cloneWriter.query(FURNITURE);
  await eyes.query(WRITES);
  await cloneEyes.query(EXECUTES);
  const conninfo = `host=localhost port=${test.cluster.port} dbname=${source} user=judge_reads password=judge`;
  await connect({ eyes, cloneEyes, conninfo, slot: source });
  // From 16 on whoever owns the table applies, before that whoever owns the subscription.
  const master = escapeIdentifier(test.master.user);
  await cloneEyes.query(
    major < 16 ? `ALTER SUBSCRIPTION judged OWNER TO ${master}` : `ALTER TABLE judge.log OWNER TO ${master}`,
  );
  return {
    major: Number(
      (await eyes.query<{ v: string }>(`SELECT current_setting('server_version_num') AS v`)).rows[0]!.v.slice(0, 2),
    ),
    source: writer,
    other,
    eyes,
    cloneEyes,
    superuser,
    slot: source,
    strangers: [],
    complaints: () => complaints(eyes, source, log),
    complete: () => addTables(eyes, cloneEyes),
    notes: () => Promise.resolve([]),
    log,
    close: async () => {
      await cloneEyes.query(`ALTER SUBSCRIPTION judged DISABLE; ALTER SUBSCRIPTION judged SET (slot_name = NONE)`);
      await cloneEyes.query('DROP SUBSCRIPTION judged');
      await eventually(
        async () =>
          (await eyes.query('SELECT FROM pg_replication_slots WHERE slot_name = $1 AND NOT active', [source]))
            .rowCount === 1,
      );
      await eyes.query('SELECT pg_drop_replication_slot($1)', [source]);
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

async function connect(of: { eyes: Client; cloneEyes: Client; conninfo: string; slot: string }): Promise<void> {
  const { rows } = await of.eyes.query<{ name: string }>(TABLES);
  await of.eyes.query(`CREATE PUBLICATION judged FOR TABLE ${rows.map(({ name }) => name).join(', ')}`);
  await of.eyes.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [of.slot]);
  await of.cloneEyes.query(`CREATE SUBSCRIPTION judged CONNECTION ${escapeLiteral(of.conninfo)} PUBLICATION judged
    WITH (create_slot = false, slot_name = '${of.slot}', copy_data = false)`);
}

/** Nobody reads the slot for a while, or only to end at the same error again: the server's log says why. */
async function complaints(eyes: Client, slot: string, log: () => string): Promise<string[]> {
  const { rows } = await eyes.query<{ active: boolean }>(
    'SELECT active FROM pg_replication_slots WHERE slot_name = $1',
    [slot],
  );
  return rows[0]?.active ? [] : [log()];
}

/** A copy that ends with an error begins again, for ever: what came of it is the judge's to see. */
const COPY_MS = 5_000;

async function addTables(eyes: Client, cloneEyes: Client): Promise<void> {
  const { rows } = await eyes.query<{ name: string }>(TABLES);
  if (rows.length > 0)
    await eyes.query(`ALTER PUBLICATION judged ADD TABLE ${rows.map(({ name }) => name).join(', ')}`);
  await cloneEyes.query('ALTER SUBSCRIPTION judged REFRESH PUBLICATION');
  await eventually(
    async () => (await cloneEyes.query(`SELECT FROM pg_subscription_rel WHERE srsubstate <> 'r'`)).rowCount === 0,
    COPY_MS,
  ).catch(() => undefined);
}
