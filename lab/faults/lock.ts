import { startJob, stopJob } from '../jobs';
import type { Fault } from './fault';
import { DATABASE, followingStream, TABLE } from './stream';

/** Somebody begins a transaction on the clone and goes to lunch. */
export const lock: Fault = {
  about: 'somebody holds a lock on a replicated table of the clone',
  async bringAbout(lab) {
    await followingStream(lab);
    await startJob(lab, 'lock', { database: DATABASE, table: TABLE });
    return {
      did: [
        `On the clone, in database ${DATABASE}: a session began a transaction, locked ${TABLE} in SHARE MODE, and does not end it.`,
      ],
      see: [
        `Reading works. The apply worker waits with the next row of ${TABLE}; start the writers, if nobody writes.`,
        'status, plan and doctor: APPLY_WORKER_WAITS, with the session that holds the lock; ending it heals too.',
      ],
      facts: {},
    };
  },
  async heal(lab) {
    await stopJob(lab.directory, 'lock');
    return ['The session that held the lock has ended, and its transaction with it.'];
  },
};
