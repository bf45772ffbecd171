import type { Session } from '../session';

/** What a database has that logical replication leaves out (manual, "Logical Replication: Restrictions"). */
export interface Unreplicated {
  readonly sequences: number;
  readonly largeObjects: number;
  readonly materializedViews: number;
}

export async function unreplicated(session: Session): Promise<Unreplicated> {
  const [row] = await session.query<Unreplicated>(
    `SELECT (SELECT count(*)::float8 FROM pg_largeobject_metadata) AS "largeObjects",
            count(*) FILTER (WHERE c.relkind = 'S')::float8 AS sequences,
            count(*) FILTER (WHERE c.relkind = 'm')::float8 AS "materializedViews"
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('S', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`,
  );
  return row!;
}

/** By name; their rows are those of the last refresh on each side. */
export async function materializedViews(session: Session): Promise<{ schema: string; name: string }[]> {
  return session.query(
    `SELECT n.nspname::text AS schema, c.relname::text AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'm' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY 1, 2`,
  );
}

/** Rows written to ordinary tables of the current database since its statistics were reset. */
export async function rowsWritten(session: Session): Promise<number> {
  const [row] = await session.query<{ rows: number }>(
    `SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::float8 AS rows FROM pg_stat_user_tables`,
  );
  return row!.rows;
}
