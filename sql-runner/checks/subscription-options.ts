import type { Finding, StreamOf } from '../engine/change';
import type { SubscriptionOptions } from '../postgres/catalog/subscription-options';
import { quoteIdent } from '../postgres/quoting';
import type { Scope, TargetCheck } from './check';
import { allStreams } from './streams';
import type { TargetSurvey } from './survey';

/** Options that somebody changed on our subscriptions. */
const publications: TargetCheck = {
  code: 'SUBSCRIPTION_RETARGETED',
  stops: ['connect'],
  holds: 'every subscription reads its own publication',
  side: 'target',
  run: (target, scope) =>
    ours(target, scope, (options, of) => {
      if (options.publications.length === 1 && options.publications[0] === of.stream.publication) return [];
      return [
        {
          code: 'SUBSCRIPTION_RETARGETED',
          severity: 'block',
          seen: `subscription ${options.name} reads ${options.publications.join(', ')} instead of ${of.stream.publication}`,
          why: 'changes of our tables do not arrive, or those of others do',
          next: `compare with sql-runner verify afterwards; in database ${of.database} on the clone: ALTER SUBSCRIPTION ${quoteIdent(options.name)} SET PUBLICATION ${quoteIdent(of.stream.publication)} WITH (refresh = false);`,
        },
      ];
    }),
};

const synchronousCommit: TargetCheck = {
  code: 'SUBSCRIPTION_COMMITS_SLOWLY',
  holds: 'subscriptions apply with synchronous_commit off',
  side: 'target',
  run: (target, scope) =>
    ours(target, scope, (options, of) => {
      if (options.synchronousCommit === null || options.synchronousCommit === 'off') return [];
      return [
        {
          code: 'SUBSCRIPTION_COMMITS_SLOWLY',
          severity: 'warn',
          seen: `subscription ${options.name} applies with synchronous_commit = ${options.synchronousCommit}`,
          why: 'each transaction then waits for the disk, several times slower; off loses nothing, because only what is flushed is confirmed to the source',
          next: `in database ${of.database} on the clone: ALTER SUBSCRIPTION ${quoteIdent(options.name)} SET (synchronous_commit = off);`,
        },
      ];
    }),
};

/** Up to 13 an ordinary role may not read it (system_views.sql grants it from 14 on). */
const unreadable: TargetCheck = {
  code: 'SUBSCRIPTION_OPTIONS_HIDDEN',
  holds: 'every option of our subscriptions can be read',
  side: 'target',
  run: (target, scope) =>
    ours(target, scope, (options, of) => {
      if (options.synchronousCommit !== null) return [];
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

const disableOnError: TargetCheck = {
  code: 'SUBSCRIPTION_DISABLES_ITSELF',
  stops: ['connect'],
  holds: 'subscriptions try again after an error',
  side: 'target',
  run: (target, scope) =>
    ours(target, scope, (options, of) => {
      if (!options.disableOnError) return [];
      return [
        {
          code: 'SUBSCRIPTION_DISABLES_ITSELF',
          severity: 'warn',
          seen: `subscription ${options.name} has disable_on_error`,
          why: 'an error that would pass, a lock timeout for instance, stops replication until somebody notices, while WAL piles up on production',
          next: `in database ${of.database} on the clone: ALTER SUBSCRIPTION ${quoteIdent(options.name)} SET (disable_on_error = false);`,
        },
      ];
    }),
};

function ours(
  target: TargetSurvey,
  { contract }: Scope,
  look: (options: SubscriptionOptions, of: StreamOf) => Finding[],
): Finding[] {
  return allStreams(contract).flatMap((of) => {
    const options = target.databases[of.database]?.subscriptions.find(({ name }) => name === of.stream.subscription);
    return options === undefined ? [] : look(options, of);
  });
}

export const subscriptionOptionsChecks = [publications, synchronousCommit, unreadable, disableOnError];
