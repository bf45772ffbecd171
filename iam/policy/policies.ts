import { METRIC_NAMESPACE } from '../../contract/naming';
import type { Side } from '../../contract/contract';
import type { Environment } from '../../environments/schema';
import { accountArns, type AccountArns } from './account';
import { statementsOf, type Grant, type PolicyDocument } from './grant';
import { packed } from './pack';
import { callsIn, READERS, RUNNER_CALLS } from './runner/calls';
import { runnerGrants } from './runner/grants';
import { stateGrants } from './state';
import { stackGrants, type StackJson } from './terraform/stack';

/** A file, and whom it is for. */
export interface Policy {
  /** Without .json. */
  readonly name: string;
  readonly side: Side;
  /** The role that it belongs to; null: whoever runs that command in this account. */
  readonly role: string | null;
  readonly allows: string;
  readonly document: PolicyDocument;
}

interface Kind {
  readonly name: string;
  readonly side: Side;
  readonly role: string | undefined;
  readonly allows: string;
  readonly grants: readonly Grant[];
}

const SIDES = ['source', 'target'] as const;

/** Every policy of an environment. One that is too long for AWS is several, numbered from the second on. */
export function policiesOf(
  environment: Environment,
  stacks: Readonly<Record<Side, StackJson>>,
  instances: readonly string[] = [],
): Policy[] {
  const kinds = SIDES.flatMap((side) => {
    const account = accountArns(environment, side);
    return [...terraformKinds(account, stacks[side]), ...runnerKinds(account, instances)];
  });
  return [...kinds.filter(({ grants }) => grants.length > 0).flatMap(filesOf)].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}

function terraformKinds(account: AccountArns, json: StackJson): Kind[] {
  const { side, environment } = account;
  const { backend } = environment;
  const role = environment[side].roleArn;
  const stateRole =
    backend.type !== 's3' ? undefined : side === 'source' ? backend.sourceRoleArn : backend.targetRoleArn;
  const stack = `${environment.name}-${side}`;
  return [
    {
      name: `terraform-${side}`,
      side,
      role,
      allows: `terraform plan, apply and destroy of ${stack}`,
      grants: stackGrants(json, account),
    },
    {
      name: `terraform-plan-${side}`,
      side,
      role: undefined,
      allows: `terraform plan of ${stack}, and nothing else: for pull requests`,
      grants: stackGrants(json, account, ['read']),
    },
    {
      name: `state-${side}`,
      side,
      role: stateRole,
      allows: `the state of ${stack} in S3`,
      grants: stateGrants(environment, account),
    },
  ];
}

function runnerKinds(account: AccountArns, instances: readonly string[]): Kind[] {
  const { side, environment } = account;
  const role = environment[side].runnerRoleArn ?? environment[side].roleArn;
  const kind = (name: string, allows: string, commands: readonly string[], own = false): Kind => ({
    name: `sql-runner-${name}-${side}`,
    side,
    role: own ? role : undefined,
    allows,
    grants: runnerGrants(callsIn(environment, side, commands), account, instances),
  });
  const every = RUNNER_CALLS.flatMap(({ commands }) => commands);
  return [
    kind('all', 'every command of sql-runner', every, true),
    kind('read', `sql-runner ${READERS.join(', ')}`, READERS),
    ...RUNNER_CALLS.map(({ commands }) => kind(commands.join('-'), `sql-runner ${commands.join(', ')}`, commands)),
    ...(side === 'source' ? [] : [cloudWatchKind(account)]),
  ];
}

/** PutMetricData knows no resources, but the namespace (CloudWatch user guide, "Using condition keys to limit access to CloudWatch namespaces"). */
const cloudWatchKind = ({ side }: AccountArns): Kind => ({
  name: `sql-runner-serve-cloudwatch-${side}`,
  side,
  role: undefined,
  allows: 'sql-runner serve <environment> --cloudwatch, beside what serve calls',
  grants: [
    {
      sid: 'Publish',
      actions: ['cloudwatch:PutMetricData'],
      on: ['*'],
      when: { StringEquals: { 'cloudwatch:namespace': METRIC_NAMESPACE } },
    },
  ],
});

function filesOf({ name, side, role = undefined, allows, grants }: Kind): Policy[] {
  return packed(statementsOf(grants)).map((document, index) => ({
    name: index === 0 ? name : `${name}-${index + 1}`,
    side,
    role: role ?? null,
    allows,
    document,
  }));
}
