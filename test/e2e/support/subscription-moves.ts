import { eventually } from '../../support/eventually';
import type { DirectLab } from './direct-lab';
import { execute } from './provocations';

/** By hand, until the slot is free. */
export async function disableBy(world: DirectLab, database: string): Promise<void> {
  const slot = `acas_demo_${database}`;
  await execute(await world.clone(database), [`ALTER SUBSCRIPTION ${slot} DISABLE`]);
  const idle = `SELECT FROM pg_replication_slots WHERE slot_name = '${slot}' AND NOT active`;
  await eventually(async () => (await execute(await world.source('shop'), [idle])).length === 1);
}

/**
 * What somebody may do to a subscription that is disabled, as a superuser of the clone: dropped and made again with its
 * connection, its owner and its comment, so that it looks like the one before. Its origin has no position then.
 */
export const remakeSubscription = (name: string): string => `DO $$
DECLARE
  mark text;
  dsn text;
  owner text;
BEGIN
  SELECT obj_description(oid, 'pg_subscription'), subconninfo, pg_get_userbyid(subowner) INTO mark, dsn, owner
    FROM pg_subscription WHERE subname = '${name}';
  ALTER SUBSCRIPTION ${name} SET (slot_name = NONE);
  DROP SUBSCRIPTION ${name};
  EXECUTE format('CREATE SUBSCRIPTION ${name} CONNECTION %L PUBLICATION ${name}
    WITH (create_slot = false, slot_name = ${name}, copy_data = false, enabled = false, streaming = on)', dsn);
  EXECUTE format('ALTER SUBSCRIPTION ${name} OWNER TO %I', owner);
  EXECUTE format('COMMENT ON SUBSCRIPTION ${name} IS %L', mark);
END $$`;

/** Its origin alone, which the worker makes again when it is enabled. */
export const dropOrigin = (name: string): string =>
  `SELECT pg_replication_origin_drop('pg_' || oid) FROM pg_subscription WHERE subname = '${name}'`;
