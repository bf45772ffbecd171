import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inSession } from '../connections';
import type { Lab } from '../lab';
import { writeOwned } from '../postgres/server-files';
import { serverOf } from '../servers';
import type { Fault } from './fault';
import { DATABASE, endSessionsOf, followingStream } from './stream';

/** Of the lines of pg_hba.conf that this fault puts in, so that exactly they are taken out again. */
const MARK = '# lab break cut';

/**
 * Everything of the lab is on one machine, with no network in between that could
 * be cut. So the server of production lets the clone's role in no more, before it
 * asks for a password: nothing in any catalog says why.
 */
export const cut: Fault = {
  about: 'the network is cut: the clone does not reach production',
  async bringAbout(lab) {
    const { role } = await followingStream(lab);
    // In pg_hba.conf a quote within a quoted name is doubled.
    const line = `host all "${role.replaceAll('"', '""')}" all reject ${MARK}`;
    await rewrite(lab, (text) => `${line}\n${text}`);
    await endSessionsOf(lab, role);
    return {
      did: [
        'Production turns the clone away at the door (a line in its pg_hba.conf), and its open connections were ended.',
        'This stands for a route or a security group that was closed, as one machine has no network to cut. Your own sessions reach both sides.',
      ],
      see: [
        'The clone is readable, and gets nothing new; production keeps WAL for it.',
        "status, plan and doctor: APPLY_WORKER_STOPPED, with the words of the clone's log: pg_hba.conf rejects it. Plan offers a new password all the same, which would not help.",
      ],
      facts: { role },
    };
  },
  async heal(lab) {
    await rewrite(lab, (text) =>
      text
        .split('\n')
        .filter((line) => !line.endsWith(MARK))
        .join('\n'),
    );
    return ['Production lets the clone in again.'];
  },
};

async function rewrite(lab: Lab, change: (text: string) => string): Promise<void> {
  const file = join(serverOf(lab, 'source').dataDirectory, 'pg_hba.conf');
  await writeOwned(file, change(await readFile(file, 'utf8')));
  await inSession(lab.adminConnection('source', DATABASE), (client) => client.query('SELECT pg_reload_conf()'));
}
