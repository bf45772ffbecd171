import { z } from 'zod';
import { isName } from '../../contract/postgres-names';
import { textWith, uniqueList } from './refined';

export const rolesMode = z.enum(['follow', 'off']).optional().meta({
  description:
    'What becomes of roles and grants of the source. follow: sql-runner apply carries them out on the clone, without passwords. off: they are left to you. Default: off.',
});

const roleName = textWith(
  [
    {
      code: 'BAD_ROLE_NAME',
      accepts: isName,
      seen: (value) => `${JSON.stringify(value)} is not the name of a role.`,
      why: 'PostgreSQL cuts longer names off, and then they name something else.',
      next: 'Give the name as the catalog holds it, 1 to 63 bytes, or public for what everybody has.',
    },
  ],
  { description: 'Name of a role as the catalog holds it, without SQL quotes; public: PUBLIC.' },
);

export const ownRolesSchema = uniqueList(
  roleName,
  1,
  "Roles that are the clone's own affair where roles are followed: nothing is given to them there and nothing taken, whatever the source has.",
).optional();
