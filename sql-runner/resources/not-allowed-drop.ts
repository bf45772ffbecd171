import type { Finding } from '../model/change';
import { quoteIdent } from '../postgres/text/quoting';
import type { Place } from '../model/address';

/** Something with our mark that the login may not drop: somebody altered its owner, or made us lose a right. */
export interface NotAllowedDrop {
  readonly place: Place;
  readonly kind: 'publication' | 'subscription' | 'schema' | 'role';
  readonly name: string;
  /** Null for a role. */
  readonly owner: string | null;
  readonly login: string;
  /** It owns the schema, and has no right to look up what is in it. */
  readonly closed?: boolean;
}

/** Each goes in a step of its own, after the slots; whoever gives it back decides nothing about data. */
export function findNotAllowedDrop({ place, kind, name, owner, login, closed }: NotAllowedDrop): Finding {
  const at = `in database ${place.database} on the ${place.side === 'source' ? 'source' : 'clone'}`;
  const why =
    owner === null
      ? 'may not administer'
      : closed
        ? `owns, and may not use: nothing in it can be dropped`
        : `may not drop: ${owner} owns it`;
  return {
    code: 'DROP_NOT_ALLOWED',
    severity: 'warn',
    seen: `there is ${kind} ${name} of ours ${at}, which ${login} ${why}`,
    why:
      kind === 'subscription'
        ? 'its slot is in use until then, and is not dropped; teardown frees production of the slots of other databases all the same, and stops then'
        : 'teardown frees production of its slots first, and stops where it drops that',
    next: closed
      ? `${at}: GRANT ALL ON SCHEMA ${quoteIdent(name)} TO ${quoteIdent(owner!)};`
      : `as a superuser, or as a role that may give it to ${login}, ${at}: ${givenTo(kind, quoteIdent(name), quoteIdent(login)).join(' ')}`,
  };
}

function givenTo(kind: NotAllowedDrop['kind'], name: string, login: string): readonly string[] {
  switch (kind) {
    case 'publication':
      return [`ALTER PUBLICATION ${name} OWNER TO ${login};`];
    case 'subscription':
      return [`ALTER SUBSCRIPTION ${name} OWNER TO ${login};`];
    case 'schema':
      return [`ALTER SCHEMA ${name} OWNER TO ${login};`];
    case 'role':
      return [`ALTER ROLE ${login} CREATEROLE;`, `GRANT ${name} TO ${login} WITH ADMIN OPTION;`];
  }
}
