import type { Code } from '../../errors/codes';
import type { SourceContract } from '../../contract/contract';
import type { Statement } from '../model/change';
import type { RoleLimits } from '../postgres/catalog/role-limits';
import type { RoleFacts, SourceObservation } from '../model/observation';
import { quoteIdent } from '../postgres/text/quoting';
import { roleSettingStatements } from './role-settings';
import type { StreamOf } from '../model/streams';

/** What the role has to be given, or given back. */
export interface Lack {
  readonly what: string;
  readonly statement: Statement;
  /** The code by which doctor names it, where nobody logs in without it. */
  readonly keepsOut: Code | null;
  /** The one that it is about; null: all. */
  readonly database: string | null;
  /** False: the server would answer our GRANT with a warning, and do nothing. */
  readonly grantable: boolean;
}

export function lacking(contract: SourceContract, source: SourceObservation): Lack[] {
  const role = quoteIdent(contract.replication.role);
  const facts = source.role;
  return [
    ...(facts?.canLogin === false
      ? [lack('LOGIN', { text: `ALTER ROLE ${role} LOGIN` }, 'ROLE_CANNOT_REPLICATE')]
      : []),
    ...(facts !== null && mayReplicate(facts) ? [] : [replication(contract, source)]),
    ...(facts !== null && expires(facts)
      ? [
          lack(
            'a password that does not expire (VALID UNTIL)',
            { text: `ALTER ROLE ${role} VALID UNTIL 'infinity'` },
            'ROLE_PASSWORD_EXPIRES',
          ),
        ]
      : []),
    ...(tooFew(contract, facts)
      ? [lack('connections', { text: `ALTER ROLE ${role} CONNECTION LIMIT -1` }, 'ROLE_CONNECTIONS_TOO_FEW')]
      : []),
    ...roleSettingStatements(contract.replication.role, facts, source.server.versionNum).map((statement) =>
      lack('a setting of its own', statement, null),
    ),
    ...closedDatabases(contract, source),
  ];
}

function lack(what: string, statement: Statement, keepsOut: Code | null): Lack {
  return { what, statement, keepsOut, database: null, grantable: true };
}

/** On Aurora nobody holds the REPLICATION attribute to pass on; rds_replication stands for it. */
function replication(contract: SourceContract, { hasRdsReplication }: SourceObservation): Lack {
  const role = quoteIdent(contract.replication.role);
  return hasRdsReplication
    ? lack('membership of rds_replication', { text: `GRANT rds_replication TO ${role}` }, 'ROLE_CANNOT_REPLICATE')
    : lack('REPLICATION', { text: `ALTER ROLE ${role} REPLICATION` }, 'ROLE_CANNOT_REPLICATE');
}

function closedDatabases(contract: SourceContract, { databases }: SourceObservation): Lack[] {
  return contract.links.flatMap(({ database }) => {
    const facts = databases[database];
    if (!facts?.exists || facts.connectGrant.mayConnect) return [];
    const text = `GRANT CONNECT ON DATABASE ${quoteIdent(database)} TO ${quoteIdent(contract.replication.role)}`;
    const closed = lack(`CONNECT on database ${database}`, { text }, 'ROLE_CANNOT_CONNECT');
    return [{ ...closed, database, grantable: facts.connectGrant.mayGrant }];
  });
}

/** Every stream is one. */
function tooFew({ links }: SourceContract, facts: RoleFacts | null): boolean {
  const streams = links.reduce((sum, link) => sum + link.streams.length, 0);
  return facts !== null && facts.connectionLimit >= 0 && facts.connectionLimit < streams;
}

/** By the REPLICATION attribute, or by membership of rds_replication. */
export const mayReplicate = ({ replication, memberOfRdsReplication }: RoleFacts): boolean =>
  replication || memberOfRdsReplication;

/** Also where it has expired already, since ever. */
const expires = ({ passwordExpires, passwordExpired }: RoleFacts): boolean =>
  passwordExpires !== null || passwordExpired;

/** There is no date where it is VALID UNTIL '-infinity'. */
export function expiryOf({ passwordExpired, passwordExpires }: RoleLimits): string {
  if (passwordExpires === null) return 'has expired; the server gives no date';
  return `${passwordExpired ? 'expired' : 'expires'} at ${passwordExpires}`;
}

const expiring = (role: string, facts: RoleLimits): string => `the password of role ${role} ${expiryOf(facts)}`;

/** Why the subscription of a stream cannot log in when it has to again, each with the code that doctor has for it. */
export function keptOut(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamOf,
): readonly { readonly code: Code; readonly what: string }[] {
  const { role } = contract.replication;
  if (source.role === null) return [{ code: 'ROLE_CANNOT_REPLICATE', what: `there is no role ${role}` }];
  return lacking(contract, source).flatMap(({ keepsOut: code, what, database }) =>
    code === null || (database !== null && database !== of.database)
      ? []
      : [
          {
            code,
            what: code === 'ROLE_PASSWORD_EXPIRES' ? expiring(role, source.role!) : `role ${role} lacks ${what}`,
          },
        ],
  );
}
