import type { FunctionUse } from '../postgres/catalog/apply-functions';
import type { LackingRights } from '../postgres/catalog/owner-rights';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { displayTable } from '../model/table-selection';
import type { Found, TargetCheck } from './check';
import { replicatedBy } from '../model/streams';

/** Owners who have revoked rights on their own tables: nobody notices it until rows arrive. */
const rights: TargetCheck = {
  code: 'OWNER_LACKS_RIGHTS',
  stops: ['connect'],
  holds: 'the apply worker has every right on the tables that it writes to',
  side: 'target',
  run: (target, scope) =>
    Object.entries(target.databases).flatMap(([database, { lackingRights, deniedFunctions }]) => {
      const replicates = replicatedBy(scope, database);
      return [
        ...alike(lackingRights.filter(replicates)).map((tables) => finding(tables, database, target.login)),
        ...deniedFunctions
          .filter(({ table, ...use }) => replicates({ ...use, name: table }))
          .map((use) => denied(use, database)),
      ];
    }),
};

function finding(tables: readonly LackingRights[], database: string, login: string): Found {
  const grants = grantsFor(tables[0]!, login);
  const stops = grants.some(({ lacks }) => lacks.some((right) => right !== 'TRUNCATE'));
  const lacking = grants.map(({ role, lacks }) => `${role} has no ${lacks.join(', ')}`).join(', and ');
  const names = tables.map(quoteQualified).join(', ');
  return {
    severity: stops ? 'block' : 'warn',
    seen: `in database ${database} on the clone ${lacking} on ${tables.map(displayTable).join(', ')}`,
    why: stops
      ? 'the apply worker writes with the rights of that role, and stops at the first row where it has none'
      : 'the apply worker asks for that right before it empties a table, and stops at the first TRUNCATE on the source',
    next: `in database ${database} on the clone: ${grants.map(({ role, lacks }) => `GRANT ${lacks.join(', ')} ON ${names} TO ${quoteIdent(role)};`).join(' ')}`,
  };
}

function denied(use: FunctionUse, database: string): Found {
  return {
    severity: 'block',
    seen: `in database ${database} on the clone ${use.owner} may not execute ${use.signature}, which ${use.kind} ${use.object} of ${displayTable({ schema: use.schema, name: use.table })} uses`,
    why: 'the apply worker computes it with the rights of the owner of the table, and stops at the first row',
    next: `in database ${database} on the clone: GRANT EXECUTE ON FUNCTION ${use.signature} TO ${quoteIdent(use.owner)};`,
  };
}

/** Tables that lack the same rights of the same role, together. */
function alike(tables: readonly LackingRights[]): LackingRights[][] {
  const groups = new Map<string, LackingRights[]>();
  for (const table of tables) {
    const key = JSON.stringify([table.owner, table.ownerLacks, table.loginLacks]);
    groups.set(key, [...(groups.get(key) ?? []), table]);
  }
  return [...groups.values()];
}

function grantsFor({ owner, ownerLacks, loginLacks }: LackingRights, login: string) {
  return [
    { role: owner, lacks: ownerLacks },
    { role: login, lacks: loginLacks },
  ].filter(({ lacks }) => lacks.length > 0);
}

export const ownerRightsChecks = [rights];
