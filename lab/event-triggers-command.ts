import { escapeIdentifier } from 'pg';
import { inSession } from './connections';
import { firstDatabase } from './login';
import { openLab, type Lab } from './lab';
import { assertUp } from './servers';

export async function eventTriggers({ name }: { name: string }): Promise<void> {
  const lab = openLab(name);
  assertUp(lab, lab.sides);
  await allowEventTriggers(lab);
  console.log(`The master user of the ${lab.sides.join(' and of the ')} may make event triggers now, as a superuser.`);
}

/**
 * Lets the master users make event triggers: Aurora lets rds_superuser do that, while PostgreSQL asks for a superuser
 * (CreateEventTrigger in event_trigger.c), and has nothing less to grant. A clone that is taken afterwards has it as well.
 */
export async function allowEventTriggers(lab: Lab): Promise<void> {
  for (const side of lab.sides) {
    const master = escapeIdentifier(lab.cluster(side).masterUsername);
    await inSession(lab.adminConnection(side, firstDatabase(lab, side)), (admin) =>
      admin.query(`ALTER ROLE ${master} SUPERUSER`),
    );
  }
}
