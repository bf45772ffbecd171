import { OperatorError } from '../../errors/operator-error';
import { inSession } from '../connections';
import type { Lab } from '../lab';
import { loseWal } from '../lose-wal';
import { login } from './login';
import type { Fault } from './fault';
import { DATABASE, followingStream } from './stream';

/** The clone is away for too long, and production keeps no more WAL for it than it may. */
export const lostSlot: Fault = {
  about: 'production has thrown away WAL that a slot needs',
  async bringAbout(lab) {
    const { slot } = await followingStream(lab);
    const { facts } = await login.bringAbout(lab);
    try {
      await inSession(lab.adminConnection('source', DATABASE), (admin) => loseWal(admin, slot));
    } finally {
      await login.heal(lab, facts);
    }
    return {
      did: [
        `The clone was kept away for a moment. Meanwhile production wrote more WAL than max_slot_wal_keep_size let it keep, and the slot ${slot} is lost.`,
      ],
      see: [
        'The clone is readable, and never gets anything new in this database.',
        'status, plan and doctor: SLOT_LOST.',
      ],
      back: newClone(lab),
      facts: { slot },
    };
  },
  async heal(lab, { slot = '' }) {
    const isBack = await inSession(lab.adminConnection('source', DATABASE), async (client) => {
      const { rows } = await client.query(
        "SELECT FROM pg_replication_slots WHERE slot_name = $1 AND wal_status <> 'lost'",
        [slot],
      );
      return rows.length > 0;
    });
    if (!isBack) throw needsNewClone(lab, slot);
    return [`The slot ${slot} is a new one already; there was nothing left to do.`];
  },
};

function newClone({ state: { environment } }: Lab): string[] {
  return [
    `npx sql-runner reset ${environment}`,
    `npx cdktf deploy ${environment}-target --output "$CDKTF_OUTPUT"`,
    `npx sql-runner apply ${environment}`,
  ];
}

function needsNewClone(lab: Lab, slot: string): OperatorError {
  const steps = newClone(lab).join(', then ');
  return new OperatorError({
    code: 'LAB_NEEDS_NEW_CLONE',
    seen: `The slot ${slot} is lost, and the WAL that it needs is gone.`,
    why: 'Nothing brings it back: what the clone lacks is nowhere any more.',
    next: `Replace the clone: ${steps}.`,
  });
}
