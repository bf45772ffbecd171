import type { Change } from '../model/change';

/**
 * One step of a teardown that fails must not keep production from being freed of its other slots: they keep WAL there
 * until its storage is full, and what failed may take days to be put right.
 * @param rest what was still to come, in its order
 * @param carryOut throws where the change fails
 */
export async function freeSlots(
  failed: Change,
  rest: readonly Change[],
  carryOut: (change: Change) => Promise<void>,
): Promise<void> {
  const held = new Set<string | null>([databaseOf(failed)]);
  for (const change of rest.filter(frees)) {
    // A slot is in use for as long as its subscription is there.
    if (held.has(databaseOf(change))) continue;
    try {
      await carryOut(change);
    } catch {
      // The first failure is the one to report; the next run names this one.
      held.add(databaseOf(change));
    }
  }
}

function frees({ address, operation }: Change): boolean {
  return operation.kind === 'drop-slot' || (address.side === 'target' && address.kind === 'subscription');
}

/** Null: it belongs to no database. */
function databaseOf({ operation }: Change): string | null {
  return 'place' in operation ? operation.place.database : null;
}
