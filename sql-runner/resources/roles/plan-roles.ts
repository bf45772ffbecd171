import type { SourceContract } from '../../../contract/contract';
import { changeOf, NOTHING, propose, type Action, type Change, type Proposal } from '../../model/change';
import type { RolesObserved, RoleStep } from '../../model/followed-roles';
import type { Observation } from '../../model/observation';
import { someOf } from '../some-of';
import { givesMore, notOwn } from './gives-more';
import { judgeRoles } from './follow-roles';
import { knownRoles } from './known-roles';
import { roleFindings } from './role-findings';

/**
 * Roles, memberships and rights of the source, on a clone that is asked to follow them. What cannot be done is told and keeps
 * nothing else from being done; what was not looked at, see rolesUnlooked().
 */
export function planRoles(contract: SourceContract, observation: Observation): Proposal {
  const { roles: observed } = observation;
  const database = Object.keys(observed?.databases ?? {})[0];
  if (contract.roles === undefined || observed === undefined || database === undefined) return NOTHING;
  const judged = judgeRoles(contract, observed);
  const made = judged.roleSteps.map(({ name, created, step }) =>
    change(
      { kind: 'followed-role', name },
      created ? 'create' : 'update',
      created ? 'as on the source; it has no password, so nobody can log in as it' : 'as on the source',
      database,
      [step],
    ),
  );
  const { steps } = judged.memberships;
  return propose(
    [
      ...made,
      ...(steps.length === 0
        ? []
        : [
            change(
              { kind: 'memberships' },
              'update',
              `${counted(steps.length, 'membership')} as on the source`,
              database,
              steps,
            ),
          ]),
      ...Object.entries(judged.databases)
        .filter(([, { steps: rights }]) => rights.length > 0)
        .map(([name, { steps: rights }]) =>
          change(
            { kind: 'rights', database: name },
            'update',
            `${counted(rights.length, 'object')}: rights as on the source`,
            name,
            rights,
          ),
        ),
    ],
    roleFindings(contract, observed, judged),
  );
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const change = (
  address: { readonly kind: string; readonly name?: string; readonly database?: string },
  action: Action,
  reason: string,
  database: string,
  steps: readonly RoleStep[],
): Change =>
  changeOf({
    address: { side: 'target', ...address },
    action,
    reason,
    preview: steps.flatMap(({ statements }) => statements.map((statement) => `${statement};`)),
    operation: { kind: 'follow-roles', place: { side: 'target', database }, steps },
  });

/** What nobody looked at where roles are to be followed: said wherever there is nothing to change. */
export function rolesUnlooked(contract: SourceContract, { target, roles: observed }: Observation): string[] {
  if (contract.roles === undefined || target === null) return [];
  const { links } = contract;
  const left = links.map(({ database }) => database).filter((name) => observed?.databases[name] === undefined);
  return [
    ...(left.length === 0
      ? []
      : [`roles and rights of ${left.length === 1 ? 'database' : 'databases'} ${left.join(', ')}`]),
    ...(observed === undefined ? [] : rolesLeft(contract, observed)),
  ];
}

function rolesLeft(contract: SourceContract, observed: RolesObserved): string[] {
  const known = knownRoles(contract, observed);
  const unknown = [...known.unknown, ...known.renamed].map(({ there }) => there.name);
  const through = [...new Set(notOwn(contract, givesMore(observed, known)).map(({ role }) => role))];
  return [
    ...(unknown.length === 0 ? [] : [`what ${someOf(unknown)} may, not known to be as on the source`]),
    ...(through.length === 0 ? [] : [`what roles may by ${someOf(through)}, which the source gives them not`]),
  ];
}

/** Roles of both sides that may as much as on the source, as far as rights are followed; null: they are not. */
export function rolesCompared(contract: SourceContract, { roles: observed }: Observation): number | null {
  if (contract.roles === undefined || observed === undefined) return null;
  const known = knownRoles(contract, observed);
  const { members } = givesMore(observed, known);
  return known.same.filter(({ there }) => !members.has(there.name)).length;
}
