import { createHash } from 'node:crypto';
import type { SourceContract } from '../../contract/contract';
import { changeOf, block, propose, sqlChange, type Change, type Proposal, type Statement } from '../model/change';
import type { SourceObservation } from '../model/observation';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { foreignMark, formatMark, ownMark } from '../model/mark';
import { lacking } from './role-lacks';
import type { Place } from '../model/address';

/** Somebody else's has its name. */
export const isRoleTaken = ({ environment }: SourceContract, { role }: Pick<SourceObservation, 'role'>): boolean =>
  role !== null && ownMark(role.comment, 'role', environment) === null;

/**
 * The role the subscriptions log in with: replication and nothing else. Not the
 * master user, and not an IAM user: tokens last 15 minutes and a subscription
 * could not reconnect (Aurora user guide, IAM database authentication).
 */
export function planReplicationRole(contract: SourceContract, source: SourceObservation): Proposal {
  const role = contract.replication.role;
  const facts = source.role;
  if (facts !== null && isRoleTaken(contract, source)) {
    return block({
      code: 'ROLE_NAME_TAKEN',
      seen: `role ${role} exists on ${contract.cluster.identifier} and ${foreignMark(facts.comment)}`,
      why: 'changing its password or dropping it later would break whoever uses it',
      next: `choose another name with replication.role in the environment file, then cdktf deploy ${contract.stacks.source}`,
    });
  }
  const lacks = lacking(contract, source).filter(({ grantable }) => grantable);
  const changes: Change[] = [];
  // One that is not there lacks all of it.
  if (lacks.length > 0) {
    changes.push(
      sqlChange({
        address: { side: 'source', kind: 'role', name: role },
        action: facts === null ? 'create' : 'update',
        step: 'role',
        reason:
          facts === null
            ? 'the subscriptions log in with it'
            : `it lacks what a subscription needs: ${lacks.map(({ what }) => what).join(', ')}`,
        place: rolePlace(contract),
        guards: [],
        statements: [...(facts === null ? creation(contract) : []), ...lacks.map(({ statement }) => statement)],
      }),
    );
  }
  if (facts === null || source.passwordWorks !== true) changes.push(passwordChange(contract, source));
  return propose(changes);
}

/** Roles are of the whole cluster; any database of the environment serves. */
function rolePlace(contract: SourceContract): Place {
  return { side: 'source', database: contract.links[0]!.database };
}

function creation({ environment, replication }: SourceContract): Statement[] {
  const role = quoteIdent(replication.role);
  const mark = formatMark({ kind: 'role', environment });
  return [{ text: `CREATE ROLE ${role} LOGIN` }, { text: `COMMENT ON ROLE ${role} IS ${quoteLiteral(mark)}` }];
}

/**
 * A value that is yet to be made gets a version that the plan knows, so that the subscriptions can
 * remember it in the same run. Another one each time: no two follow on the same version.
 */
function versionAfter(contract: SourceContract, source: SourceObservation): string {
  const { passwordWorks, secretVersion } = source;
  return passwordWorks !== null && secretVersion !== null ? secretVersion : digestAfter(contract, source);
}

function digestAfter({ replication }: SourceContract, { secretVersion }: SourceObservation): string {
  const followed = JSON.stringify([replication.secretArn, replication.role, secretVersion]);
  return createHash('sha256').update(followed).digest('hex').slice(0, 32);
}

/** One that replaces a password that works. */
export function newPassword(contract: SourceContract, source: SourceObservation) {
  const version = digestAfter(contract, source);
  const { operation, id: _, ...change } = passwordChange(contract, source);
  const { role, secretArn } = contract.replication;
  if (operation.kind !== 'set-role-password') throw new Error('the change of a password has another operation');
  return {
    version,
    change: changeOf({
      ...change,
      reason: 'a new one is made; who is connected stays connected',
      preview: [
        `secretsmanager:PutSecretValue SecretId=${secretArn} (a new password)`,
        `ALTER ROLE ${quoteIdent(role)} PASSWORD '(sensitive)';`,
      ],
      operation: { ...operation, version, fresh: true },
    }),
  };
}

function passwordChange(contract: SourceContract, source: SourceObservation): Change {
  const { role, secretArn } = contract.replication;
  return changeOf({
    address: { side: 'source', kind: 'role-password', name: role },
    action: source.role === null || source.passwordWorks === null ? 'create' : 'update',
    reason:
      source.passwordWorks === false
        ? 'the server refuses the password in the secret'
        : 'generated into the secret; only its SCRAM verifier goes to the server',
    preview: [
      `secretsmanager:PutSecretValue SecretId=${secretArn} (unless it holds a password of this role)`,
      `ALTER ROLE ${quoteIdent(role)} PASSWORD '(sensitive)';`,
    ],
    operation: {
      kind: 'set-role-password',
      place: rolePlace(contract),
      role,
      secretArn,
      version: versionAfter(contract, source),
    },
  });
}

/** Teardown. Grants on databases go first, or the server refuses to drop the role. */
export function planReplicationRoleDrop(contract: SourceContract, source: SourceObservation): Proposal {
  const role = contract.replication.role;
  if (source.role === null || ownMark(source.role.comment, 'role', contract.environment) === null) return propose([]);
  const revokes = contract.links
    .filter((link) => source.databases[link.database]?.connectGrant.hasGrant)
    .map((link) => ({ text: `REVOKE CONNECT ON DATABASE ${quoteIdent(link.database)} FROM ${quoteIdent(role)}` }));
  return propose([
    sqlChange({
      address: { side: 'source', kind: 'role', name: role },
      action: 'delete',
      reason: 'no subscription logs in with it any more',
      place: rolePlace(contract),
      guards: [],
      statements: [...revokes, { text: `DROP ROLE ${quoteIdent(role)}` }],
    }),
  ]);
}
