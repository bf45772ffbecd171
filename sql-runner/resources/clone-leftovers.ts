import { publicationMark } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { joinProposals, NOTHING, propose, sqlChange, type Proposal, type Statement } from '../model/change';
import type { TargetObservation } from '../model/observation';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { formerRoles, roleDrops } from './former-role';
import { heartbeatOf, heartbeatTable } from './heartbeat';
import { ownMark } from '../model/mark';
import { planRenamedHeartbeatDrop } from './renamed-heartbeat';
import type { StreamOf } from '../model/streams';
import type { Address, Place } from '../model/address';

/**
 * Teardown: what the clone brought along of ours, and keeps for as long as it follows. Afterwards the role would be a
 * login of which a secret in the other account has the password, the publications would make UPDATE and DELETE fail on
 * their tables without replica identity, and a clone of this clone would inherit all of it.
 */
export function planCloneLeftovers(
  contract: SourceContract,
  target: TargetObservation,
  streams: readonly StreamOf[],
): Proposal {
  // Another address of production itself: what is there is no copy.
  if (target.isSourceServer) return NOTHING;
  return joinProposals([
    ...dropPublications(contract, target),
    ...streams.map((of) => dropHeartbeat(contract, target, of)),
    planRenamedHeartbeatDrop(target, 'target'),
    dropRole(contract, target),
    ...dropFormerRoles(contract, target),
  ]);
}

/** By their marks: one that was renamed on the clone is a copy of ours all the same. */
function dropPublications(contract: SourceContract, target: TargetObservation): Proposal[] {
  return contract.links.flatMap(({ database }) =>
    (target.databases[database]?.publications ?? [])
      .filter((copy) => publicationMark(contract, copy) !== null)
      .map(({ name }) =>
        remove({ side: 'target', database, kind: 'copied-publication', name }, on(database), [
          { text: `DROP PUBLICATION ${quoteIdent(name)}` },
        ]),
      ),
  );
}

function dropHeartbeat(contract: SourceContract, target: TargetObservation, of: StreamOf): Proposal {
  if (heartbeatOf(contract, target, of) === null) return NOTHING;
  const table = heartbeatTable(of);
  return remove({ ...of.subscriber, kind: 'copied-heartbeat', name: table.schema }, of.subscriber, [
    { text: `DROP TABLE ${quoteQualified(table)}` },
    { text: `DROP SCHEMA ${quoteIdent(table.schema)}` },
  ]);
}

/** Grants go first, or it cannot be dropped. */
function dropRole(contract: SourceContract, target: TargetObservation): Proposal {
  const role = contract.replication.role;
  if (target.role == null || ownMark(target.role.comment, 'role', contract.environment) === null) return NOTHING;
  const granted = Object.keys(target.databases).filter((name) => target.databases[name]!.connectGrant?.hasGrant);
  const place = anyPlace(target);
  if (place === undefined) return NOTHING;
  return remove({ side: 'target', kind: 'copied-role', name: role }, on(place), [
    ...granted.map((name) => ({ text: `REVOKE CONNECT ON DATABASE ${quoteIdent(name)} FROM ${quoteIdent(role)}` })),
    { text: `DROP ROLE ${quoteIdent(role)}` },
  ]);
}

/** Under names that the environment or the clone had for it before, or has given it since. */
function dropFormerRoles(contract: SourceContract, target: TargetObservation): Proposal[] {
  const place = anyPlace(target);
  if (place === undefined) return [];
  return formerRoles(contract, target).map((role) =>
    remove({ side: 'target', kind: 'copied-role', name: role.name }, on(place), roleDrops(role)),
  );
}

/** Roles are of the whole cluster. */
function anyPlace({ databases, elsewhere }: TargetObservation): string | undefined {
  return Object.keys(databases).find((name) => databases[name]!.exists) ?? elsewhere;
}

const on = (database: string): Place => ({ side: 'target', database });

function remove(address: Address, place: Place, statements: readonly Statement[]): Proposal {
  return propose([
    sqlChange({
      address,
      action: 'delete',
      reason: 'the copy of ours that the clone brought along: it follows no more, and needs it no more',
      place,
      guards: [],
      statements,
    }),
  ]);
}
