import type { SourceContract } from '../../contract/contract';
import type { Code } from '../../errors/codes';
import type { Finding } from '../model/change';
import type { SubscriptionOptions } from '../postgres/catalog/subscription-options';
import { quoteIdent } from '../postgres/text/quoting';
import { alteredAttributes, obstacleOf, tellAltered } from '../resources/subscription-attributes';
import type { TargetCheck } from './check';
import { named } from './stream-words';
import { streamsOf, type StreamOf } from '../model/streams';
import type { TargetSurvey, Scope } from '../model/survey';

/** What somebody changed of our subscriptions, as far as it can be read; see resources/subscription-attributes.ts. */
const checkOf = (code: Code, holds: string): TargetCheck => ({
  code,
  holds,
  side: 'target',
  run: (target, scope) =>
    ours(target, scope, (options, of) =>
      alteredFindings(scope.contract, of, options).filter((finding) => finding.code === code),
    ),
});

const altered = [
  checkOf('SUBSCRIPTION_ALTERED', 'every subscription is as sql-runner made it, as far as it can be read'),
  checkOf('SUBSCRIPTION_NOT_OWNED', 'sql-runner may alter every subscription of the environment'),
  checkOf('SUBSCRIPTION_FOR_SUPERUSERS', 'no superuser is needed to alter a subscription'),
];

/** Standing: apply puts back what it can, and what it cannot stops no other change. */
export function alteredFindings(contract: SourceContract, of: StreamOf, options: SubscriptionOptions): Finding[] {
  const found = alteredAttributes(of, options);
  if (found.length === 0) return [];
  const seen = `${named(of)} was altered: ${found.map(tellAltered).join(', ')}`;
  const why = [...new Set(found.map(({ attribute }) => attribute.why))].join('; ');
  const obstacle = obstacleOf(found, options);
  if (obstacle === 'owner') return [notOwned(of, options, { seen, why })];
  if (obstacle === 'superuser only') return [forSuperusers(of, options, { seen, why })];
  const doubted = found.some(({ attribute }) => attribute.loses ?? attribute.ofSlot);
  return [
    {
      code: 'SUBSCRIPTION_ALTERED',
      severity: 'block',
      standing: true,
      seen,
      why,
      next: `run sql-runner apply ${contract.environment}, which puts it back${doubted ? ', and compares every row before it says that the clone is in sync' : ''}`,
    },
  ];
}

type Told = Pick<Finding, 'seen' | 'why'>;

function notOwned(of: StreamOf, { login }: SubscriptionOptions, { seen, why }: Told): Finding {
  return {
    code: 'SUBSCRIPTION_NOT_OWNED',
    severity: 'block',
    standing: true,
    seen: `${seen}; ${login} may not alter it`,
    why,
    next: `as a superuser, or as a role that has the rights of both, in database ${of.database} on the clone: ALTER SUBSCRIPTION ${quoteIdent(of.stream.subscription)} OWNER TO ${quoteIdent(login)};`,
  };
}

function forSuperusers(of: StreamOf, { login }: SubscriptionOptions, { seen, why }: Told): Finding {
  return {
    code: 'SUBSCRIPTION_FOR_SUPERUSERS',
    severity: 'block',
    standing: true,
    seen: `${seen}; only a superuser may alter it now, and ${login} is none`,
    why,
    next: `as a superuser, in database ${of.database} on the clone: ALTER SUBSCRIPTION ${quoteIdent(of.stream.subscription)} SET (password_required = true);`,
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
          code: 'SUBSCRIPTION_OPTIONS_HIDDEN',
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
  look: (options: SubscriptionOptions, of: StreamOf) => Finding[],
): Finding[] {
  return streamsOf(contract).flatMap((of) => {
    const options = target.databases[of.database]?.subscriptions.find(({ name }) => name === of.stream.subscription);
    return options === undefined ? [] : look(options, of);
  });
}

export const subscriptionOptionsChecks = [...altered, unreadable];
