import type { Client } from 'pg';

/** A parameter as one server has it; absent ends of a range and texts without a list are empty. */
export interface ServerParameter {
  readonly name: string;
  readonly applyType: string;
  readonly type: string;
  readonly min: string;
  readonly max: string;
  readonly unit: string;
  readonly values: string;
}

const BUILD_DEPENDENT = [
  'default_toast_compression',
  'dynamic_shared_memory_type',
  'io_method',
  'wal_compression',
  'wal_sync_method',
];

/**
 * Everything that a configuration file may set. What the server starts with is static, as RDS calls it; the rest takes
 * effect with a reload or in new sessions (PostgreSQL manual, view pg_settings: context). Lists that depend on how a
 * server was built are left open.
 */
export async function serverParameters(client: Client): Promise<ServerParameter[]> {
  const { rows } = await client.query<ServerParameter>(
    `SELECT lower(name) AS name,
            CASE context WHEN 'postmaster' THEN 'static' ELSE 'dynamic' END AS "applyType",
            CASE vartype WHEN 'bool' THEN 'boolean' WHEN 'real' THEN 'float' WHEN 'integer' THEN 'integer' ELSE 'string' END
              AS type,
            coalesce(min_val, '') AS min, coalesce(max_val, '') AS max, coalesce(unit, '') AS unit,
            CASE WHEN name = ANY ($1) THEN '' ELSE coalesce(array_to_string(enumvals, ','), '') END AS values
       FROM pg_settings
      WHERE context <> 'internal' AND position('.' IN name) = 0
      ORDER BY lower(name) COLLATE "C"`,
    [BUILD_DEPENDENT],
  );
  return rows;
}
