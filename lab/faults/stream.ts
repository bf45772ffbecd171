import { OperatorError } from '../../errors/operator-error';
import { inSession } from '../connections';
import type { Lab } from '../lab';
import { eventually } from '../processes';
import { assertUp } from '../servers';

/** The database and the table that faults about rows use; of the seeded data, and replicated. */
export const DATABASE = 'shop';
export const TABLE = 'public.customers';

/** One database's replication as the servers have it: the lab knows nothing of what sql-runner names. */
export interface Stream {
  readonly subscription: string;
  readonly slot: string;
  /** Of the source, by which the clone logs in. */
  readonly role: string;
}

const PATIENCE_MS = 60_000;

/**
 * The stream of the seeded database, which must follow: who practises a fault
 * must know that what is seen then comes of it.
 *
 * @throws OperatorError LAB_NOT_FOLLOWING, LAB_SERVER_DOWN, LAB_NO_CLONE
 */
export async function followingStream(lab: Lab): Promise<Stream> {
  lab.cluster('clone');
  assertUp(lab);
  const subscriptions = await inSession(lab.adminConnection('clone', DATABASE), async (client) => {
    const { rows } = await client.query<{ subscription: string; slot: string }>(
      `SELECT subname AS subscription, subslotname AS slot FROM pg_subscription
       WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND subenabled
       ORDER BY subname`,
    );
    return rows;
  }).catch((cause: unknown) => {
    throw notFollowing(`database ${DATABASE} of the clone cannot be read`, cause);
  });
  const followed = await eventually(async () => (await roleOf(lab, subscriptions[0]?.slot)) !== undefined, 2_000);
  const [first] = subscriptions;
  const role = followed ? await roleOf(lab, first?.slot) : undefined;
  if (first === undefined || role === undefined)
    throw notFollowing(`nobody reads a slot of database ${DATABASE} of production for the clone`);
  return { ...first, role };
}

/** Of whoever reads the slot at the moment. */
async function roleOf(lab: Lab, slot: string | undefined): Promise<string | undefined> {
  return inSession(lab.adminConnection('source', DATABASE), async (client) => {
    const { rows } = await client.query<{ role: string }>(
      `SELECT a.usename AS role FROM pg_replication_slots s JOIN pg_stat_activity a ON a.pid = s.active_pid
       WHERE s.slot_name = $1 AND s.database = $2`,
      [slot ?? '', DATABASE],
    );
    return rows[0]?.role;
  });
}

/** Ends the role's sessions on the source, and returns once there is none. */
export async function endSessionsOf(lab: Lab, role: string): Promise<void> {
  await inSession(lab.adminConnection('source', DATABASE), async (client) => {
    const ended = async (): Promise<boolean> => {
      const { rowCount } = await client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1',
        [role],
      );
      return rowCount === 0;
    };
    if (!(await eventually(ended, PATIENCE_MS))) throw new Error(`sessions of ${role} do not end`);
  });
}

function notFollowing(seen: string, cause?: unknown): OperatorError {
  return new OperatorError({
    code: 'LAB_NOT_FOLLOWING',
    seen: `The clone does not follow: ${seen}.`,
    why: 'Only in a clone that follows can one see what a fault does to it.',
    next: `Bring it there first, by the steps at the beginning of docs/lab.md, seed included; npx sql-runner status <environment> says where it stands.`,
    cause,
  });
}
