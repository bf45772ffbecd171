import { compareLsn } from '../postgres/text/lsn';
import { quoteLiteral } from '../postgres/text/quoting';
import type { TargetCheck } from './check';

/**
 * Copies of the source's slots on the clone. The apply that connects the clone
 * drops them; what is still there afterwards was left by something else.
 */
const slots: TargetCheck = {
  code: 'INHERITED_SLOT_LEFT',
  holds: 'the clone has no copies of slots of the source',
  side: 'target',
  run: (target, { contract, connected, source }) => {
    const originals = new Map(source?.slots.map((slot) => [slot.name, slot]));
    return target.slots
      .filter((slot) => {
        const original = originals.get(slot.name);
        if (original === undefined || slot.active || slot.temporary) return false;
        // A copy stands still; only the original moves on.
        return (
          slot.restartLsn === null ||
          original.restartLsn === null ||
          compareLsn(slot.restartLsn, original.restartLsn) <= 0
        );
      })
      .map((slot) => ({
        severity: connected ? ('warn' as const) : ('info' as const),
        seen: `the clone has a copy of replication slot ${slot.name} of the source`,
        why: 'nobody reads it, so it keeps the WAL of the clone until its storage is full',
        next: connected
          ? `on the clone: SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)});`
          : `nothing: sql-runner apply ${contract.environment} drops it before it connects the clone`,
      }));
  },
};

export const inheritedChecks = [slots];
