import { escapeIdentifier } from 'pg';
import { inSession } from '../connections';
import type { Lab } from '../lab';
import { DATABASE, endSessionsOf, followingStream } from './stream';
import type { Fault } from './fault';

/** Somebody locks the replication role, as a security audit might. */
export const login: Fault = {
  about: 'the replication role may not log in any more (NOLOGIN)',
  async bringAbout(lab) {
    const { role } = await followingStream(lab);
    const statement = `ALTER ROLE ${escapeIdentifier(role)} NOLOGIN`;
    await asAdmin(lab, statement);
    await endSessionsOf(lab, role);
    return {
      did: [`On production: ${statement};`, `The sessions of ${role} were ended, as those of before stay otherwise.`],
      see: [
        'The clone is readable, and gets nothing new; production keeps WAL for it.',
        'status, plan and doctor: ROLE_CANNOT_REPLICATE.',
      ],
      facts: { role },
    };
  },
  async heal(lab, { role = '' }) {
    const statement = `ALTER ROLE ${escapeIdentifier(role)} LOGIN`;
    await asAdmin(lab, statement);
    return [`On production: ${statement};`];
  },
};

async function asAdmin(lab: Lab, statement: string): Promise<void> {
  await inSession(lab.adminConnection('source', DATABASE), (client) => client.query(statement));
}
