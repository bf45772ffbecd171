import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';
import { serviceRole } from '../cluster/iam-role';
import { executionStatements, policy, taskStatements, type CloneNames, type Statement } from './policies';

const ECS_TASKS = 'ecs-tasks.amazonaws.com';

/** A role that a service assumes for this account alone, with what it is allowed. */
export function allowedRole(
  scope: Construct,
  environment: Environment,
  { id, service, says, statements }: { id: string; service: string; says: string; statements: readonly Statement[] },
): { readonly role: IamRole; readonly allowed: IamRolePolicy } {
  const role = serviceRole(scope, environment, {
    id,
    service,
    description: `${says} of environment ${environment.name}`,
    // Or the service could be talked into it by another account (IAM user guide, "The confused deputy problem").
    account: environment.target.accountId,
  });
  const allowed = new IamRolePolicy(scope, `${id}-policy`, { role: role.name, policy: policy(statements) });
  return { role, allowed };
}

/** That of ECS before a task runs, and that of the task. */
export class RunnerRoles extends Construct {
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  readonly policies: readonly IamRolePolicy[];

  constructor(
    scope: Construct,
    id: string,
    {
      environment,
      image,
      logGroupArn,
      clone,
    }: {
      readonly environment: Environment;
      readonly image: string;
      readonly logGroupArn: string;
      readonly clone: CloneNames;
    },
  ) {
    super(scope, id);
    const execution = allowedRole(this, environment, {
      id: 'runner-pull',
      service: ECS_TASKS,
      says: 'ECS pulls the image and writes the logs of sql-runner',
      statements: executionStatements(image, logGroupArn),
    });
    const task = allowedRole(this, environment, {
      id: 'runner-task',
      service: ECS_TASKS,
      says: 'Tasks of sql-runner',
      statements: taskStatements(environment, clone),
    });
    this.executionRoleArn = execution.role.arn;
    this.taskRoleArn = task.role.arn;
    this.policies = [execution.allowed, task.allowed];
  }
}
