import { heldBack } from '../checks/slot-growth';
import type { SourceObservation } from '../model/observation';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import { parseLsn } from '../postgres/text/lsn';
import type { StreamStatus } from './status';

/** What a slot costs production, and how long it may. */
export function slotFigures(
  source: SourceObservation,
  slot: ReplicationSlot | null,
): Pick<StreamStatus, 'walStatus' | 'slotRead' | 'retainedBytes' | 'safeWalBytes'> {
  return {
    walStatus: slot?.walStatus ?? null,
    slotRead: slot?.active ?? null,
    retainedBytes: slot === null || slot.restartLsn === null ? null : heldBack(source, slot),
    safeWalBytes: slot?.safeWalSize ?? null,
  };
}

/** A position of WAL as a number of bytes since its beginning. */
export const positionBytes = (lsn: string | null): number | null => (lsn === null ? null : Number(parseLsn(lsn)));
