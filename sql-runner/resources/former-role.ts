import type { SourceContract } from '../../contract/contract';
import { propose, sqlChange, type Finding, type Proposal, type Statement } from '../model/change';
import type { SourceObservation, TargetObservation } from '../model/observation';
import type { MarkedRole } from '../postgres/catalog/roles';
import { quoteIdent } from '../postgres/text/quoting';
import { ownMark } from '../model/mark';

/** Roles with our mark under names that the environment had before `replication.role` was changed. */
export function formerRoles(
  contract: SourceContract,
  { markedRoles = [] }: Pick<SourceObservation | TargetObservation, 'markedRoles'>,
): MarkedRole[] {
  return markedRoles.filter(
    ({ name, comment }) =>
      name !== contract.replication.role && ownMark(comment, 'role', contract.environment) !== null,
  );
}

/** What drops it, and its grants before. */
export function roleDrops({ name, connectGrants }: MarkedRole): Statement[] {
  const role = quoteIdent(name);
  const revokes = connectGrants.map((one) => ({ text: `REVOKE CONNECT ON DATABASE ${quoteIdent(one)} FROM ${role}` }));
  return [...revokes, { text: `DROP ROLE ${role}` }];
}

export function planFormerRolesDrop(contract: SourceContract, source: SourceObservation): Proposal {
  const { database } = contract.links[0]!;
  const drops = formerRoles(contract, source).map((role) =>
    sqlChange({
      address: { side: 'source', kind: 'role', name: role.name },
      action: 'delete',
      reason: 'the environment had it before, and no subscription logs in with it any more',
      place: { side: 'source', database },
      guards: [],
      statements: roleDrops(role),
    }),
  );
  return propose(drops);
}

export function checkFormerRoles(contract: SourceContract, source: SourceObservation): Finding[] {
  return formerRoles(contract, source).map((role) => ({
    code: 'FORMER_ROLE_LEFT',
    severity: 'warn',
    seen: `role ${role.name} on the source is ours, and the environment has ${contract.replication.role} now`,
    why: 'it can log in and read all replicated tables, and nobody changes its password any more',
    next: `once the clone logs in with ${contract.replication.role}, and what ROLE_NOT_DROPPABLE names of it is taken back, in database ${contract.links[0]!.database} on the source: ${roleDrops(
      role,
    )
      .map(({ text }) => `${text};`)
      .join(' ')}`,
  }));
}
