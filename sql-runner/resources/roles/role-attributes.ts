import type { RolesOfServer } from '../../postgres/catalog/followed-roles';
import { quoteIdent, quoteInteger, quoteLiteral } from '../../postgres/text/quoting';
import { markedComment, readComment } from './followed-mark';
import type { SameRole } from './known-roles';
import type { FollowedRole } from '../../postgres/catalog/followed-roles';

/** What is to be done of one role, and what is not, for which reason. */
export interface RoleVerdict {
  /** Attributes to alter, as ALTER ROLE has them. */
  readonly alter: readonly string[];
  /** The same, that the login may not give or take. */
  readonly byHand: readonly string[];
  /** By which it is let in on the source, and not on the clone. */
  readonly keptOut: readonly string[];
  /** Of the source, that nobody gives it here: SUPERUSER and its like. */
  readonly left: readonly string[];
  /** Undefined: it is as it is to be. */
  readonly comment?: string | null;
}

/**
 * Who gets in is only ever made stricter: what the clone has closed of a role that it came with, somebody may have closed on
 * purpose, and its password of production came along.
 */
export function judgeRole({ there, here, made }: SameRole, clone: RolesOfServer, environment: string): RoleVerdict {
  const comment = made ? markedComment(there.comment, environment, there.oid) : there.comment;
  const limits = [limitOf(there), limitOf(here)] as const;
  const ends = [there.validUntil ?? NEVER, here.validUntil ?? NEVER] as const;
  const privileged = (['superuser', 'replication', 'bypassRls'] as const).filter((one) => there[one] !== here[one]);
  const wanted = [
    ...(there.login || !here.login ? [] : ['NOLOGIN']),
    ...(there.inherit === here.inherit ? [] : [there.inherit ? 'INHERIT' : 'NOINHERIT']),
    ...(['createDb', 'createRole'] as const)
      .filter((one) => there[one] !== here[one])
      .map((one) => `${there[one] ? '' : 'NO'}${WORDS[one]}`),
    ...(limits[0] < limits[1] ? [connectionLimit(there)] : []),
    ...(ends[0] < ends[1] ? [validUntil(there)] : []),
    ...privileged.filter((one) => here[one]).map((one) => `NO${WORDS[one]}`),
  ];
  const may = (attribute: string) => here.mayAlter && mayGive(attribute, clone);
  return {
    alter: wanted.filter(may),
    byHand: wanted.filter((one) => !may(one)),
    keptOut: [
      ...(there.login && !here.login ? ['LOGIN'] : []),
      ...(limits[0] > limits[1] ? [connectionLimit(there)] : []),
      ...(ends[0] > ends[1] ? [validUntil(there)] : []),
    ],
    left: privileged.filter((one) => there[one]).map((one) => WORDS[one]),
    ...(readComment(here.comment, environment).comment === there.comment ? {} : { comment }),
  };
}

const WORDS = {
  createDb: 'CREATEDB',
  createRole: 'CREATEROLE',
  superuser: 'SUPERUSER',
  replication: 'REPLICATION',
  bypassRls: 'BYPASSRLS',
} as const;
/** Sorts behind every date. */
const NEVER = '~';

const limitOf = ({ connectionLimit }: FollowedRole): number => (connectionLimit < 0 ? Infinity : connectionLimit);
const connectionLimit = (role: FollowedRole): string => `CONNECTION LIMIT ${quoteInteger(role.connectionLimit)}`;
const validUntil = (role: FollowedRole): string => `VALID UNTIL ${quoteLiteral(role.validUntil ?? 'infinity')}`;

/** From 16 on nobody gives or takes an attribute of these without having it; before, only superusers the last three. */
function mayGive(attribute: string, { superuser, versionNum, login, roles }: RolesOfServer): boolean {
  const key = (Object.keys(WORDS) as (keyof typeof WORDS)[]).find((one) => attribute.endsWith(WORDS[one]));
  if (superuser || key === undefined) return true;
  if (key === 'superuser') return false;
  if (versionNum < 160_000) return key === 'createDb' || key === 'createRole';
  // Whoever is here at all has CREATEROLE, and takes it; see AlterRole in user.c.
  return key === 'createRole' || roles.find(({ name }) => name === login)?.[key] === true;
}

/** Makes a role as that of the source, with nothing that only a superuser gives and without a password. */
export function creation(there: FollowedRole, clone: RolesOfServer, environment: string): string[] {
  const attributes = [
    there.login ? 'LOGIN' : 'NOLOGIN',
    there.inherit ? 'INHERIT' : 'NOINHERIT',
    ...(there.createDb && mayGive('CREATEDB', clone) ? ['CREATEDB'] : []),
    ...(there.createRole ? ['CREATEROLE'] : []),
    ...(there.connectionLimit < 0 ? [] : [connectionLimit(there)]),
    ...(there.validUntil === null ? [] : [validUntil(there)]),
  ];
  const name = quoteIdent(there.name);
  return [
    `CREATE ROLE ${name} ${attributes.join(' ')}`,
    commentOf(there.name, markedComment(there.comment, environment, there.oid)),
  ];
}

export const commentOf = (name: string, comment: string | null): string =>
  `COMMENT ON ROLE ${quoteIdent(name)} IS ${comment === null ? 'NULL' : quoteLiteral(comment)}`;
