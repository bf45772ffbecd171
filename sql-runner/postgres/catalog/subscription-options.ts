import { subscriptionCommentSql } from './comments';
import { quoteLiteral } from '../text/quoting';
import type { Session } from '../session';
import { mayReadSubscriptions } from './subscriptions-13';

/** As ALTER SUBSCRIPTION calls them; `publication` and `owner` have clauses of their own there. */
export type OptionName =
  | 'owner'
  | 'publication'
  | 'slot_name'
  | 'synchronous_commit'
  | 'binary'
  | 'streaming'
  | 'two_phase'
  | 'disable_on_error'
  | 'skip_lsn'
  | 'password_required'
  | 'run_as_owner'
  | 'origin'
  | 'failover';

/** What somebody may have changed of a subscription. */
export interface SubscriptionOptions {
  readonly name: string;
  readonly database: string;
  /** Its mark, where it is ours; null also where the role may not read it (13). */
  readonly comment: string | null;
  /** Who reads this. */
  readonly login: string;
  readonly superuser: boolean;
  /** The login has the rights of its owner. */
  readonly mayAlter: boolean;
  /** As text; null: the login may not read it (13); absent: this major does not have it. */
  readonly values: Readonly<Partial<Record<OptionName, string | null>>>;
}

/** The major from which on somebody can alter it. */
const SINCE: Readonly<Record<OptionName, number>> = {
  owner: 13,
  publication: 13,
  slot_name: 13,
  synchronous_commit: 13,
  binary: 14,
  streaming: 14,
  two_phase: 18,
  disable_on_error: 15,
  skip_lsn: 15,
  password_required: 16,
  run_as_owner: 16,
  origin: 16,
  failover: 17,
};

/** Only what every role may read of pg_subscription from 14 on: never subconninfo, which holds a password. */
const COLUMNS: Readonly<Record<OptionName, string>> = {
  owner: 'pg_get_userbyid(s.subowner)',
  publication: 'to_jsonb(s.subpublications)',
  slot_name: `coalesce(s.subslotname, 'NONE')`,
  synchronous_commit: 's.subsynccommit',
  binary: 's.subbinary',
  // A boolean up to 15, then a letter.
  streaming: `CASE left(s.substream::text, 1) WHEN 't' THEN 'on' WHEN 'f' THEN 'off' ELSE 'parallel' END`,
  two_phase: `s.subtwophasestate <> 'd'`,
  disable_on_error: 's.subdisableonerr',
  skip_lsn: `CASE s.subskiplsn WHEN '0/0' THEN 'NONE' ELSE s.subskiplsn::text END`,
  password_required: 's.subpasswordrequired',
  run_as_owner: 's.subrunasowner',
  origin: 's.suborigin',
  failover: 's.subfailover',
};

/** Of the current database. */
export async function subscriptionOptions(session: Session): Promise<SubscriptionOptions[]> {
  const { serverVersionNum } = session;
  const readable = serverVersionNum >= 140_000 || (await mayReadSubscriptions(session));
  // Up to 13 an ordinary role may not read it (system_views.sql grants it from 14 on).
  const isHidden = (name: OptionName): boolean => name === 'synchronous_commit' && !readable;
  const names = (Object.keys(SINCE) as OptionName[]).filter((name) => serverVersionNum >= SINCE[name] * 10_000);
  const values = names.map((name) => `${quoteLiteral(name)}, ${isHidden(name) ? 'NULL' : `(${COLUMNS[name]})::text`}`);
  const comment = readable ? subscriptionCommentSql() : 'NULL';
  return session.query<SubscriptionOptions>(
    `SELECT s.subname::text AS name, current_database()::text AS database, ${comment}::text AS comment,
            current_user::text AS login, current_setting('is_superuser')::boolean AS superuser,
            pg_has_role(s.subowner, 'USAGE') AS "mayAlter", jsonb_build_object(${values.join(', ')}) AS values
       FROM pg_subscription s
      WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1`,
  );
}
