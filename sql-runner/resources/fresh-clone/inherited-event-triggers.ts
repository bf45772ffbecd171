import { propose, sqlChange, type Change, type Finding, type Proposal } from '../../model/change';
import type { EventTriggerFacts, Inheritable } from '../../model/inheritable';
import { quoteIdent } from '../../postgres/text/quoting';

/**
 * An event trigger fires on what sql-runner does on the clone, and may write
 * rows that the source never had, or forbid it. Hence first of all, and ALTER
 * EVENT TRIGGER itself fires none (PostgreSQL manual, "Overview of Event Trigger Behavior").
 */
export function planInheritedEventTriggers(source: Inheritable, target: Inheritable): Proposal {
  const enabled = target.eventTriggers.filter((trigger) => trigger.enabled);
  const disabled = enabled.filter((trigger) => isCopy(source, trigger) && mayDisable(trigger));
  const left = enabled.filter((trigger) => !disabled.includes(trigger));
  return propose(
    disabled.map(disable),
    left.map((trigger) => leave(trigger, isCopy(source, trigger))),
  );
}

/** The clone keeps object ids: the same id and name on the source means a copy. */
function isCopy(source: Inheritable, trigger: EventTriggerFacts): boolean {
  return source.eventTriggers.some(
    (other) => other.database === trigger.database && other.oid === trigger.oid && other.name === trigger.name,
  );
}

function mayDisable(trigger: EventTriggerFacts): boolean {
  return trigger.mayAlter && trigger.extension === null;
}

function disable(trigger: EventTriggerFacts): Change {
  return sqlChange({
    address: { side: 'target', database: trigger.database, kind: 'inherited-event-trigger', name: trigger.name },
    action: 'update',
    reason: 'a copy of one of the source; it would fire on the statements that follow here',
    place: { side: 'target', database: trigger.database },
    guards: [],
    statements: [{ text: `ALTER EVENT TRIGGER ${quoteIdent(trigger.name)} DISABLE` }],
  });
}

function leave(trigger: EventTriggerFacts, copy: boolean): Finding {
  const reason = !copy
    ? 'the source has not the same one'
    : trigger.extension !== null
      ? `it belongs to extension ${trigger.extension}`
      : `only its owner ${trigger.owner} may alter it`;
  return {
    code: 'EVENT_TRIGGER_LEFT',
    severity: copy && trigger.extension !== null ? 'info' : 'warn',
    seen: `event trigger ${trigger.name} in database ${trigger.database} of the clone stays enabled: ${reason}`,
    why: 'it fires on the statements of this plan; what it writes, the source does not have',
    next: `if it writes to replicated tables or forbids statements, as its owner, in database ${trigger.database} on the clone: ALTER EVENT TRIGGER ${quoteIdent(trigger.name)} DISABLE;`,
  };
}
