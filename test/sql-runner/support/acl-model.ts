import type { GivenRight } from '../../../sql-runner/postgres/catalog/followed-rights';

const STATEMENT =
  /^(GRANT|REVOKE)( GRANT OPTION FOR)? (\w+)(?: \("(\w+)"\))? ON (\S+ \S+) (?:TO|FROM) (PUBLIC|"(\w+)")( WITH GRANT OPTION)?( CASCADE)?$/;
const COLUMNS = ['a', 'b'];

/**
 * Rights on one table as PostgreSQL keeps them (aclchk.c, acl.c): what was passed on hangs on the option it was given by, and
 * a REVOKE of the whole takes from the columns as well. Everything is sent by its owner.
 */
export function carryOutRight(rights: readonly GivenRight[], statement: string, owner: string): GivenRight[] {
  const [, verb, only, privilege, column = null, , everybody, name, option] = STATEMENT.exec(statement)!;
  const grantee = everybody === 'PUBLIC' ? null : name!;
  if (verb === 'GRANT') {
    const at = (one: GivenRight) =>
      one.grantor === owner && one.grantee === grantee && one.privilege === privilege && one.column === column;
    const before = rights.find(at);
    const grantable = option !== undefined || before?.grantable === true;
    return [...rights.filter((one) => !at(one)), { grantor: owner, grantee, privilege: privilege!, grantable, column }];
  }
  const columns = column === null ? [null, ...COLUMNS] : [column];
  return columns.reduce<GivenRight[]>(
    (left, one) =>
      revoke(left, { grantor: owner, grantee, privilege: privilege!, column: one }, only !== undefined, owner),
    [...rights],
  );
}

function revoke(
  rights: readonly GivenRight[],
  what: Omit<GivenRight, 'grantable'>,
  optionOnly: boolean,
  owner: string,
): GivenRight[] {
  const hit = rights.find(
    (one) =>
      one.grantor === what.grantor &&
      one.grantee === what.grantee &&
      one.privilege === what.privilege &&
      one.column === what.column,
  );
  if (hit === undefined) return [...rights];
  let left = rights.filter((one) => one !== hit);
  if (optionOnly) left.push({ ...hit, grantable: false });
  const still = left.some(
    (one) =>
      one.grantee === hit.grantee && one.grantable && one.privilege === hit.privilege && one.column === hit.column,
  );
  if (hit.grantable && !still && hit.grantee !== null && hit.grantee !== owner)
    for (const passed of rights)
      if (passed.grantor === hit.grantee && passed.privilege === hit.privilege && passed.column === hit.column)
        left = revoke(left, passed, false, owner);
  return left;
}
