import type { z } from 'zod';
import type { Change } from '../model/change';
import type { EngineEvent, Listener } from '../model/events';
import type { Plan } from '../model/plan';
import type { change as changeSchema, plan as planSchema } from './schemas/plan';

/** The events, as scripts read them; their shapes are those of schemas/run.ts. */
export function runJson(write: (event: object) => void): Listener {
  return (event) => write(eventJson(event));
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
export function planJson(plan: Plan): z.infer<typeof planSchema> {
  return {
    environment: plan.environment,
    mode: plan.mode,
    fingerprint: plan.fingerprint,
    changes: plan.changes.map(changeJson),
    findings: plan.findings as z.infer<typeof planSchema>['findings'],
    nextStep: plan.nextStep,
  };
}

function changeJson({ id, address, action, consent, reason, preview }: Change): z.infer<typeof changeSchema> {
  return { id, action, side: address.side, consent: consent ?? null, reason, preview: [...preview] };
}
