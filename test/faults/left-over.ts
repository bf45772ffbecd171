import type { Client } from 'pg';
import { eventually } from '../support/eventually';
import { DESELECTED, DROPPED } from './tables';
import type { FaultWorld } from './world';

/** PostgreSQL drops what a copy needed in its own time, soon after it. */
const SOON_MS = 15_000;

/** What a change of tables needs only on its way, and that is on neither side afterwards; asked of the catalogs alone. */
export async function expectNoRemains(world: FaultWorld, patienceMs = SOON_MS): Promise<void> {
  const slots = [...world.replicationNames];
  let found: string[] = [];
  await eventually(async () => {
    const there = await world.inShop('source', (client) => namesOf(client, ON_SOURCE, [slots]));
    const here = await world.inShop('target', (client) => namesOf(client, ON_CLONE));
    found = [...there, ...here];
    return found.length === 0;
  }, patienceMs).catch((error: unknown) => {
    throw found.length === 0 ? error : new Error(`left behind: ${found.join(', ')}`);
  });
}

/** What came is the same table on both sides. */
export async function expectSameTables(world: FaultWorld): Promise<void> {
  const [there, here] = [
    await world.inShop('source', (client) => namesOf(client, DEFINITION, [[DROPPED, DESELECTED]])),
    await world.inShop('target', (client) => namesOf(client, DEFINITION, [[DROPPED, DESELECTED]])),
  ];
  if (there.length === 0 || there.join('\n') !== here.join('\n'))
    throw new Error(`not the same tables: ${there.join(', ')} on the source, ${here.join(', ')} on the clone`);
}

async function namesOf(client: Client, sql: string, values: unknown[] = []): Promise<string[]> {
  return (await client.query<{ name: string }>(sql, values)).rows.map(({ name }) => name);
}

/** Slots of copies, and rights of the replication role on what is not its own. */
const ON_SOURCE = `
  SELECT 'slot ' || slot_name AS name FROM pg_replication_slots WHERE slot_name <> ALL ($1)
  UNION ALL
  SELECT 'right on ' || c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
         aclexplode(c.relacl) x WHERE x.grantee = 'acas_demo'::regrole AND n.nspname IN ('public', 'Audit', 'later')
  UNION ALL
  SELECT 'right on schema ' || nspname FROM pg_namespace, aclexplode(nspacl) x
   WHERE x.grantee = 'acas_demo'::regrole AND nspname IN ('public', 'Audit', 'later')`;

/** Origins of copies, copies that are not done, notes of what is on its way, and locks of sessions that are gone. */
const ON_CLONE = `
  SELECT 'origin ' || roname AS name FROM pg_replication_origin
   WHERE roname NOT IN (SELECT 'pg_' || oid FROM pg_subscription)
  UNION ALL
  SELECT 'copy of ' || srrelid::regclass || ': ' || srsubstate::text FROM pg_subscription_rel WHERE srsubstate <> 'r'
  UNION ALL
  SELECT 'note ' || description FROM pg_description WHERE description ~ '"(again|granted)":'
  UNION ALL
  SELECT 'lock on ' || relation::regclass FROM pg_locks
   WHERE mode = 'ShareRowExclusiveLock' AND relation IS NOT NULL AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

const DEFINITION = `
  WITH own AS (SELECT c.oid, c.oid::regclass::text AS name, c.relreplident FROM pg_class c WHERE c.oid = ANY ($1::regclass[]))
  SELECT name || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull AS name
    FROM own JOIN pg_attribute ON attrelid = oid WHERE attnum > 0 AND NOT attisdropped
  UNION ALL SELECT name || ' ' || pg_get_indexdef(indexrelid) FROM own JOIN pg_index ON indrelid = oid
  UNION ALL SELECT name || ' ' || conname || ' ' || pg_get_constraintdef(pg_constraint.oid)
    FROM own JOIN pg_constraint ON conrelid = own.oid
  UNION ALL SELECT name || ' ' || relreplident::text FROM own
  ORDER BY 1`;
