import type { SourceContract } from '../../contract/contract';
import type { BlueGreen } from '../aws/blue-green';
import type { Finding } from '../model/change';
import type { ServerFacts } from '../postgres/catalog/server';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import { releaseOf } from '../model/budget';
import { isLost } from './replication-slot';
import { streamsOf } from '../model/streams';

/** From this major on pg_upgrade and Aurora keep logical slots. */
const KEPT_SINCE = 17;

interface Holding {
  readonly server: Pick<ServerFacts, 'maxSlotWalKeepSize' | 'versionNum'>;
  readonly slots: readonly Pick<ReplicationSlot, 'name' | 'walStatus' | 'invalidationReason'>[];
}

/** What a hold costs production while it lasts, and what it does not make possible. */
export function costOfHold(contract: SourceContract, source: Holding, released: boolean): Finding[] {
  return released ? [releases(contract)] : [keepsWal(contract, source), ofUpgrade(contract, source)];
}

function keepsWal(contract: SourceContract, { server, slots }: Holding): Finding {
  const { environment } = contract;
  const ours = new Set(streamsOf(contract).map(({ stream }) => stream.slot));
  const count = slots.filter((slot) => ours.has(slot.name) && !isLost(slot)).length;
  const limit = server.maxSlotWalKeepSize;
  const bySetting =
    limit < 0
      ? 'no setting limits that (max_slot_wal_keep_size is -1): it grows until the storage of production is full'
      : `up to ${limit} MB (max_slot_wal_keep_size); beyond that the slot is lost, and a new clone is needed`;
  const until = [bySetting, ...releaseOf(contract)].join('; ');
  return {
    code: 'HOLD_KEEPS_WAL',
    severity: 'warn',
    seen: `production keeps its WAL for ${count} ${count === 1 ? 'slot' : 'slots'} of ${environment} while they are held: ${until}`,
    why: 'what production writes meanwhile the clone gets when it goes on, and it has to be kept until then',
    next: `sql-runner resume ${environment} ends it; where that has to wait for too long, sql-runner hold ${environment} --release-slots frees production, and costs this clone`,
  };
}

function ofUpgrade(contract: SourceContract, { server }: Holding): Finding {
  const { environment } = contract;
  const major = Math.floor(server.versionNum / 10_000);
  if (major < KEPT_SINCE)
    return {
      code: 'HOLD_AND_UPGRADE',
      severity: 'warn',
      seen: `the source runs PostgreSQL ${major}, and its slots stay`,
      why: `below ${KEPT_SINCE} a logical slot makes a major upgrade impossible; minor ones, failovers and restarts are not in its way`,
      next: `for a major upgrade give the slots and this clone up: sql-runner hold ${environment} --release-slots`,
    };
  return {
    code: 'HOLD_AND_UPGRADE',
    severity: 'info',
    seen: `the source runs PostgreSQL ${major}, whose major upgrade keeps slots of which all was consumed`,
    why: 'whatever production commits after the hold, an ANALYZE by autovacuum or a beat of sql-runner serve too, is not consumed: then the upgrade is refused, and says so before it begins',
    next: 'for a major upgrade stop everything that writes before the hold, and keep it stopped until the upgrade has begun; for anything else production may go on writing',
  };
}

function releases({ environment }: SourceContract): Finding {
  return {
    code: 'HOLD_RELEASES_SLOTS',
    severity: 'warn',
    seen: `the slots of ${environment} are dropped, and this clone can never go on: it stays as it is`,
    why: 'what production writes from then on is kept for nobody, and only a new clone has it',
    next: `without --release-slots the slots stay, and resume goes on with this clone; with it, when what it was held for is over: sql-runner reset ${environment}`,
  };
}

/** @param found null: it could not be asked, for the reason that is told */
export function blueGreenFindings(
  { cluster, environment }: SourceContract,
  found: readonly BlueGreen[] | { readonly notAsked: string },
): Finding[] {
  if ('notAsked' in found)
    return [
      {
        code: 'BLUE_GREEN_DEPLOYMENT',
        severity: 'info',
        seen: `whether ${cluster.identifier} is part of a Blue/Green deployment was not seen: ${found.notAsked}`,
        why: 'a cluster that others replicate from cannot be the blue one: a switchover is refused, or ends every stream',
        next: 'allow rds:DescribeBlueGreenDeployments, as docs/iam.md says, where you mean to make a switchover',
      },
    ];
  return found.map(({ name, identifier, status }) => ({
    code: 'BLUE_GREEN_DEPLOYMENT',
    severity: 'warn',
    seen: `${cluster.identifier} is part of the Blue/Green deployment ${name} (${status})`,
    why: 'a cluster that others replicate from cannot be the blue one, held or not: AWS refuses the switchover while it has logical slots, and the green cluster has none of them',
    next: `upgrade it in place instead, and delete the deployment: aws rds delete-blue-green-deployment --blue-green-deployment-identifier ${identifier}; or end the replication before the switchover with sql-runner teardown ${environment}, and make a new clone after it`,
  }));
}
