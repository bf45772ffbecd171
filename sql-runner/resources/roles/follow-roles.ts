import type { SourceContract } from '../../../contract/contract';
import type { RoleStep, RolesObserved } from '../../model/followed-roles';
import { quoteIdent } from '../../postgres/text/quoting';
import { isOurOwn } from '../our-own';
import { judgeRights, type RightsVerdict } from './database-rights';
import { givesMore, type GivesMore } from './gives-more';
import { knownRoles, type KnownRoles } from './known-roles';
import { membersBelow } from './membership-graph';
import { judgeMemberships, type MembershipVerdict } from './memberships';
import { commentOf, creation, judgeRole, type RoleVerdict } from './role-attributes';

/** All that differs in roles and rights, with what is to be done about it. */
export interface RolesJudged {
  readonly known: KnownRoles;
  readonly roles: readonly { readonly name: string; readonly verdict: RoleVerdict }[];
  readonly roleSteps: readonly { readonly name: string; readonly created: boolean; readonly step: RoleStep }[];
  /** Statements on roles that somebody else has to carry out. */
  readonly byHand: readonly string[];
  /** Attributes that stay. Phrases. */
  readonly stays: readonly string[];
  readonly memberships: MembershipVerdict;
  readonly more: GivesMore;
  readonly databases: Readonly<Record<string, RightsVerdict>>;
}

/** Pure: what was observed, and nothing else. The statements of a plan are compared with it again before they are sent. */
export function judgeRoles(contract: SourceContract, observed: RolesObserved): RolesJudged {
  const { environment } = contract;
  const { clone } = observed;
  const known = knownRoles(contract, observed);
  const creations = known.lacking.map((there) => ({
    name: there.name,
    statements: creation(there, clone, environment),
  }));
  const stays: string[] = [];
  const roles = known.same.map((one) => {
    const verdict = judgeRole(one, clone, environment);
    const inherits = needsInherit(one.here.name, verdict, observed);
    if (inherits)
      stays.push(`${one.here.name} INHERIT: the login of the clone has what it has by being a member of it`);
    const kept = (list: readonly string[]) => list.filter((text) => !inherits || text !== 'NOINHERIT');
    return {
      name: one.here.name,
      may: one.here.mayAlter,
      verdict: { ...verdict, alter: kept(verdict.alter), byHand: kept(verdict.byHand) },
    };
  });
  const altered = roles.map(({ name, may, verdict }) => ({
    name,
    mine: [...alterStatements(name, verdict.alter), ...(may ? commentStatements(name, verdict) : [])],
    byHand: [...alterStatements(name, verdict.byHand), ...(may ? [] : commentStatements(name, verdict))],
  }));
  return {
    known,
    roles,
    roleSteps: [
      ...(clone.mayCreate ? creations : []).map(({ name, statements }) => stepOf(name, true, statements)),
      ...altered.filter(({ mine }) => mine.length > 0).map(({ name, mine }) => stepOf(name, false, mine)),
    ],
    byHand: [
      ...(clone.mayCreate ? [] : creations).flatMap(({ statements }) => statements),
      ...altered.flatMap(({ byHand }) => byHand),
    ],
    stays,
    memberships: judgeMemberships(observed, known),
    more: givesMore(observed, known),
    databases: Object.fromEntries(
      Object.entries(observed.databases).map(([database, both]) => [
        database,
        judgeRights(both, known, isOurOwn(contract, database)),
      ]),
    ),
  };
}

/** Before 16 it is the member that inherits: what the login has by way of it would be gone. */
const needsInherit = (name: string, { alter, byHand }: RoleVerdict, { clone }: RolesObserved): boolean =>
  [...alter, ...byHand].includes('NOINHERIT') &&
  clone.versionNum < 160_000 &&
  !clone.superuser &&
  membersBelow(clone.memberships, name).has(clone.login);

const stepOf = (name: string, created: boolean, statements: readonly string[]) => ({
  name,
  created,
  step: { about: `role ${name}`, statements },
});

const alterStatements = (name: string, attributes: readonly string[]): string[] =>
  attributes.length === 0 ? [] : [`ALTER ROLE ${quoteIdent(name)} ${attributes.join(' ')}`];

const commentStatements = (name: string, { comment }: RoleVerdict): string[] =>
  comment === undefined ? [] : [commentOf(name, comment)];

/** All that would be carried out in a database, and on the server. */
export const stepsOf = ({ roleSteps, memberships, databases }: RolesJudged, database: string): RoleStep[] => [
  ...roleSteps.map(({ step }) => step),
  ...memberships.steps,
  ...(databases[database]?.steps ?? []),
];
