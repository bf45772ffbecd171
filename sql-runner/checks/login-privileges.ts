import type { LoginPrivileges } from '../postgres/catalog/login-privileges';
import { quoteIdent } from '../postgres/text/quoting';
import type { Found, SourceCheck, TargetCheck } from './check';
import { withRights } from '../resources/membership';
import { ofOwnRole } from './own-role';
import { mayReplicate } from '../resources/role-lacks';
import { streamsOf, withoutSlot } from '../model/streams';
import type { SourceSurvey } from '../model/survey';

/**
 * What the master user must be allowed before anything is changed. Where the
 * catalog shows no right but the user is in rds_superuser, the service may grant
 * it by other means: then a doubt is said, and nothing is stopped.
 */
const severity = ({ rdsSuperuser }: Pick<LoginPrivileges, 'rdsSuperuser'>): 'block' | 'warn' =>
  rdsSuperuser ? 'warn' : 'block';

const replication: SourceCheck = {
  code: 'REPLICATION_NOT_ALLOWED',
  stops: ['publish', 'slot'],
  holds: 'the master user of the source may create replication slots',
  side: 'source',
  run: (source, { contract }) => {
    if (source.privileges.replicate || withoutSlot(contract, source).length === 0) return [];
    return [
      slotsNotAllowed(
        source,
        'a replication slot can neither be made nor dropped, which would be found out half-way: a former one that nobody reads any more would stay, and keep WAL',
      ),
    ];
  },
};

/** Nothing of a slot is allowed to such a login: CheckSlotPermissions in slot.c. */
export function slotsNotAllowed(
  { login, hasRdsReplication }: Pick<SourceSurvey, 'login' | 'hasRdsReplication'>,
  why: string,
): Found {
  return {
    severity: 'block',
    seen: `${login} does not have the REPLICATION attribute${hasRdsReplication ? ' and is not a member of rds_replication' : ''}`,
    why,
    next: `as a member of rds_superuser, on the source: ${hasRdsReplication ? `GRANT rds_replication TO ${quoteIdent(login)};` : `ALTER ROLE ${quoteIdent(login)} REPLICATION;`}`,
  };
}

const manage: SourceCheck = {
  code: 'ROLE_NOT_MANAGEABLE',
  stops: ['role'],
  holds: 'the master user of the source may make and change the replication role',
  side: 'source',
  run: ({ login, privileges: may, role: existing }, { contract }) => {
    const { role } = contract.replication;
    const replicates = existing !== null && mayReplicate(existing);
    const missing = [
      ...(may.createRoles ? [] : [`ALTER ROLE ${quoteIdent(login)} CREATEROLE;`]),
      ...(may.grantReplication || replicates
        ? []
        : [`GRANT rds_replication TO ${quoteIdent(login)} WITH ADMIN OPTION;`]),
      ...(may.manageRole ? [] : [`GRANT ${quoteIdent(role)} TO ${quoteIdent(login)} WITH ADMIN OPTION;`]),
    ];
    if (missing.length === 0 || may.superuser) return [];
    return [
      {
        severity: severity(may),
        seen: `${login} may not make role ${role}, let it replicate, or change its password`,
        why: 'the subscriptions log in with that role',
        next: `as a role that may, on the source: ${missing.join(' ')}`,
      },
    ];
  },
};

const subscribe: TargetCheck = {
  code: 'SUBSCRIPTION_NOT_ALLOWED',
  stops: ['connect'],
  holds: 'the master user of the clone may create subscriptions',
  side: 'target',
  run: ({ login, privileges: may, databases, server }, { contract }) => {
    const missing = streamsOf(contract).filter(
      (of) => !databases[of.database]?.subscriptionOptions.some(({ name }) => name === of.stream.subscription),
    );
    const from16 = server.versionNum >= 160000;
    const closed = [...new Set(missing.map((of) => of.database))].filter(
      (name) => from16 && databases[name]?.privileges.create === false,
    );
    const role = may.subscribe || may.rdsSuperuser ? [] : [from16 ? 'pg_create_subscription' : 'rds_superuser'];
    if (missing.length === 0 || may.superuser || role.length + closed.length === 0) return [];
    const statements = [
      ...role.map((name) => `GRANT ${name} TO ${quoteIdent(login)}${withRights(server.versionNum)};`),
      ...closed.map((name) => `GRANT CREATE ON DATABASE ${quoteIdent(name)} TO ${quoteIdent(login)};`),
    ];
    return [
      {
        severity: 'block',
        seen: `${login} lacks on the clone: ${[...role, ...closed.map((name) => `CREATE on database ${name}`)].join(', ')}`,
        why: 'CREATE SUBSCRIPTION would fail, when the leftovers of the clone are cleared away already',
        next: `as a member of rds_superuser, on the clone: ${statements.join(' ')}`,
      },
    ];
  },
};

const origins: TargetCheck = {
  code: 'ORIGIN_NOT_ALLOWED',
  stops: ['connect'],
  holds: 'the master user of the clone may set replication origins',
  side: 'target',
  run: ({ login, privileges: may, databases, server }) =>
    Object.entries(databases)
      .filter(([, { privileges }]) => privileges.deniedOriginFunctions.length > 0)
      .map(
        ([
          database,
          {
            privileges: { deniedOriginFunctions: denied },
          },
        ]) => {
          const grants = denied.map((name) => `GRANT EXECUTE ON FUNCTION ${name} TO ${quoteIdent(login)};`);
          return {
            severity: severity(may),
            seen: `in database ${database} on the clone ${login} may not call ${denied.join(', ')}`,
            why: 'the seed LSN could not be given to the subscription, which would stay disabled',
            // They can be granted one by one from 14 on.
            next: `as a member of rds_superuser in database ${database} on the clone: ${server.versionNum < 140000 ? `GRANT rds_superuser TO ${quoteIdent(login)};` : grants.join(' ')}`,
          };
        },
      ),
};

const seed: TargetCheck = {
  code: 'SEED_LSN_NOT_ALLOWED',
  stops: ['connect'],
  holds: 'the master user of the clone may read the seed LSN',
  side: 'target',
  run: ({ login, databases }, { connected }) =>
    Object.entries(databases)
      .filter(([, { privileges }]) => !privileges.readSeed && !connected)
      .map(([database]) => ({
        severity: 'block',
        seen: `in database ${database} on the clone ${login} may not call aurora_volume_logical_start_lsn()`,
        why: 'nothing else tells which WAL position the data of the clone stands at',
        next: `as a member of rds_superuser in database ${database} on the clone: GRANT EXECUTE ON FUNCTION aurora_volume_logical_start_lsn() TO ${quoteIdent(login)};`,
      })),
};

export const loginPrivilegeChecks = [replication, ofOwnRole(manage), subscribe, origins, seed];
