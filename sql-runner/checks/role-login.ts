import { quoteIdent } from '../postgres/text/quoting';
import type { Found, SourceCheck } from './check';
import { ofOwnRole } from './own-role';
import type { Scope } from '../model/survey';
import { expiryOf, mayReplicate } from '../resources/role-lacks';

/** Apply itself plans the same statements: it stops nothing, and it is no small thing once a stream logs in with the role. */
export const mended = ({ connected }: Scope): Pick<Found, 'severity' | 'standing'> =>
  connected ? { severity: 'block', standing: true } : { severity: 'warn' };

/** What keeps the replication role from logging in with its password, or lets it do more than replicate. */
const iam: SourceCheck = {
  code: 'ROLE_NEEDS_IAM',
  stops: ['slot', 'ticket', 'connect'],
  holds: 'the replication role logs in with its password',
  side: 'source',
  run: ({ role }) => {
    if (role === null || !role.memberOfRdsIam) return [];
    return [
      {
        severity: 'block',
        seen: `role ${role.name} is a member of rds_iam`,
        why: 'such a role logs in with IAM tokens only; they last 15 minutes, and a subscription cannot fetch a new one to reconnect',
        next: `on the source: REVOKE rds_iam FROM ${quoteIdent(role.name)};`,
      },
    ];
  },
};

const replicates: SourceCheck = {
  code: 'ROLE_CANNOT_REPLICATE',
  holds: 'the replication role has LOGIN, and may replicate',
  side: 'source',
  run: ({ role, hasRdsReplication }, scope) => {
    if (role === null) return scope.connected ? [roleGone(scope)] : [];
    const grant = hasRdsReplication
      ? `GRANT rds_replication TO ${quoteIdent(role.name)};`
      : `ALTER ROLE ${quoteIdent(role.name)} REPLICATION;`;
    const statements = [
      ...(role.canLogin ? [] : [`ALTER ROLE ${quoteIdent(role.name)} LOGIN;`]),
      ...(mayReplicate(role) || role.superuser ? [] : [grant]),
    ];
    if (statements.length === 0) return [];
    return [
      {
        ...mended(scope),
        seen: `role ${role.name} may not ${role.canLogin ? 'replicate' : 'log in'}`,
        why: 'the clone cannot connect with it, and the slots keep WAL',
        next: `as apply does, on the source: ${statements.join(' ')}`,
      },
    ];
  },
};

function roleGone({ contract: { environment, replication } }: Scope): Found {
  return {
    severity: 'block',
    standing: true,
    seen: `the source has no role ${replication.role}`,
    why: 'the clone cannot connect again, and the slots keep WAL',
    next: `run sql-runner apply ${environment}, which makes it again and gives its password to the subscriptions`,
  };
}

/** A right of PUBLIC until somebody takes it away (PostgreSQL manual, "Privileges"). */
const connects: SourceCheck = {
  code: 'ROLE_CANNOT_CONNECT',
  stops: ['slot', 'ticket', 'connect'],
  holds: 'the replication role may connect to every database of the environment',
  side: 'source',
  run: ({ role, login, databases }, scope) =>
    Object.entries(databases).flatMap(([database, { connectGrant: may }]) => {
      // Whom apply makes it lets in as well.
      if (may.mayConnect || (role === null && may.mayGrant)) return [];
      const name = scope.contract.replication.role;
      const grant = `GRANT CONNECT ON DATABASE ${quoteIdent(database)} TO`;
      const own = `as apply does, on the source: ${grant} ${quoteIdent(name)};`;
      const theirs = `${login} may not grant it; let it, and apply does; as the owner of the database, on the source: ${grant} ${quoteIdent(login)} WITH GRANT OPTION;`;
      return [
        {
          ...(may.mayGrant ? mended(scope) : { severity: 'block' as const }),
          seen: `role ${name} lacks CONNECT on database ${database} of the source`,
          why: 'the clone cannot connect to it again: it gets no more of its changes, and the slot keeps WAL',
          next: may.mayGrant ? own : theirs,
        },
      ];
    }),
};

const expiry: SourceCheck = {
  code: 'ROLE_PASSWORD_EXPIRES',
  holds: 'the password of the replication role does not expire',
  side: 'source',
  run: ({ role }, scope) => {
    if (role === null || (role.passwordExpires === null && !role.passwordExpired)) return [];
    return [
      {
        ...mended(scope),
        seen: `the password of role ${role.name} ${expiryOf(role)}`,
        why: 'from then on the clone cannot connect again, and the slots keep WAL',
        next: `as apply does, on the source: ALTER ROLE ${quoteIdent(role.name)} VALID UNTIL 'infinity';`,
      },
    ];
  },
};

const power: SourceCheck = {
  code: 'ROLE_TOO_POWERFUL',
  holds: 'the replication role can replicate and nothing else',
  side: 'source',
  run: ({ role }) => {
    if (role === null || !role.allPowerful) return [];
    return [
      {
        severity: 'warn',
        seen: `role ${role.name} is a superuser or a member of rds_superuser`,
        why: 'its password is stored on the clone, in another account: whoever reads it there could change production',
        next: `on the source: REVOKE rds_superuser FROM ${quoteIdent(role.name)};`,
      },
    ];
  },
};

const forceSsl: SourceCheck = {
  code: 'TLS_NOT_FORCED',
  holds: 'the source refuses connections without TLS',
  side: 'source',
  run: ({ aurora }, { contract }) => {
    // A server that does not know the setting is not RDS.
    if (aurora.forceSsl === null || ['1', 'on'].includes(aurora.forceSsl)) return [];
    return [
      {
        severity: 'warn',
        seen: `rds.force_ssl of the source is ${aurora.forceSsl}`,
        why: 'sql-runner and the clone always verify TLS, but the network is now open to another account, and other clients of it may not',
        next: `set rds.force_ssl to 1 in source.cluster.extraParameters of the environment file, then cdktf deploy ${contract.stacks.source}; first see that every client uses TLS; pg_stat_ssl shows which do not`,
      },
    ];
  },
};

export const roleLoginChecks = [...[iam, replicates, connects, expiry, power].map(ofOwnRole), forceSsl];
