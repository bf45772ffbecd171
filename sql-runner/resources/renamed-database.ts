import type { SourceContract } from '../../contract/contract';
import { joinProposals, type Finding, type Proposal } from '../model/change';
import type { RenamedDatabase, TargetObservation } from '../model/observation';
import { quoteIdent } from '../postgres/text/quoting';
import { dropSubscription } from './subscription';
import { streamOf, type StreamOf, streamsOf } from '../model/streams';

/** The database of a stream under the name that it has on the clone by now; null: it has its own. */
export function renamedDatabase(target: TargetObservation | null, { database }: StreamOf): RenamedDatabase | null {
  return target?.renamedDatabases?.find((one) => one.database === database) ?? null;
}

/** ALTER DATABASE … RENAME TO leaves subscriptions as they are: they run on, where nobody looks for them. */
export function findRenamedDatabases(target: TargetObservation | null): Finding[] {
  return (target?.renamedDatabases ?? []).map(findRenamedDatabase);
}

export function findRenamedDatabase(one: RenamedDatabase): Finding {
  const { database, now, taken } = one;
  const other = elsewhere(one);
  const rename = renames(one);
  const disable = disabled(one);
  return {
    code: 'DATABASE_RENAMED',
    severity: 'block',
    seen: `database ${database} of the source is named ${now} on the clone, with ${subscriptionsIn(one)}${taken ? '; a database that was made there since has its name' : ''}`,
    why: 'sql-runner looks for a database by the name that it has on the source: whether this one follows is not looked at',
    next:
      disable === ''
        ? `give it its name again, while nobody is connected to it, in database ${other} on the clone: ${rename}`
        : `give it its name again, while nobody is connected to it; in database ${now} on the clone: ${disable} then in database ${other} on the clone: ${rename}`,
  };
}

function subscriptionsIn({ subscriptions }: RenamedDatabase): string {
  if (subscriptions.length === 0) return 'no subscription of ours';
  return subscriptions
    .map(
      ({ name, enabled, slotName }) =>
        `our subscription ${name}, which ${enabled ? 'reads' : 'is disabled, and has'} slot ${slotName ?? '(none)'}`,
    )
    .join(' and ');
}

/** A database cannot be renamed by who is connected to it; those of the environment may themselves be renamed. */
const elsewhere = ({ database, now }: RenamedDatabase): string =>
  database === 'postgres' || now === 'postgres' ? 'template1' : 'postgres';

function renames({ database, now, taken }: RenamedDatabase): string {
  return [
    ...(taken ? [`ALTER DATABASE ${quoteIdent(database)} RENAME TO ${quoteIdent(`${database}_aside`)};`] : []),
    `ALTER DATABASE ${quoteIdent(now)} RENAME TO ${quoteIdent(database)};`,
  ].join(' ');
}

/** An apply worker is connected too, and comes back when it is only ended. The next apply enables it again. */
function disabled({ subscriptions }: RenamedDatabase): string {
  return subscriptions
    .filter(({ enabled }) => enabled)
    .map(({ name }) => `ALTER SUBSCRIPTION ${quoteIdent(name)} DISABLE;`)
    .join(' ');
}

const FREED = 'its subscription is dropped, so that production is freed of the slot';

/** A teardown takes the copies of ours by name: of a database that has the name of another one it takes them with that. */
export function findRenamedAtTheEnd(contract: SourceContract, target: TargetObservation | null): Finding[] {
  const named = contract.links.map(({ database }) => database);
  return (target?.renamedDatabases ?? []).map((one) => ({
    ...findRenamedDatabase(one),
    severity: 'warn',
    why: named.includes(one.now)
      ? FREED
      : `${FREED}; the copies of ours in it are taken by a teardown once it has its name again`,
  }));
}

/** Teardown and reset: or its slot could not be dropped. */
export function planStrayedSubscriptionDrop(contract: SourceContract, target: TargetObservation): Proposal {
  return joinProposals(
    (target.renamedDatabases ?? []).flatMap(({ database, now, subscriptions }) => {
      const of = streamsOf(contract).find((one) => one.database === database);
      return of === undefined
        ? []
        : subscriptions.map((one) => dropSubscription(contract, streamOf(now, of.stream), one));
    }),
  );
}
