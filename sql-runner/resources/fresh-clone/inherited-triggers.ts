import type { SourceContract } from '../../../contract/contract';
import { propose, sqlChange, type Change, type Proposal } from '../../model/change';
import type { FiringTriggerFacts, Inheritable } from '../../model/inheritable';
import { firingTrigger } from '../firing-trigger';
import { quoteIdent, quoteQualified } from '../../postgres/text/quoting';

/**
 * Triggers marked ALWAYS or REPLICA fire in the apply worker. What they do on
 * the source reaches the clone as changes of its own, so they would do it
 * twice (PostgreSQL manual, "Logical Replication: Architecture").
 */
export function planInheritedTriggers(contract: SourceContract, source: Inheritable, target: Inheritable): Proposal {
  const copies = target.triggers.filter((trigger) => isCopy(source, trigger));
  const left = target.triggers.filter((trigger) => !copies.includes(trigger));
  return propose(
    copies.map(originOnly),
    left.map((trigger) => firingTrigger(contract, trigger.database, trigger, false)),
  );
}

/** The clone keeps object ids: the same id and name on the source means a copy. */
function isCopy(source: Inheritable, trigger: FiringTriggerFacts): boolean {
  return source.triggers.some(
    (other) => other.database === trigger.database && other.oid === trigger.oid && other.name === trigger.name,
  );
}

const tableOf = (trigger: FiringTriggerFacts): string =>
  quoteQualified({ schema: trigger.schema, name: trigger.table });

function originOnly(trigger: FiringTriggerFacts): Change {
  return sqlChange({
    address: {
      side: 'target',
      database: trigger.database,
      kind: 'inherited-trigger',
      name: `${tableOf(trigger)}.${quoteIdent(trigger.name)}`,
    },
    action: 'update',
    reason: `set to ${trigger.mode}, it would fire for replicated rows and repeat what it did on the source; here it fires for local writes only`,
    place: { side: 'target', database: trigger.database },
    guards: [],
    // ONLY: each partition's trigger has its own change.
    statements: [
      {
        text: `ALTER TABLE ONLY ${quoteQualified({ schema: trigger.schema, name: trigger.table })} ENABLE TRIGGER ${quoteIdent(trigger.name)}`,
      },
    ],
  });
}
