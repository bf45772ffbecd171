import type { SourceContract } from '../../contract/contract';
import { refusedWritesOf } from '../checks/refused-writes';
import { standingProblems } from '../checks/stream-problems';
import { ARRIVING_WHY } from '../checks/new-tables-arriving';
import { arrivingOf } from '../model/added-tables';
import type { Finding } from '../model/change';
import type { Problem } from '../model/health';
import type { Observation, SourceObservation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';
import type { StreamsSeen } from '../model/survey';
import { alteredBeats, alteredIn } from '../plan/stream-refusals';
import { unloggedOnOneSide } from '../resources/publication-rows';
import { replacedFinding, replacedIn } from '../resources/replaced-partitions';
import { SWAPPED_WHY, swappedTables, swappedWords } from '../resources/swapped-tables';
import { newClone } from '../model/streams';
import { TWICE_WHY, type TakenBeside } from '../resources/subscribed-twice';
import { displayTable } from '../model/table-selection';
import { keptOut } from '../resources/role-lacks';

/** What is read beside the observation: by name as status shows it. */
export interface Beside {
  /** Tables that it does not take. */
  readonly untaken: readonly string[];
  /** What other subscriptions take of its tables. */
  readonly twice: readonly TakenBeside[];
  /** Triggers that may leave out or change what arrives. */
  readonly rewriting: readonly string[];
  /** What plan refuses of the definitions of both sides. */
  readonly definitions: readonly Finding[];
}

/**
 * What speaks against a stream of ours beside its slot and its history.
 * @param seen null: it was not looked at how it stands
 */
export function problemsOfOurs(
  contract: SourceContract,
  observation: Observation,
  seen: StreamsSeen | null,
  of: StreamFacts,
  { untaken, twice, rewriting, definitions }: Beside,
): Problem[] {
  const unlogged = unloggedOnOneSide(of.publication, of.inherited);
  const arriving = arrivingOf(of.subscriptionMark).map(displayTable);
  const skipped = untaken.filter((name) => !arriving.includes(name));
  const doctor = `sql-runner doctor ${contract.environment} says what to do`;
  const told = (code: Problem['code'], found: string, why: string): Problem => ({
    code,
    seen: found,
    why,
    next: doctor,
  });
  return [
    // What a stream fails over is a consequence of them.
    ...replacedIn(observation, of).map((one) => problemOf(replacedFinding(contract, of.database, one))),
    ...swappedTables(observation.source.databases[of.database]!, of).map((names) => ({
      code: 'TABLE_SWAPPED' as const,
      seen: swappedWords(of.database, names),
      why: SWAPPED_WHY,
      next: newClone(contract),
    })),
    ...(seen === null ? [] : standingProblems(contract, seen, of)),
    ...[...alteredBeats(contract, observation, of), ...alteredIn(contract, observation, of)].map(problemOf),
    ...(skipped.length === 0
      ? []
      : [told('TABLE_NOT_SUBSCRIBED', `it does not take ${listed(skipped)}`, 'changes are skipped, or stop it')]),
    ...(arriving.length === 0
      ? []
      : [
          {
            code: 'NEW_TABLE_ARRIVING' as const,
            seen: `${listed(arriving)} is being added, and was not compared yet`,
            why: ARRIVING_WHY,
            next: `sql-runner apply ${contract.environment} goes on with it where it stands`,
          },
        ]),
    ...twice.map(({ subscription, tables }) =>
      told('TABLE_SUBSCRIBED_TWICE', `${subscription} takes ${listed(tables.map(displayTable))} too`, TWICE_WHY),
    ),
    ...(unlogged.length === 0
      ? []
      : [
          told(
            unlogged.some((words) => words.endsWith('on the clone'))
              ? 'TABLE_UNLOGGED_ON_CLONE'
              : 'TABLE_UNLOGGED_SINCE',
            `unlogged: ${listed(unlogged)} alone`,
            'changes are not sent, or rows can be lost',
          ),
        ]),
    ...(rewriting.length === 0
      ? []
      : [
          told(
            'TRIGGERS_FIRE_ON_APPLY',
            `trigger ${rewriting.join(', ')} fires on apply`,
            'it may leave out or change what arrives',
          ),
        ]),
    ...definitions.map(problemOf),
  ];
}

/** Why it could not log in when it has to again. */
export function problemsOfLogin(contract: SourceContract, source: SourceObservation, of: StreamFacts): Problem[] {
  return keptOut(contract, source, of).map(({ code, what }) => ({
    code,
    seen: what,
    why:
      code === 'ROLE_CONNECTIONS_TOO_FEW'
        ? 'before PostgreSQL 17 every stream counts as one: it may not connect again when the connection breaks'
        : 'no stream can connect again: when the connection breaks for whatever reason it stops',
    next: `sql-runner doctor ${contract.environment} says what to do`,
  }));
}

/** What production suffers of it now, whether a clone follows or not. */
export const problemsOfProduction = (contract: SourceContract, source: SourceObservation, of: StreamFacts): Problem[] =>
  refusedWritesOf(contract, source, of).map(problemOf);

export const problemOf = ({ code, seen, why, next }: Finding): Problem => ({ code, seen, why, next });

function listed(tables: readonly string[]): string {
  const [first, ...others] = tables;
  return others.length === 0 ? first! : `${tables.length} tables (${first}, …)`;
}
