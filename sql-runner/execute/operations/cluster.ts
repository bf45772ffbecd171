import { OperatorError } from '../../../errors/operator-error';
import { attachParameterGroup, describeCluster, instanceStatus, rebootInstance } from '../../aws/cluster';
import { serverFacts } from '../../postgres/catalog/server';
import type { Operation } from '../../model/change';
import type { Execution } from '../execution';
import { waitFor } from '../wait';

const READY_TIMEOUT_MS = 30 * 60_000;
const POLL_MS = 500;

/** Attaches the group and waits until RDS has noted it: a reboot before that would not pick it up. */
export async function attachGroup(
  operation: Extract<Operation, { kind: 'attach-parameter-group' }>,
  execution: Execution,
): Promise<void> {
  const clients = execution.connections.sourceAccount;
  await attachParameterGroup(clients, operation.cluster, operation.group);
  await settled(execution, operation.cluster, operation.group);
}

async function settled(execution: Execution, cluster: string, group: string): Promise<void> {
  const clients = execution.connections.sourceAccount;
  const done = await waitFor(
    async () => {
      const facts = await describeCluster(clients, cluster);
      const noted =
        facts.parameterGroup === group && facts.parameterGroupStatus !== 'applying' && facts.status === 'available';
      return noted ? facts : null;
    },
    READY_TIMEOUT_MS,
    POLL_MS,
  );
  if (done === null) throw notReady(`cluster ${cluster} did not take parameter group ${group}`);
}

/** Restarts the writer, waits until it serves again and looks that the restart did what it was for. */
export async function rebootWriter(
  operation: Extract<Operation, { kind: 'reboot-writer' }>,
  execution: Execution,
): Promise<void> {
  const { connections } = execution;
  const clients = connections.sourceAccount;
  const { writer } = await describeCluster(clients, operation.cluster);
  await rebootInstance(clients, writer);
  execution.listener({ type: 'waiting', for: `${writer} to come back` });
  const back = await waitFor(
    async () => {
      const facts = await describeCluster(clients, operation.cluster);
      const status = await instanceStatus(clients, writer);
      return status === 'available' && facts.parameterGroupStatus === 'in-sync' ? facts : null;
    },
    READY_TIMEOUT_MS,
    POLL_MS,
  );
  if (back === null) throw notReady(`instance ${writer} is not back after its reboot`);
  // Every session of ours died with the old server process.
  await connections.closeSessions();
  await assertLogical(operation.cluster, execution);
}

async function assertLogical(cluster: string, execution: Execution): Promise<void> {
  const { connections } = execution;
  const session = await connections.reader(await connections.first('source'));
  const { walLevel } = await serverFacts(session);
  if (walLevel === 'logical') return;
  throw new OperatorError({
    code: 'WAL_LEVEL_NOT_LOGICAL',
    seen: `wal_level of cluster ${cluster} is ${walLevel} after the reboot`,
    why: 'no slot can be created without logical WAL',
    next: 'check that the cluster parameter group attached to it sets rds.logical_replication = 1',
  });
}

function notReady(seen: string): OperatorError {
  return new OperatorError({
    code: 'CLUSTER_NOT_READY',
    seen: `${seen} within 30 minutes`,
    why: 'the next steps need it',
    next: 'look at the events of the cluster in RDS, then run the same command again',
  });
}
