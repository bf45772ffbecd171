import type { PlannedChange, PlanSummary } from './plan-summary';

/** What may not be overlooked in a plan: the clone goes, or something that production uses. The clone first. */
export function alarms(stack: string, { changes }: PlanSummary): string[] {
  const ending = changes.filter(({ action }) => action === 'replace' || action === 'delete');
  const clones = ending.filter(({ type }) => type === 'aws_rds_cluster');
  return [
    ...clones.map((change) => cloneAlarm(stack, change)),
    ...(stack.endsWith('-source') ? ending.map((change) => sourceAlarm(stack, change)) : []),
  ];
}

function cloneAlarm(stack: string, { address, action, notes }: PlannedChange): string {
  const why = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  return action === 'replace'
    ? `${stack}: THE CLONE IS REPLACED. ${address} is deleted with all of its data, then a new one is taken${why}.`
    : `${stack}: THE CLONE IS DELETED. ${address} goes with all of its data${why}.`;
}

function sourceAlarm(stack: string, { address, action, notes }: PlannedChange): string {
  const why = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  return `${stack}: ${address} is ${action === 'replace' ? 'replaced' : 'deleted'} in the account of production${why}.`;
}
