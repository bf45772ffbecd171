import type { RightsOfBoth, RoleStep } from '../../model/followed-roles';
import type { GivenRight, RightsOn } from '../../postgres/catalog/followed-rights';
import { quoteIdent } from '../../postgres/text/quoting';
import type { KnownRoles } from './known-roles';
import { rightStatements } from './rights-on';

export interface RightsVerdict {
  readonly steps: readonly RoleStep[];
  /** Objects that both sides have, and whose rights were compared. */
  readonly compared: number;
  /** Objects whose owner the login has not the privileges of. */
  readonly notOurs: readonly { readonly object: string; readonly owner: string }[];
  readonly otherOwners: readonly { readonly object: string; readonly there: string; readonly here: string }[];
  /** Functions whose calls would be refused to the apply worker. */
  readonly called: readonly { readonly object: string; readonly as: string }[];
  /** Statements that would let somebody into the database whom the clone keeps out. */
  readonly keptOut: readonly string[];
}

/** Rights of one database as the source has them. Pure, and linear in the number of objects. */
export function judgeRights({ source, clone }: RightsOfBoth, known: KnownRoles, isOurs: IsOurs): RightsVerdict {
  const own = new Map(clone.map((one) => [keyOf(one), one]));
  const both = source.flatMap((there) => {
    const here = own.get(keyOf(there));
    return here === undefined || isOfProduct(there, isOurs) ? [] : [{ there, here }];
  });
  const alike = both.filter(({ there, here }) => there.owner === here.owner);
  const judged = alike.map(({ there, here }) => judge(there, here, known));
  return {
    steps: judged.flatMap(({ step }) => step ?? []),
    compared: alike.length,
    notOurs: judged.flatMap(({ notOurs }) => notOurs ?? []),
    otherOwners: both
      .filter(({ there, here }) => there.owner !== here.owner)
      .map(({ there, here }) => ({ object: there.object, there: there.owner, here: here.owner })),
    called: judged.flatMap(({ called }) => called),
    keptOut: judged.flatMap(({ keptOut }) => keptOut),
  };
}

/** What sql-runner made for itself. */
export type IsOurs = (one: { readonly schema: string; readonly name: string }) => boolean;

/** A schema has its own name where others have that of theirs. */
const isOfProduct = ({ kind, schema, name }: RightsOn, isOurs: IsOurs): boolean =>
  kind !== 'database' && isOurs(schema === null ? { schema: name, name: '' } : { schema, name });

const keyOf = ({ kind, schema, name }: RightsOn): string => JSON.stringify([kind, schema, name]);

interface Judged {
  readonly step?: RoleStep;
  readonly notOurs?: { object: string; owner: string };
  readonly called: readonly { object: string; as: string }[];
  readonly keptOut: readonly string[];
}

function judge(there: RightsOn, here: RightsOn, known: KnownRoles): Judged {
  const { object, owner } = here;
  const shut = there.kind === 'database' ? there.rights.filter((one) => isShutOut(one, here.rights, known)) : [];
  const wanted = there.rights.filter((one) => !shut.includes(one));
  const statements = rightStatements(object, owner, wanted, here.rights, known.isFollowed);
  const keptOut = shut.map(({ grantee }) => `GRANT CONNECT ON ${object} TO ${named(grantee)}`);
  if (statements.length === 0) return { called: [], keptOut };
  if (!here.mine) return { notOurs: { object, owner }, called: [], keptOut };
  const lost = calledInVain(there, here, known);
  if (lost.length > 0) return { called: lost.map((as) => ({ object, as })), keptOut };
  return { step: { about: `rights on ${object}`, statements }, called: [], keptOut };
}

const named = (who: string | null): string => (who === null ? 'PUBLIC' : quoteIdent(who));

/** Who was on the clone before may be kept out of it on purpose; one that sql-runner made was let in by nobody yet. */
const isShutOut = (one: GivenRight, here: readonly GivenRight[], known: KnownRoles): boolean =>
  one.privilege === 'CONNECT' &&
  known.isFollowed(one.grantee) &&
  !known.isOurs(one.grantee) &&
  !here.some(({ privilege, grantee }) => privilege === 'CONNECT' && grantee === one.grantee);

/**
 * From 16 on the apply worker is the owner of a table while it writes to it, and calls what generates, checks or indexes its
 * rows. On the source others write, so that the owner may have lost the right without anybody noticing.
 */
function calledInVain(there: RightsOn, here: RightsOn, { isFollowed }: KnownRoles): string[] {
  const may = (rights: readonly GivenRight[], who: string) =>
    rights.some(({ grantee, privilege }) => privilege === 'EXECUTE' && (grantee === null || grantee === who));
  const then = [
    ...there.rights.filter(({ grantee }) => isFollowed(grantee)),
    ...here.rights.filter(({ grantee }) => !isFollowed(grantee)),
  ];
  return here.calledAs.filter((who) => who !== here.owner && may(here.rights, who) && !may(then, who));
}
