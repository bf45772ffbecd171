import { readdirSync, readFileSync } from 'node:fs';
import type { Client } from 'pg';
import { SIDES } from '../../lab/lab';
import type { SoakWorld } from './world';

/** What must be no more in the end than at the beginning. Counted while nobody but serve looks. */
export type Census = Readonly<Record<string, number>>;

const OF_SIDE: Readonly<Record<(typeof SIDES)[number], Readonly<Record<string, string>>>> = {
  source: {
    'sessions of sql-runner': `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name LIKE 'sql-runner %'`,
    'WAL senders': `SELECT count(*)::int AS n FROM pg_stat_replication`,
    slots: `SELECT count(*)::int AS n FROM pg_replication_slots`,
  },
  clone: {
    'sessions of sql-runner': `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name LIKE 'sql-runner %'`,
    'apply workers': `SELECT count(*)::int AS n FROM pg_stat_subscription WHERE pid IS NOT NULL`,
    origins: `SELECT count(*)::int AS n FROM pg_replication_origin`,
  },
};

/** What there was when serve had done everything once. */
export interface Warm {
  readonly census: Census;
  /** Bytes of serve that are no garbage. */
  readonly heap: number;
}

export async function warmOf(world: SoakWorld, servePid: number): Promise<Warm> {
  return { census: await census(world, servePid), heap: await world.liveHeap(servePid) };
}

export async function census(world: SoakWorld, servePid: number): Promise<Census> {
  const counted: Record<string, number> = {};
  for (const side of SIDES)
    await world.asAdmin(side, 'postgres', async (client) => {
      for (const [what, sql] of Object.entries(OF_SIDE[side]))
        counted[`${what} on the ${side}`] = await countOf(client, sql);
    });
  counted['open files of serve'] = readdirSync(`/proc/${servePid}/fd`).length;
  return counted;
}

async function countOf(client: Client, sql: string): Promise<number> {
  return (await client.query<{ n: number }>(sql)).rows[0]!.n;
}

/** What has grown, in words. */
export function grown(before: Census, after: Census): string[] {
  return Object.entries(after)
    .filter(([what, count]) => count > (before[what] ?? 0))
    .map(([what, count]) => `${what}: ${before[what] ?? 0} before, ${count} in the end`);
}

/** Memory that a process takes, in bytes; null: it has ended, which others say. */
export function residentBytes(pid: number): number | null {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}

/** Bytes of WAL that the source has written since there was any. */
export async function walWritten(world: SoakWorld): Promise<number> {
  return world.asAdmin('source', 'postgres', async (client) => {
    const { rows } = await client.query<{ bytes: string }>(`SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS bytes`);
    return Number(rows[0]!.bytes);
  });
}

/** WAL in bytes that the source keeps, by slot. */
export async function retainedWal(world: SoakWorld): Promise<Map<string, number>> {
  return world.asAdmin('source', 'postgres', async (client) => {
    const { rows } = await client.query<{ slot: string; bytes: string }>(
      `SELECT slot_name AS slot, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::text AS bytes FROM pg_replication_slots`,
    );
    return new Map(rows.map(({ slot, bytes }) => [slot, Number(bytes)]));
  });
}
