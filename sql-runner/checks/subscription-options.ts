import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';
import type { SubscriptionOptions } from '../postgres/catalog/subscription-options';
import { quoteIdent } from '../postgres/text/quoting';
import { alteredAttributes, obstacleOf, tellAltered } from '../resources/subscription-attributes';
import { stamped, type Found, type TargetCheck } from './check';
import { named } from './stream-words';
import { streamsOf, type StreamOf } from '../model/streams';
import type { TargetSurvey, Scope } from '../model/survey';

/** What somebody changed of our subscriptions, as far as it can be read; see resources/subscription-attributes.ts. */
const altered: TargetCheck = {
  code: 'SUBSCRIPTION_ALTERED',
  holds: 'every subscription is as sql-runner made it, as far as it can be read',
  side: 'target',
  run: (target, scope) => ours(target, scope, (options, of) => ofAltered(scope.contract, of, options)),
};

const notOwned: TargetCheck = {
  code: 'SUBSCRIPTION_NOT_OWNED',
  holds: 'sql-runner may alter every subscription of the environment',
  side: 'target',
  run: (target, scope) => ours(target, scope, (options, of) => ofNotOwned(of, options)),
};

const forSuperusers: TargetCheck = {
  code: 'SUBSCRIPTION_FOR_SUPERUSERS',
  holds: 'no superuser is needed to alter a subscription',
  side: 'target',
  run: (target, scope) => ours(target, scope, (options, of) => ofSuperusers(of, options)),
};

/** Each with its code, for plans: at most one of the three finds something. */
export function alteredFindings(contract: SourceContract, of: StreamOf, options: SubscriptionOptions): Finding[] {
  return [
    ...ofAltered(contract, of, options).map((found) => stamped(altered, found)),
    ...ofNotOwned(of, options).map((found) => stamped(notOwned, found)),
    ...ofSuperusers(of, options).map((found) => stamped(forSuperusers, found)),
  ];
}

/** Standing: apply puts back what it can, and what it cannot stops no other change. */
function ofAltered(contract: SourceContract, of: StreamOf, options: SubscriptionOptions): Found[] {
  const { what, why, obstacle, doubted } = alteration(of, options);
  if (obstacle !== 'none') return [];
  return [
    {
      severity: 'block',
      standing: true,
      seen: `${named(of)} was altered: ${what}`,
      why,
      next: `run sql-runner apply ${contract.environment}, which puts it back${doubted ? ', and compares every row before it says that the clone is in sync' : ''}`,
    },
  ];
}

function ofNotOwned(of: StreamOf, options: SubscriptionOptions): Found[] {
  const { what, why, obstacle } = alteration(of, options);
  if (obstacle !== 'owner') return [];
  return [
    {
      severity: 'block',
      standing: true,
      seen: `${named(of)} was altered: ${what}; ${options.login} may not alter it`,
      why,
      next: `as a superuser, or as a role that has the rights of both, in database ${of.database} on the clone: ALTER SUBSCRIPTION ${quoteIdent(of.stream.subscription)} OWNER TO ${quoteIdent(options.login)};`,
    },
  ];
}

function ofSuperusers(of: StreamOf, options: SubscriptionOptions): Found[] {
  const { what, why, obstacle } = alteration(of, options);
  if (obstacle !== 'superuser only') return [];
  return [
    {
      severity: 'block',
      standing: true,
      seen: `${named(of)} was altered: ${what}; only a superuser may alter it now, and ${options.login} is none`,
      why,
      next: `as a superuser, in database ${of.database} on the clone: ALTER SUBSCRIPTION ${quoteIdent(of.stream.subscription)} SET (password_required = true);`,
    },
  ];
}

/** In words. Its obstacle is null where nothing was altered. */
function alteration(of: StreamOf, options: SubscriptionOptions) {
  const found = alteredAttributes(of, options);
  return {
    what: found.map(tellAltered).join(', '),
    why: [...new Set(found.map(({ attribute }) => attribute.why))].join('; '),
    obstacle: found.length === 0 ? null : (obstacleOf(found, options) ?? 'none'),
    doubted: found.some(({ attribute }) => attribute.loses ?? attribute.ofSlot),
  };
}

/** Up to 13 an ordinary role may not read it (system_views.sql grants it from 14 on). */
const unreadable: TargetCheck = {
  code: 'SUBSCRIPTION_OPTIONS_HIDDEN',
  holds: 'every option of our subscriptions can be read',
  side: 'target',
  run: (target, scope) =>
    ours(target, scope, (options, of) => {
      if (options.values.synchronous_commit !== null) return [];
      return [
        {
          severity: 'info',
          seen: `${target.login} may not read whether subscription ${options.name} applies with synchronous_commit off`,
          why: 'PostgreSQL 13 shows that to superusers only; on, it makes each transaction several times slower',
          next: `as a superuser, if there is one, in database ${of.database} on the clone: GRANT SELECT (oid, subsynccommit) ON pg_subscription TO ${quoteIdent(target.login)};`,
        },
      ];
    }),
};

function ours(
  target: TargetSurvey,
  { contract }: Scope,
  look: (options: SubscriptionOptions, of: StreamOf) => Found[],
): Found[] {
  return streamsOf(contract).flatMap((of) => {
    const options = target.databases[of.database]?.subscriptionOptions.find(
      ({ name }) => name === of.stream.subscription,
    );
    return options === undefined ? [] : look(options, of);
  });
}

export const subscriptionOptionsChecks = [altered, notOwned, forSuperusers, unreadable];
