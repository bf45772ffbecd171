import type { Finding } from '../model/change';
import type { HeartbeatDependent } from '../postgres/catalog/heartbeat-dependents';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { HEARTBEAT_TABLE } from '../../contract/naming';
import { toDoFor, type Hindrance } from './hindrance';
import type { Place } from '../model/address';

/** Where what only stands in our schema is moved to. */
const ELSEWHERE = 'public';

/**
 * DROP refuses while something of others hangs on the heartbeat, or stands in its schema. Whether a view is needed only
 * its owner knows: nothing is dropped for them, and nothing of teardown waits for it but the heartbeat's own step.
 */
export function findHeldHeartbeat(place: Place, dependents: readonly HeartbeatDependent[]): Finding[] {
  return toDoFor(place, dependents.map(hindrance)).map(({ what, at, statements }) => {
    const common: Omit<Finding, 'next'> = {
      code: 'HEARTBEAT_NOT_DROPPABLE',
      severity: 'warn',
      seen: `the heartbeat ${[...new Set(dependents.map(({ schema }) => `${schema}.${HEARTBEAT_TABLE}`))].join(', ')} cannot be dropped while this depends on it or is in its schema, in database ${place.database} on the ${place.side === 'source' ? 'source' : 'clone'}: ${what}`,
      why: 'teardown frees production of its slots first, and stops where it drops the heartbeat: the replication role, which can log in, stays until then',
    };
    return statements.length === 0
      ? { ...common, next: 'ask its owner to drop or to move it; teardown, run again, goes on where it stopped' }
      : {
          ...common,
          next: `ask its owner first, as what reads the heartbeat is dropped, and what does not is kept (what alters a table waits for the transactions on it, and blocks it for a moment); now or when teardown has stopped there, which goes on when it is run again; ${at}: ${statements.join(' ')}`,
        };
  });
}

function hindrance(dependent: HeartbeatDependent): Hindrance {
  const statement = remedy(dependent);
  return { what: dependent.what, as: dependent.as, statements: statement === null ? [] : [`${statement};`] };
}

function remedy({ kind, schema, object, part, keyword }: HeartbeatDependent): string | null {
  switch (kind) {
    case 'view':
      return `DROP VIEW ${object}`;
    case 'materialized view':
      return `DROP MATERIALIZED VIEW ${object}`;
    case 'routine':
      return `DROP ROUTINE ${object}`;
    case 'policy':
      return `DROP POLICY ${part} ON ${object}`;
    case 'foreign key':
      return `ALTER TABLE ${object} DROP CONSTRAINT ${part}`;
    case 'column':
      return `ALTER TABLE ${object} DROP COLUMN ${part}`;
    case 'child':
      return `ALTER TABLE ${object} NO INHERIT ${quoteQualified({ schema, name: HEARTBEAT_TABLE })}`;
    case 'stranger':
      return keyword === null ? null : `ALTER ${keyword} ${object} SET SCHEMA ${quoteIdent(ELSEWHERE)}`;
    case 'other':
      return null;
  }
}
