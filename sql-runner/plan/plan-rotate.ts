import type { SourceContract } from '../../contract/contract';
import { block, changeOf, propose, type Change, type Proposal } from '../model/change';
import type { Observation } from '../model/observation';
import type { Plan } from '../model/plan';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { newPassword } from '../resources/replication-role';
import { ownMark } from '../model/mark';
import { updateConnection } from '../resources/subscription';
import { finishPlan } from './finish-plan';

/**
 * A new password in the secret, then on the role, then in each subscription. Who is connected stays so: PostgreSQL asks
 * for a password when a connection begins. A worker that has to connect again between the last two is refused, and
 * tries it once more after wal_retrieve_retry_interval, or at once when its subscription is given the new one.
 *
 * A run that dies before the role has it leaves a password that nobody uses yet; one that dies later leaves
 * subscriptions whose mark names another version of the secret: this plan once more, or apply, gives them theirs.
 */
export function planRotate(contract: SourceContract, observation: Observation): Plan {
  return finishPlan(contract, observation, rotation(contract, observation), {
    mode: 'rotate',
    nextStep: () => null,
    beside: () => [],
  });
}

function rotation(contract: SourceContract, observation: Observation): Proposal {
  const { source, target } = observation;
  const { role } = source;
  if (role === null || ownMark(role.comment, 'role', contract.environment) === null || source.passwordWorks === null)
    return block({
      code: 'NOTHING_TO_ROTATE',
      seen: `role ${contract.replication.role} has no password of ours yet, or is not ours`,
      why: 'a rotation replaces the password that an apply has made',
      next: `run sql-runner apply ${contract.environment}`,
    });
  const password = newPassword(contract, source);
  const streams = target === null ? [] : streamFacts(contract, observation);
  return propose([password.change, ...connectionsOf(contract.environment, streams, password.version)]);
}

/** In one step: none has to wait for another. */
function connectionsOf(environment: string, streams: readonly StreamFacts[], version: string): Change[] {
  const changes = streams.flatMap((of) => connection(of, version));
  if (changes.length === 0) return [];
  return [
    changeOf({
      address: { side: 'target', kind: 'subscription-connections', name: environment },
      action: 'update',
      reason: 'every subscription logs in with the new password from now on, which is seen of each that is enabled',
      preview: changes.flatMap(({ preview }) => preview),
      operation: {
        kind: 'connect-anew',
        connections: changes.map(({ subscription, operation }) => ({ subscription, operation })),
      },
    }),
  ];
}

function connection(of: StreamFacts, version: string) {
  const { subscriptionMark: mark, stream } = of;
  if (mark === null) return [];
  const { changes } = updateConnection(of, { ...mark, secretVersion: version }, '');
  return changes.flatMap(({ operation, preview }) =>
    operation.kind === 'sql' ? [{ subscription: stream.subscription, operation, preview }] : [],
  );
}
