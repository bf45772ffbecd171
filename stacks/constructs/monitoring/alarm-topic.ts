import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { Construct } from 'constructs';
import type { Side } from '../../../contract/contract';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';

/**
 * The topic of one side: that of the environment file, or one of our own, which only alarms and rules of its account may
 * publish to (SNS developer guide, "Amazon SNS access control examples"; CloudWatch user guide, "Notify users on alarm").
 */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { environment, side }: { environment: Environment; side: Side }) {
    super(scope, id);
    const given = environment.monitoring?.[`${side}TopicArn`];
    if (given !== undefined) {
      this.arn = given;
      return;
    }
    const topic = new SnsTopic(this, 'topic', { name: objectName(environment.name, `${side}-alarms`) });
    const policy = new SnsTopicPolicy(this, 'publishers', {
      arn: topic.arn,
      policy: JSON.stringify(publishers(topic.arn, environment[side].accountId)),
    });
    // Whoever publishes to it is made once it lets them: what CloudWatch cannot deliver it drops.
    this.arn = policy.arn;
  }
}

const publishers = (topicArn: string, accountId: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'AlarmsAndEventsOfThisAccount',
      Effect: 'Allow',
      Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
      Action: 'sns:Publish',
      Resource: topicArn,
      Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
    },
  ],
});
