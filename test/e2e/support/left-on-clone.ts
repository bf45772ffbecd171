import type { Connect } from '../../../lab/workload/seed';

/** As the server's own catalogs have them, in the databases given: whatever is called or commented as ours. */
export async function leftOnClone(clone: Connect, databases: readonly string[]): Promise<string[]> {
  const left = await Promise.all(
    databases.map(async (database) => {
      const client = await clone(database);
      try {
        const { rows } = await client.query<{ what: string }>(`
          SELECT 'role ' || rolname AS what FROM pg_roles WHERE rolname ~ 'acas'
          UNION ALL SELECT 'publication ' || pubname FROM pg_publication WHERE pubname ~ 'acas'
          UNION ALL SELECT 'subscription ' || subname FROM pg_subscription WHERE subname ~ 'acas'
          UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname ~ 'acas'
          UNION ALL SELECT 'origin ' || roname FROM pg_replication_origin
          UNION ALL SELECT 'slot ' || slot_name FROM pg_replication_slots WHERE slot_name ~ 'acas'
          UNION ALL SELECT 'comment ' || description FROM pg_description WHERE description ~ 'aurora-cross-account'
          UNION ALL SELECT 'comment ' || description FROM pg_shdescription WHERE description ~ 'aurora-cross-account'`);
        return rows.map(({ what }) => `${database}: ${what}`);
      } finally {
        await client.end();
      }
    }),
  );
  return left.flat();
}
