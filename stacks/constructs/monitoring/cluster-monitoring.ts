import type { IResolvable } from 'cdktf';
import { Construct } from 'constructs';
import type { Side } from '../../../contract/contract';
import type { Environment } from '../../../environments/schema';
import { AlarmTopic } from './alarm-topic';
import { ClusterAlarms } from './cluster-alarms';
import { ClusterEvents } from './cluster-events';
import { dashboard } from './dashboard';
import { thresholdsOf } from './thresholds';

export interface ClusterMonitoringProps {
  readonly environment: Environment;
  readonly side: Side;
  readonly clusterIdentifier: string;
  readonly clusterArn: string;
  /** Expression: false until the cluster is there, so that nobody is told of one that is not yet. */
  readonly actionsEnabled?: IResolvable;
}

/** Alarms, events and a dashboard for the cluster of one side; nothing at all where the environment asks for none. */
export class ClusterMonitoring extends Construct {
  /** Of this side, for whatever else is to be told; undefined: the environment asks for none. */
  readonly topicArn?: string;

  constructor(
    scope: Construct,
    id: string,
    { environment, side, clusterIdentifier, clusterArn, actionsEnabled }: ClusterMonitoringProps,
  ) {
    super(scope, id);
    const { monitoring, name: environmentName, region } = environment;
    if (monitoring === undefined) return;
    const topicArn = new AlarmTopic(this, 'alarms', { environment, side }).arn;
    this.topicArn = topicArn;
    const thresholds = thresholdsOf(environment, monitoring, side);
    const props = { environmentName, side, clusterIdentifier, topicArn, thresholds, actionsEnabled };
    const { arns } = new ClusterAlarms(this, 'alarm', props);
    dashboard(this, props, { region, alarmArns: arns });
    new ClusterEvents(this, 'events', { environmentName, side, clusterArn, topicArn });
  }
}
