import type { GivenRight } from '../../postgres/catalog/followed-rights';
import { quoteIdent } from '../../postgres/text/quoting';

/** Who is to have one right, and whether to pass it on. */
type Wanted = ReadonlyMap<string | null, boolean>;

/** Rights that a REVOKE of a whole table takes from its columns, too (ExecGrant_Relation in aclchk.c). */
const OF_COLUMNS = ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'];

/**
 * Statements by which an object of the clone gets the rights of the source, and no others; carried out by its owner, or who
 * has the owner's privileges, in one transaction. Whoever is not followed keeps what it has, also where that came from
 * somebody who may give it no more. Pure; what both have by now stays untouched.
 */
export function rightStatements(
  object: string,
  owner: string,
  there: readonly GivenRight[],
  here: readonly GivenRight[],
  isFollowed: (grantee: string | null) => boolean,
): string[] {
  const wanted = [
    ...there.filter(({ grantee }) => isFollowed(grantee)),
    ...here.filter((one) => !isFollowed(one.grantee)),
  ];
  const [want, have] = [byRight(wanted), byRight(here)];
  const keys = [...new Set([...want.keys(), ...have.keys()])].map((key) => JSON.parse(key) as Right);
  const statements: string[] = [];
  const taken = new Set<string>();
  for (const right of keys.filter(([column]) => column === null)) {
    const found = ofRight({ object, owner, right }, whoHas(want, right), have.get(keyOf(right)) ?? [], false);
    if (found.some((statement) => statement.startsWith('REVOKE')) && OF_COLUMNS.includes(right[1])) taken.add(right[1]);
    statements.push(...found);
  }
  for (const right of keys.filter(([column]) => column !== null)) {
    const [, privilege] = right;
    statements.push(
      ...ofRight({ object, owner, right }, whoHas(want, right), have.get(keyOf(right)) ?? [], taken.has(privilege)),
    );
  }
  return statements;
}

type Right = readonly [column: string | null, privilege: string];
const keyOf = (right: Right): string => JSON.stringify(right);

function byRight(rights: readonly GivenRight[]): Map<string, GivenRight[]> {
  const found = new Map<string, GivenRight[]>();
  for (const one of rights) {
    const key = keyOf([one.column, one.privilege]);
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return found;
}

/** Of several grants of one right the union counts. */
function whoHas(rights: ReadonlyMap<string, readonly GivenRight[]>, right: Right): Map<string | null, boolean> {
  const found = new Map<string | null, boolean>();
  for (const { grantee, grantable } of rights.get(keyOf(right)) ?? [])
    found.set(grantee, grantable || found.get(grantee) === true);
  return found;
}

interface On {
  readonly object: string;
  readonly owner: string;
  readonly right: Right;
}

/** @param anew a REVOKE of the whole table may have taken it by then */
function ofRight(on: On, want: Wanted, items: readonly GivenRight[], anew: boolean): string[] {
  const has = whoHas(byRight(items), on.right);
  const lacking = [...want].filter(([who, option]) => !has.has(who) || (option && has.get(who) !== true));
  const excess = [...has].filter(([who, option]) => !want.has(who) || (option && want.get(who) !== true));
  const passed = items.some(({ grantor }) => grantor !== on.owner);
  if (!anew && excess.length === 0) return lacking.map(([who, option]) => give(on, who, option));
  if (!anew && !passed)
    return [
      ...lacking.map(([who, option]) => give(on, who, option)),
      ...excess.map(([who]) => take(on, who, want.has(who))),
    ];
  return fromTheOwner(on, want, [...has]);
}

/**
 * Everybody gets it from the owner alone. What was passed on hangs on options that the owner has given, so it goes with
 * them; who is to have it all the same has it from the owner by then.
 */
function fromTheOwner(on: On, want: Wanted, has: readonly (readonly [string | null, boolean])[]): string[] {
  return [
    ...[...want.keys()].map((who) => give(on, who, false)),
    ...has.filter(([, option]) => option).map(([who]) => take(on, who, want.has(who))),
    ...has.filter(([who, option]) => !option && !want.has(who)).map(([who]) => take(on, who, false)),
    ...[...want].filter(([, option]) => option).map(([who]) => give(on, who, true)),
  ];
}

const what = ({ object, right: [column, privilege] }: On): string =>
  `${privilege}${column === null ? '' : ` (${quoteIdent(column)})`} ON ${object}`;
const named = (who: string | null): string => (who === null ? 'PUBLIC' : quoteIdent(who));

const give = (on: On, who: string | null, option: boolean): string =>
  `GRANT ${what(on)} TO ${named(who)}${option ? ' WITH GRANT OPTION' : ''}`;

const take = (on: On, who: string | null, optionOnly: boolean): string =>
  `REVOKE ${optionOnly ? 'GRANT OPTION FOR ' : ''}${what(on)} FROM ${named(who)} CASCADE`;
