import type { Change } from '../model/change';
import type { EngineEvent, Listener } from '../model/events';
import type { Plan } from '../model/plan';

/** The events as JSON, one a line. Shapes are stable: scripts read them. */
export function runJson(write: (line: string) => void): Listener {
  return (event) => write(JSON.stringify(eventJson(event)));
}

function eventJson(event: EngineEvent): object {
  if (event.type === 'planned') return { type: event.type, ...planJson(event.plan) };
  if ('change' in event) {
    const { change, ...rest } = event;
    return { ...rest, change: changeJson(change) };
  }
  return event;
}

/** A plan for scripts; the operations themselves are the engine's own. */
export function planJson(plan: Plan): object {
  return {
    environment: plan.environment,
    mode: plan.mode,
    fingerprint: plan.fingerprint,
    changes: plan.changes.map(changeJson),
    findings: plan.findings,
    nextStep: plan.nextStep,
  };
}

function changeJson({ id, address, action, consent, reason, preview }: Change): object {
  return { id, action, side: address.side, consent: consent ?? null, reason, preview };
}
