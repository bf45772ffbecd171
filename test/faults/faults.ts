import { RDSClient, RebootDBInstanceCommand } from '@aws-sdk/client-rds';
import type { Client } from 'pg';
import type { RunningChild } from '../../lab/demo/child';
import { eventually } from '../support/eventually';
import type { Held } from './exchange';
import type { Fault } from './points';
import type { FaultWorld } from './world';

type Side = 'source' | 'target';
/** Undone when the statement that met the fault is answered, or else when the run has ended; once is enough. */
export type Undo = () => Promise<void>;
const NOTHING_TO_UNDO: Undo = () => Promise.resolve();

/** Long enough to be sure that the statement waits for the lock, and short for the test. */
const TIMEOUT = '100ms';
/** A server has to recover and a machine may be busy. */
const PATIENCE_MS = 60_000;

/** Makes the fault happen now, to the exchange that is held. */
export async function inflict(fault: Fault, world: FaultWorld, held: Held, run: RunningChild): Promise<Undo> {
  switch (fault) {
    case 'kill':
      run.process.kill('SIGKILL');
      await run.result;
      return NOTHING_TO_UNDO;
    case 'cut-source':
    case 'cut-target':
      world.proxies[sideOf(fault)].cut();
      return NOTHING_TO_UNDO;
    case 'cut-api':
      held.cut();
      return NOTHING_TO_UNDO;
    case 'restart-source':
    case 'restart-target':
      await restart(world, sideOf(fault));
      return NOTHING_TO_UNDO;
    case 'crash-source':
    case 'crash-target':
      await crash(world, sideOf(fault));
      return NOTHING_TO_UNDO;
    case 'statement-timeout':
    case 'lock-timeout':
      return timeOut(fault, world, held);
  }
}

const sideOf = (fault: Fault): Side => (fault.endsWith('source') ? 'source' : 'target');

/** As an operator or a maintenance window does it: through RDS. */
export async function restart(world: FaultWorld, side: Side): Promise<void> {
  const { sourceAccount, targetAccount, env, world: accounts } = world.lab.state;
  const account = side === 'source' ? sourceAccount : targetAccount;
  const client = new RDSClient({
    region: accounts.region,
    endpoint: env.AWS_ENDPOINT_URL,
    credentials: { accessKeyId: `LAB${account}`, secretAccessKey: 'lab' },
  });
  const instance = Object.values(accounts.accounts[account]!.instances).find(({ writer }) => writer)!.identifier;
  const status = (): string | undefined => world.lab.state.world.accounts[account]?.instances[instance]?.status;
  // The reboot that the change itself asked for may be under way.
  await eventually(async () => status() === 'available', PATIENCE_MS);
  await client.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: instance }));
  client.destroy();
  await eventually(async () => status() === 'available', PATIENCE_MS);
}

/** The death of one process by SIGKILL makes the server end all sessions and recover from its log. */
async function crash(world: FaultWorld, side: Side): Promise<void> {
  const victim = await eventually(() => world.admin(side, world.databases[0]!).catch(() => undefined), PATIENCE_MS);
  const before = await processes(victim);
  process.kill(before.own, 'SIGKILL');
  await victim.end().catch(() => undefined);
  await eventually(() => isBack(world, side, before.checkpointer), PATIENCE_MS);
}

interface Processes {
  own: number;
  checkpointer: number | undefined;
}

const processes = async (client: Client): Promise<Processes> =>
  (
    await client.query<Processes>(
      `SELECT pg_backend_pid() AS own,
              (SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer') AS checkpointer`,
    )
  ).rows[0]!;

/** Until the postmaster has noticed the death it takes connections as before; after it there is another checkpointer. */
async function isBack(world: FaultWorld, side: Side, former: number | undefined): Promise<boolean> {
  try {
    const client = await world.admin(side, world.databases[0]!);
    const { checkpointer } = await processes(client).finally(() => client.end());
    return typeof checkpointer === 'number' && checkpointer !== former;
  } catch {
    return false;
  }
}

/** What the changes write to: catalogs of each database, and those that the databases share. */
const CATALOGS = 'pg_publication, pg_publication_rel, pg_publication_namespace, pg_description';
const SHARED_CATALOGS = 'pg_subscription, pg_replication_origin, pg_authid, pg_auth_members, pg_shdescription';

/** A limit on the session, and somebody whose transaction makes its next statement reach it. */
async function timeOut(fault: 'statement-timeout' | 'lock-timeout', world: FaultWorld, held: Held): Promise<Undo> {
  const { to } = held.exchange;
  if (to === 'aws') throw new Error(`an API call has no ${fault}`);
  await held.inject(`SET ${fault.replace('-', '_')} = '${TIMEOUT}'`);
  const blockers = await Promise.all(world.databases.map((database) => world.admin(to, database)));
  for (const [i, blocker] of blockers.entries()) {
    const catalogs = i === 0 ? `${CATALOGS}, ${SHARED_CATALOGS}` : CATALOGS;
    await blocker.query(`BEGIN; LOCK TABLE ${catalogs} IN SHARE ROW EXCLUSIVE MODE`);
    // A new slot waits for transactions that have written.
    await blocker.query('SELECT pg_current_xact_id()');
  }
  return async () => {
    for (const blocker of blockers.splice(0)) await blocker.end();
  };
}
