import { propose, type Finding, type Proposal } from '../../model/change';
import type { ForeignServerFacts, Inheritable } from '../../model/inheritable';

/**
 * Left as they are: foreign tables, views and functions of the clone's users
 * depend on them, and they do nothing by themselves.
 */
export function planInheritedForeignServers(target: Inheritable): Proposal {
  const databases = [...new Set(target.foreignServers.map((server) => server.database))];
  return propose(
    [],
    databases.map((database) =>
      leave(
        database,
        target.foreignServers.filter((server) => server.database === database),
      ),
    ),
  );
}

function leave(database: string, servers: readonly ForeignServerFacts[]): Finding {
  const list = servers.map((server) => `${server.name} (${server.userMappings} user mappings)`).join(', ');
  return {
    code: 'FOREIGN_SERVERS_LEFT',
    severity: 'info',
    seen: `database ${database} of the clone inherited foreign servers: ${list}`,
    why: "queries through them reach the same systems as production's, with the same passwords; they stay because tables and views may need them, and the clone's own security group lets out to the source only",
    next: 'if the clone must not reach them at all, take their user mappings away there',
  };
}
