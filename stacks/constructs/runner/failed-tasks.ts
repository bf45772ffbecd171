import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';

export interface FailedTasksProps {
  readonly environmentName: string;
  readonly clusterArn: string;
  readonly topicArn: string;
}

/** Done, and stopped by ECS, as for a new revision (errors/exit-codes.ts, `terminated`). */
const ENDINGS = [0, 143];

/**
 * A task that ends with another code, or never starts, is told to the topic: nobody looks at what a schedule runs
 * (Amazon ECS developer guide, "Amazon ECS task state change events"; what never started has no exit code).
 */
export class FailedTasks extends Construct {
  constructor(scope: Construct, id: string, { environmentName, clusterArn, topicArn }: FailedTasksProps) {
    super(scope, id);
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: objectName(environmentName, 'runner-failed'),
      description: `Tasks of sql-runner of environment ${environmentName} that failed`,
      eventPattern: JSON.stringify({
        source: ['aws.ecs'],
        'detail-type': ['ECS Task State Change'],
        detail: {
          clusterArn: [clusterArn],
          lastStatus: ['STOPPED'],
          $or: [{ containers: { exitCode: [{ 'anything-but': ENDINGS }] } }, { stopCode: ['TaskFailedToStart'] }],
        },
      }),
    });
    new CloudwatchEventTarget(this, 'topic', { rule: rule.name, targetId: 'topic', arn: topicArn });
  }
}
