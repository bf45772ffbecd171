import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Construct } from 'constructs';
import type { Side } from '../../../contract/contract';
import { objectName } from '../../../contract/naming';

export interface ClusterEventsProps {
  readonly environmentName: string;
  readonly side: Side;
  readonly clusterArn: string;
  readonly topicArn: string;
}

/**
 * What RDS does to a cluster goes to the topic: a failover, maintenance, a change of its settings, a deletion. Of
 * Blue/Green deployments, which exclude a cluster with slots, RDS tells per deployment and not per cluster, so those of
 * all clusters of the account do (EventBridge reference, "Amazon RDS events").
 */
export class ClusterEvents extends Construct {
  constructor(scope: Construct, id: string, { environmentName, side, clusterArn, topicArn }: ClusterEventsProps) {
    super(scope, id);
    const rules = {
      cluster: { 'detail-type': ['RDS DB Cluster Event'], resources: [clusterArn] },
      'blue-green': { 'detail-type': ['RDS Blue Green Deployment Event'] },
    };
    for (const [what, pattern] of Object.entries(rules)) {
      const rule = new CloudwatchEventRule(this, what, {
        name: objectName(environmentName, `${side}-${what}-events`),
        description: `Events of RDS for environment ${environmentName}, ${side} side`,
        eventPattern: JSON.stringify({ source: ['aws.rds'], ...pattern }),
      });
      new CloudwatchEventTarget(this, `${what}-topic`, { rule: rule.name, targetId: 'topic', arn: topicArn });
    }
  }
}
