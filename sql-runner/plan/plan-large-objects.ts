import type { SourceContract } from '../../contract/contract';
import { block, joinProposals, propose, type Finding, type Proposal, type Refusal } from '../model/change';
import { AS_THEY_ARE, type LargeObjectsWanted } from '../model/large-objects';
import type { Observation } from '../model/observation';
import type { Plan } from '../model/plan';
import { streamFacts } from '../model/stream-state';
import { copyChange } from '../resources/large-object-change';
import { largeObjectFindings } from '../resources/large-object-findings';
import { isResetUnfinished } from '../resources/retirement';
import { finishPlan } from './finish-plan';
import { checkSameServer } from './gates/clone';

/** The large objects of the clone, as production has them. */
export function planLargeObjects(contract: SourceContract, observation: Observation): Plan {
  const wanted = observation.largeObjects?.wanted ?? AS_THEY_ARE;
  const plan = finishPlan(contract, observation, proposed(contract, observation, wanted), {
    mode: 'large-objects',
    nextStep: () => null,
    beside: () => [],
  });
  return { ...plan, largeObjects: wanted };
}

function proposed(contract: SourceContract, observation: Observation, wanted: LargeObjectsWanted): Proposal {
  const { target } = observation;
  const streams = streamFacts(contract, observation);
  if (target === null || isResetUnfinished(streams)) return block(notFollowed(contract, null));
  const same = checkSameServer(contract, target);
  if (same.length > 0) return propose([], same);
  const read = observation.largeObjects?.databases ?? {};
  const all = contract.links.map(({ database }) => database);
  const asked = all.filter((name) => wanted.database === null || name === wanted.database);
  if (asked.length === 0) return block(unknownDatabase(contract, wanted.database!, all));
  const follows = (database: string) =>
    streams.filter((of) => of.database === database).every(({ state }) => state === 'enabled' || state === 'aligned');
  const followed = asked.filter((database) => read[database] !== undefined && follows(database));
  const others = asked.filter((database) => !followed.includes(database));
  if (followed.length === 0) return block(notFollowed(contract, others));
  const left: Finding[] =
    others.length === 0 ? [] : [{ ...notFollowed(contract, others), severity: 'block', standing: true }];
  const { environment } = contract;
  const ofDatabases = followed.map((database) => {
    const change = copyChange(database, read[database]!, wanted);
    const findings = largeObjectFindings({ environment, database, read: read[database]!, wanted });
    return propose(change === null ? [] : [change], findings);
  });
  return joinProposals([propose([], left), ...ofDatabases]);
}

function notFollowed({ environment }: SourceContract, databases: readonly string[] | null): Refusal {
  return {
    code: 'LARGE_OBJECTS_NOT_FOLLOWED',
    seen:
      databases === null
        ? `environment ${environment} has no clone that follows`
        : `on the clone these databases do not follow the source: ${databases.join(', ')}`,
    why: 'a clone brings its large objects along as they were when it was taken, and its tables as well: until it follows, newer ones belong to no row',
    next: `see what is left to be done: sql-runner plan ${environment}`,
  };
}

const unknownDatabase = ({ environment }: SourceContract, name: string, all: readonly string[]): Refusal => ({
  code: 'DATABASE_UNKNOWN',
  seen: `environment ${environment} does not replicate database ${name}`,
  why: 'there is nothing to compare',
  next: `choose from: ${all.join(', ')}`,
});
