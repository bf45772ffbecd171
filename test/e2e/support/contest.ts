import type { Client } from 'pg';
import { EXIT_CODES } from '../../../errors/exit-codes';
import { waitUntilCaughtUp } from '../../../lab/demo/comparison';
import type { Ending } from './cli-process';
import type { DirectLab } from './direct-lab';

/** Who holds the lock, as a run that waits or refuses says it. */
const HOLDER = /process \d+ of app_owner \(sql-runner demo [0-9a-f-]{36}\) since \d{4}-|it has just ended/;

/** How contests ended, over all rounds: shows that the runs did meet. */
export interface Tally {
  contests: number;
  waited: number;
  refused: number;
  alone: number;
}

/**
 * Each of the runs either did its work, found nothing left to do, or was refused for the lock; and who had to wait
 * or was refused was told for whom.
 */
export function expectFairness(endings: readonly Ending[], tally: Tally): void {
  for (const { outcome, exitCode, waits, stdout, stderr } of endings) {
    const shown = { outcome, exitCode, stderr, stdout: stdout.slice(-2000) };
    expect(shown).toEqual({ ...shown, outcome: expect.stringMatching(/^(applied|nothing-to-do|LOCK_HELD)$/) });
    expect(shown).toEqual({ ...shown, exitCode: outcome === 'LOCK_HELD' ? EXIT_CODES.lockHeld.code : 0 });
    if (outcome === 'LOCK_HELD') expect(stderr).toMatch(HOLDER);
    for (const wait of waits.filter((text) => text.startsWith('another run'))) expect(wait).toMatch(HOLDER);
  }
  tally.contests += 1;
  const refused = endings.some(({ outcome }) => outcome === 'LOCK_HELD');
  const waited = endings.some(({ waits }) => waits.some((text) => text.startsWith('another run on demo')));
  if (refused) tally.refused += 1;
  else if (waited) tally.waited += 1;
  else tally.alone += 1;
}

export interface Inventory {
  readonly roles: number;
  readonly slots: number;
  readonly publications: number;
  readonly ticket: boolean;
  /** Of ours, on the clone. */
  readonly subscriptions: number;
}

/** 1 role, 2 publications that carry the present ticket, 2 slots: all of what an apply makes on the source. */
export const PREPARED: Inventory = { roles: 1, slots: 2, publications: 2, ticket: true, subscriptions: 0 };
export const FOLLOWING: Inventory = { ...PREPARED, subscriptions: 2 };
export const GONE: Inventory = { roles: 0, slots: 0, publications: 0, ticket: false, subscriptions: 0 };

/** Everything of ours that there is; of publications those that carry the ticket of now. */
export async function inventory(world: DirectLab): Promise<Inventory> {
  const nonce = await world.ticket();
  const counts = { roles: 0, slots: 0, publications: 0, subscriptions: 0 };
  for (const database of ['shop', 'ledger']) {
    const [source] = await ask(world.source(database), OWN_ON_SOURCE, [nonce ?? 'none']);
    counts.roles = source!.roles!;
    counts.slots = source!.slots!;
    counts.publications += source!.publications!;
    if (world.contracts.target === null) continue;
    const [clone] = await ask(world.clone(database), OWN_ON_CLONE);
    counts.subscriptions += clone!.subscriptions!;
  }
  return { ...counts, ticket: nonce !== null };
}

/** A publication without the present ticket, or with none, counts as half a state: as a hundred. */
const OWN_ON_SOURCE = `
  SELECT (SELECT count(*)::int FROM pg_roles WHERE rolname = 'acas_demo') AS roles,
         (SELECT count(*)::int FROM pg_replication_slots WHERE slot_name LIKE 'acas%') AS slots,
         (SELECT coalesce(sum(CASE WHEN obj_description(oid, 'pg_publication') LIKE '%' || $1 || '%' THEN 1 ELSE 100 END), 0)::int
            FROM pg_publication WHERE pubname LIKE 'acas%') AS publications`;
const OWN_ON_CLONE = `
  SELECT count(*)::int AS subscriptions FROM pg_subscription
   WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`;

async function ask(opening: Promise<Client>, sql: string, values: unknown[] = []): Promise<Record<string, number>[]> {
  const client = await opening;
  try {
    return (await client.query<Record<string, number>>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Every row that the source has by now is on the clone once. Writers go on meanwhile. */
export async function expectSameOrders(world: DirectLab): Promise<void> {
  const [last] = await ask(world.source('shop'), 'SELECT max(id)::int AS id FROM orders');
  await waitUntilCaughtUp(world.source, ['acas_demo_shop', 'acas_demo_ledger']);
  const ids = 'SELECT id::int FROM orders WHERE id <= $1 ORDER BY id';
  const [here, there] = await Promise.all([
    ask(world.source('shop'), ids, [last!.id]),
    ask(world.clone('shop'), ids, [last!.id]),
  ]);
  expect(there.length).toBeGreaterThan(0);
  expect(there).toEqual(here);
}
