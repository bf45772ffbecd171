import type { Session } from '../session';

/** Whether this Aurora version tells the seed LSN of a clone; calling an absent function would abort the transaction. */
export async function seedFunctionExists(session: Session): Promise<boolean> {
  const [row] = await session.query<{ found: boolean }>(
    `SELECT to_regprocedure('aurora_volume_logical_start_lsn()') IS NOT NULL AS found`,
  );
  return row!.found;
}

/** The WAL position that this clone's data stands at; null where the cluster is not a clone. */
export async function seedLsn(session: Session): Promise<string | null> {
  const [row] = await session.query<{ lsn: string | null }>(`SELECT aurora_volume_logical_start_lsn()::text AS lsn`);
  return row?.lsn ?? null;
}
