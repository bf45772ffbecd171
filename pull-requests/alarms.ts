import type { PlannedChange, PlanSummary } from './plan-summary';

/**
 * What may not be overlooked in a plan: the clone goes, something that production uses, or what the clone gets from it
 * over there. The clone first. What is forgotten stays, and `terraform_data` is a note in the state and nothing in AWS
 * (developer.hashicorp.com/terraform/language/resources/terraform-data).
 */
export function alarms(stack: string, { changes }: PlanSummary): string[] {
  const ending = changes.filter(
    ({ action, type }) => (action === 'replace' || action === 'delete') && type !== 'terraform_data',
  );
  const clones = ending.filter(({ type }) => type === 'aws_rds_cluster');
  const isSource = stack.endsWith('-source');
  const others = ending.filter(({ type }) => isSource || partOf(type) !== undefined);
  return [
    ...clones.map((change) => cloneAlarm(stack, change)),
    ...others.map((change) => alarm(stack, change, isSource ? ' in the account of production' : '')),
  ];
}

/** What two accounts have between them, which no setting of the clone brings back. */
const BETWEEN: readonly (readonly [RegExp, string])[] = [
  [/^aws_ram_|^aws_kms_/, 'what production shares with the target account'],
  [
    /^aws_(route|vpc_peering_\w+|ec2_transit_gateway_\w+|security_group|vpc_security_group_\w+)$/,
    'the way between production and the clone',
  ],
];

const partOf = (type: string): string | undefined => BETWEEN.find(([pattern]) => pattern.test(type))?.[1];

const whyOf = ({ notes }: PlannedChange): string => (notes.length === 0 ? '' : ` (${notes.join('; ')})`);

function cloneAlarm(stack: string, change: PlannedChange): string {
  const { address, action } = change;
  return action === 'replace'
    ? `${stack}: THE CLONE IS REPLACED. ${address} is deleted with all of its data, then a new one is taken${whyOf(change)}.`
    : `${stack}: THE CLONE IS DELETED. ${address} goes with all of its data${whyOf(change)}.`;
}

function alarm(stack: string, change: PlannedChange, where: string): string {
  const { address, action, type } = change;
  const what = partOf(type);
  const of = what === undefined ? '' : `, a part of ${what},`;
  return `${stack}: ${address}${of} is ${action === 'replace' ? 'replaced' : 'deleted'}${where}${whyOf(change)}.`;
}
