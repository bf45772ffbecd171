import type { StreamOf } from '../model/streams';
import type { OptionName, SubscriptionOptions } from '../postgres/catalog/subscription-options';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';

/** One attribute of a subscription of ours, as sql-runner makes it, and how it gets back there. */
export interface Attribute {
  readonly name: OptionName;
  readonly wanted: (of: StreamOf, options: SubscriptionOptions) => string;
  /** What follows ALTER SUBSCRIPTION and its name. */
  readonly clauseSql: (of: StreamOf, options: SubscriptionOptions) => string;
  /** Changes may have been left out while it was otherwise. */
  readonly loses?: true;
  /**
   * It changes the slot of the source too. That cannot be taken back, so the server
   * does it outside of a transaction only, and for a subscription that is disabled
   * (CheckAlterSubOption in subscriptioncmds.c).
   */
  readonly ofSlot?: true;
  /** What it does while it is otherwise. */
  readonly why: string;
}

const is = (value: string) => (): string => value;

/**
 * Every attribute that ALTER SUBSCRIPTION can change up to 18, but for two: `enabled` is for resume.ts, and the connection
 * cannot be read, see checks/connection-doubts.ts. Which major has which: postgres/catalog/subscription-options.ts.
 * The owner first: whoever is no superuser may alter the rest as a member of it only.
 */
const ATTRIBUTES: readonly Attribute[] = [
  {
    name: 'owner',
    wanted: (_, { login }) => login,
    clauseSql: (_, { login }) => `OWNER TO ${quoteIdent(login)}`,
    why: 'changes are applied with the rights of another role, which may alter or drop it',
  },
  {
    name: 'publication',
    wanted: ({ stream }) => JSON.stringify([stream.publication]),
    clauseSql: ({ stream }) => `SET PUBLICATION ${quoteIdent(stream.publication)} WITH (refresh = false)`,
    loses: true,
    why: 'changes of our tables do not arrive, or those of others do',
  },
  {
    name: 'slot_name',
    wanted: ({ stream }) => stream.slot,
    clauseSql: ({ stream }) => `SET (slot_name = ${quoteLiteral(stream.slot)})`,
    loses: true,
    why: 'it reads from another slot, which may begin later, or from none, while ours keeps WAL on production',
  },
  {
    name: 'origin',
    wanted: is('any'),
    clauseSql: () => 'SET (origin = any)',
    loses: true,
    why: 'changes that the source itself got by replication are left out',
  },
  {
    name: 'binary',
    wanted: is('false'),
    clauseSql: () => 'SET (binary = false)',
    why: 'a value whose type has no binary form, or another one on the clone, stops the stream',
  },
  {
    name: 'streaming',
    wanted: is('on'),
    clauseSql: () => 'SET (streaming = on)',
    why: 'a large transaction waits on the disk of production, or takes the workers of other streams',
  },
  {
    name: 'synchronous_commit',
    wanted: is('off'),
    clauseSql: () => 'SET (synchronous_commit = off)',
    why: 'each transaction waits for the disk, several times slower; off loses nothing, because only what is flushed is confirmed to the source',
  },
  {
    name: 'disable_on_error',
    wanted: is('false'),
    clauseSql: () => 'SET (disable_on_error = false)',
    why: 'an error that would pass, a lock timeout for instance, stops replication until somebody notices, while WAL piles up on production',
  },
  {
    name: 'run_as_owner',
    wanted: is('false'),
    clauseSql: () => 'SET (run_as_owner = false)',
    why: 'changes are applied with the rights of its owner instead of those of the owner of the table',
  },
  {
    name: 'password_required',
    wanted: is('true'),
    clauseSql: () => 'SET (password_required = true)',
    why: 'it may connect without a password, and only a superuser may alter it',
  },
  {
    name: 'two_phase',
    wanted: is('false'),
    clauseSql: () => 'SET (two_phase = false)',
    ofSlot: true,
    why: 'a transaction that production has prepared keeps its locks on the clone, which stops the stream',
  },
  {
    name: 'failover',
    wanted: is('false'),
    clauseSql: () => 'SET (failover = false)',
    ofSlot: true,
    why: 'the stream may have to wait for standbys of production',
  },
  {
    name: 'skip_lsn',
    wanted: is('NONE'),
    clauseSql: () => 'SKIP (lsn = NONE)',
    loses: true,
    why: 'the transaction that ends at this position is skipped, with all that it changed',
  },
];

export interface Altered {
  readonly attribute: Attribute;
  readonly found: string;
  readonly wanted: string;
}

/** What is not as sql-runner makes it. What the login may not read, or the major does not have, is not judged. */
export function alteredAttributes(of: StreamOf, options: SubscriptionOptions): Altered[] {
  return ATTRIBUTES.flatMap((attribute) => {
    const found = options.values[attribute.name] ?? null;
    const wanted = attribute.wanted(of, options);
    return found === null || found === wanted ? [] : [{ attribute, found, wanted }];
  });
}

/** The statement that puts it back. */
export function putBackSql(of: StreamOf, options: SubscriptionOptions, { attribute }: Altered): string {
  // What the clauses of the table above return is looked at there, by their name.
  // eslint-disable-next-line local/safe-sql
  return `ALTER SUBSCRIPTION ${quoteIdent(of.stream.subscription)} ${attribute.clauseSql(of, options)}`;
}

/** `publication is ["other"] instead of ["ours"]` */
export const tellAltered = ({ attribute, found, wanted }: Altered): string =>
  `${attribute.name} is ${found} instead of ${wanted}`;

/** Why nothing of it can be put back by this login; null: it can. */
export function obstacleOf(
  altered: readonly Altered[],
  { mayAlter, superuser, values }: SubscriptionOptions,
): 'owner' | 'superuser only' | null {
  if (altered.length === 0) return null;
  if (!mayAlter) return 'owner';
  return values.password_required === 'false' && !superuser ? 'superuser only' : null;
}
