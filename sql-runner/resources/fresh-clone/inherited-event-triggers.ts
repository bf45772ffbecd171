import type { SourceContract } from '../../../contract/contract';
import { propose, sqlChange, type Change, type Finding, type Proposal } from '../../model/change';
import type { EventTriggerFacts, Inheritable } from '../../model/inheritable';
import { quoteIdent } from '../../postgres/text/quoting';

/**
 * An event trigger fires on what sql-runner does on the clone, and may write
 * rows that the source never had, or forbid it. Hence first of all, and ALTER
 * EVENT TRIGGER itself fires none (PostgreSQL manual, "Overview of Event Trigger Behavior").
 */
export function planInheritedEventTriggers(
  contract: SourceContract,
  source: Inheritable,
  target: Inheritable,
): Proposal {
  const enabled = target.eventTriggers.filter((trigger) => trigger.enabled);
  const disabled = enabled.filter((trigger) => isCopy(source, trigger) && mayDisable(trigger));
  const left = enabled.filter((trigger) => !disabled.includes(trigger));
  const failing = left.filter(isNotPreloaded);
  return propose(disabled.map(disable), [
    ...notPreloaded(contract, failing),
    ...left.filter((trigger) => !failing.includes(trigger)).map((trigger) => leave(trigger, isCopy(source, trigger))),
  ]);
}

/** Extensions whose event triggers make every DDL fail where the library was not preloaded (pgaudit.c, _PG_init). */
const NEEDS_PRELOADING = ['pgaudit'];

function isNotPreloaded({ extension, preloaded }: EventTriggerFacts): boolean {
  if (extension === null || !NEEDS_PRELOADING.includes(extension) || preloaded == null) return false;
  // A library may be given by its path.
  const libraries = preloaded.split(',').map((library) => library.trim().replace(/^.*\/|"|\.so$/g, ''));
  return !libraries.includes(extension);
}

function notPreloaded({ stacks }: SourceContract, failing: readonly EventTriggerFacts[]): Finding[] {
  return NEEDS_PRELOADING.flatMap((extension) => {
    const databases = new Set(failing.filter((trigger) => trigger.extension === extension).map((one) => one.database));
    if (databases.size === 0) return [];
    return [
      {
        code: 'EXTENSION_NOT_PRELOADED',
        severity: 'block',
        seen: `the clone has extension ${extension} in ${databases.size === 1 ? 'database' : 'databases'} ${[...databases].join(', ')}, and its server has not preloaded it`,
        why: 'its event triggers make every DDL there fail, that of the bootstrap too, which would end half-way',
        next: `add ${extension} to shared_preload_libraries in source.cluster.extraParameters of the environment file, which the clone takes over, or in target.clone.extraParameters, then cdktf deploy ${stacks.target} and reboot its writer`,
      },
    ];
  });
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
