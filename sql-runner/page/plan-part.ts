import type { Change, Finding } from '../model/change';
import { isBlocked, type Plan } from '../model/plan';
import { lookedText, summaryText } from '../render/plan-text';
import { copyable } from './copyable';
import { html, type Html } from './html';
import type { PageView } from './page-view';
import { moment } from './words';

/** What apply would do, as of when the plan was made. */
export function planPart({ plan: { plan, failure, at, every }, live }: PageView): Html {
  if (every === 0) return html`<p class="unknown">Not known here: it was started with --plan-every 0.</p>`;
  if (at === null) return html`<p class="unknown">Not known yet: the first plan is being made.</p>`;
  const when = html`<p class="fresh">
    Made <time>${moment(at)}</time>, and every ${every} min, and after a stream has changed; what else changed since
    then it does not know. <code>sql-runner plan ${live.environment}</code> makes a new one.
  </p>`;
  if (plan === null)
    return html`${when}
      <div class="finding bad">
        <h3>${failure!.code}: no plan could be made</h3>
        <p>${failure!.seen}</p>
        <p><b>What to do:</b> ${failure!.next}</p>
      </div>`;
  return html`${when} ${summary(plan)} ${plan.findings.map(findingBox)}
  ${
    plan.changes.length === 0
      ? null
      : html`<ol class="changes">
          ${plan.changes.map(changeItem)}
        </ol>`
  }
  ${nextStep(plan)}`;
}

function summary(plan: Plan): Html {
  if (plan.changes.length > 0) return html`<p><b>${summaryText(plan)}</b></p>`;
  if (isBlocked(plan)) return html`<p><b>No changes are planned: the errors below stand in the way.</b></p>`;
  if (plan.nextStep !== null) return html`<p><b>No changes:</b> all that can be done by now is done.</p>`;
  return html`<p>
    <b>No changes.</b> ${plan.looked == null ? 'Whether the clone follows was not looked at.' : lookedText(plan.looked)}
  </p>`;
}

const SEVERITY = { block: ['bad', 'Error'], warn: ['idle', 'Warning'], info: ['unknown', 'Note'] } as const;

function findingBox({ severity, code, seen, why, next }: Finding): Html {
  const [tone, word] = SEVERITY[severity];
  return html`<div class="finding ${tone}">
    <h3>${word}: ${code}</h3>
    <p>${seen}</p>
    <p><b>Why it matters:</b> ${why}</p>
    <p><b>What to do:</b></p>
    ${copyable(next)}
  </div>`;
}

function changeItem({ id, action, reason, preview, consent }: Change, index: number): Html {
  return html`<li>
    <details id="change-${index}">
      <summary>
        <b>${action}</b> <bdi class="code">${id}</bdi>${consent === undefined ? null : ` (needs --${consent})`}
      </summary>
      <p>${reason}</p>
      ${copyable(preview.join('\n'))}
    </details>
  </li>`;
}

function nextStep({ nextStep: step, changes }: Plan): Html | null {
  if (step === null) return null;
  return html`<p><b>${changes.length > 0 ? 'After that' : 'Next'}:</b> ${step.reason}</p>
    ${copyable(step.command)}`;
}
