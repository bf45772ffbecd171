import { MODES } from '../plan/plan-for';
import type { Change, Finding } from '../model/change';
import { isBlocked, isIdleButUnwell, type LookedAt, type Plan } from '../model/plan';
import { formatBytes } from './bytes';
import { symbol, type Style } from './style';

/** A plan as people know it from Terraform. */
export function planText(plan: Plan, style: Style): string {
  const findings = plan.findings.map((finding) => findingText(finding, style));
  const changes = isBlocked(plan) && plan.changes.length === 0 ? [] : changesText(plan, style);
  return [...findings, ...changes, blockedText(plan, style), nextStepText(plan, style)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function blockedText(plan: Plan, style: Style): string {
  if (!isBlocked(plan)) return '';
  if (isIdleButUnwell(plan)) return `${style.red('No changes to make, but not all is well')}: see the errors above.`;
  if (plan.changes.length === 0) return `${style.red('Blocked')}: nothing can be planned until this is resolved.`;
  return `${style.red('Blocked in part')}: these changes can be made; the rest has to wait until the errors above are resolved.`;
}

function changesText(plan: Plan, style: Style): string[] {
  if (plan.changes.length === 0) return [style.bold('No changes.') + ` ${idleText(plan)}`];
  const { intro } = MODES[plan.mode];
  return [intro, ...plan.changes.map((change) => changeText(change, style)), style.bold(summaryText(plan))];
}

function idleText(plan: Plan): string {
  const onlyUnseen = plan.findings.every(({ code }) => code === 'CLONE_NOT_LOOKED_AT');
  if (plan.mode === 'teardown' && !onlyUnseen)
    return 'Nothing that can be removed by now is left; what stays is said above.';
  if (plan.mode === 'teardown')
    return plan.onlySource
      ? 'Nothing of ours is left on the source. No clone was looked at: the outputs name none.'
      : 'Nothing of ours is left on either side.';
  if (plan.mode === 'sequences') return 'Every sequence that was compared stands where it is to be, or beyond.';
  if (plan.mode === 'refresh') return 'There is no materialized view that was to be refreshed.';
  if (plan.mode === 'large-objects') return 'There is no large object that was to be copied or removed.';
  if (plan.nextStep !== null) return 'All that can be done by now is done.';
  return plan.looked == null ? 'Whether the clone follows was not looked at.' : lookedText(plan.looked);
}

/**
 * What was looked at, and nothing more: rows are for verify to compare.
 * @param well nothing was found that speaks against it
 */
export function lookedText(looked: LookedAt, well = true): string {
  const { streams, following, lost, tables, lagBytes, unlooked, roles } = looked;
  const behind = lagBytes === null ? 'an unknown lag' : `${formatBytes(lagBytes)} of WAL to go`;
  const lag = lost === 0 ? behind : `${lost} ${lost === 1 ? 'slot' : 'slots'} lost`;
  const moving = !well
    ? 'Whether the clone follows is not said where a check fails'
    : following === streams
      ? 'The clone follows the source'
      : 'Not every stream was seen to follow';
  return `${moving}: ${following} of ${streams} ${streams === 1 ? 'stream streams' : 'streams stream'}, ${tables} ${tables === 1 ? 'table' : 'tables'}${rolesText(roles)}, ${lag}; rows are compared by sql-runner verify.${unlookedText(unlooked)}`;
}

const rolesText = (roles: number | undefined): string =>
  roles === undefined ? '' : `, ${roles} ${roles === 1 ? 'role' : 'roles'} with what they may`;

/** Behind what is called well; nothing where all was looked at. */
export const unlookedText = (unlooked: readonly string[]): string =>
  unlooked.map((words) => ` Not looked at: ${words}.`).join('');

function changeText(change: Change, style: Style): string {
  const mark =
    change.consent === undefined ? symbol(change.action, style) : `${style.red('!')} ${symbol(change.action, style)}`;
  const consent = change.consent === undefined ? '' : style.red(`  needs --${change.consent}`);
  const lines = change.preview.flatMap((text) => text.split('\n')).map((line) => style.dim(`        ${line}`));
  return [`  ${mark} ${style.bold(change.id)}${consent}`, `      ${change.reason}`, ...lines].join('\n');
}

/** `Plan: 4 to add, 1 to change, 0 to destroy.` A replacement counts as both. */
export function summaryText(plan: Plan): string {
  const count = (...actions: Change['action'][]) =>
    plan.changes.filter((change) => actions.includes(change.action)).length;
  return `Plan: ${count('create', 'replace')} to add, ${count('update')} to change, ${count('delete', 'replace')} to destroy.`;
}

function nextStepText(plan: Plan, style: Style): string {
  if (plan.nextStep === null) return '';
  const when = plan.changes.length > 0 ? 'After that' : 'Next';
  return `${when}: ${style.bold(plan.nextStep.command)} (${plan.nextStep.reason})`;
}

function findingText(finding: Finding, style: Style): string {
  const severity = { block: style.red('Error'), warn: style.yellow('Warning'), info: 'Note' }[finding.severity];
  return [
    `${severity} ${style.bold(finding.code)}`,
    `  ${finding.seen}`,
    `  Why it matters: ${finding.why}`,
    `  What to do: ${finding.next}`,
  ].join('\n');
}
