import type { SourceContract } from '../../contract/contract';
import { block, joinProposals, propose, type Finding, type Proposal } from '../model/change';
import type { Observation, TargetObservation } from '../model/observation';
import type { Plan } from '../model/plan';
import { AS_THE_SOURCE, type DatabaseSequences, type SequencesWanted } from '../model/sequences';
import { streamFacts } from '../model/stream-state';
import { isResetUnfinished } from '../resources/retirement';
import { sequenceFindings } from '../resources/sequence-findings';
import { moveChange, movesAmong } from '../resources/sequence-moves';
import { pairSequences } from '../resources/sequence-pairs';
import { isNamed, renamedSequences } from '../resources/sequence-renames';
import { verdictOf } from '../resources/sequence-verdict';
import { finishPlan } from './finish-plan';
import { checkSameServer } from './gates/clone';

/**
 * Every sequence of the clone to where that of the source stands, or so many values past it. It reads the positions of
 * both sides, says what it finds otherwise, and never puts one back unless that was asked for.
 */
export function planSequences(contract: SourceContract, observation: Observation): Plan {
  const wanted = observation.sequences?.wanted ?? AS_THE_SOURCE;
  const plan = finishPlan(contract, observation, proposed(contract, observation, wanted), {
    mode: 'sequences',
    nextStep: () => null,
    beside: () => [],
  });
  return { ...plan, sequences: wanted };
}

function proposed(contract: SourceContract, observation: Observation, wanted: SequencesWanted): Proposal {
  const { target } = observation;
  const streams = streamFacts(contract, observation);
  if (target === null || isResetUnfinished(streams)) return block(notFollowed(contract, null));
  const same = checkSameServer(contract, target);
  if (same.length > 0) return propose([], same);
  const names = contract.links.map(({ database }) => database);
  const read = observation.sequences?.databases ?? {};
  const follows = (database: string) =>
    streams.filter((of) => of.database === database).every(({ state }) => state === 'enabled' || state === 'aligned');
  const followed = names.filter((database) => read[database] !== undefined && follows(database));
  const others = names.filter((database) => !followed.includes(database));
  if (followed.length === 0) return block(notFollowed(contract, others));
  const left: Finding[] =
    others.length === 0 ? [] : [{ ...notFollowed(contract, others), severity: 'block', standing: true }];
  const each = followed.map((database) =>
    ofDatabase(contract, observation, target, { database, read: read[database]!, wanted }),
  );
  return joinProposals([propose([], left), ...each]);
}

function notFollowed({ environment }: SourceContract, databases: readonly string[] | null): Omit<Finding, 'severity'> {
  return {
    code: 'SEQUENCES_NOT_FOLLOWED',
    seen:
      databases === null
        ? `environment ${environment} has no clone that follows`
        : `on the clone these databases do not follow the source: ${databases.join(', ')}`,
    why: 'a clone brings its sequences along as they were when it was taken; they are caught up once it follows',
    next: `see what is left to be done: sql-runner plan ${environment}`,
  };
}

interface Of {
  readonly database: string;
  readonly read: DatabaseSequences;
  readonly wanted: SequencesWanted;
}

function ofDatabase(
  contract: SourceContract,
  { source }: Observation,
  target: TargetObservation,
  { database, read, wanted }: Of,
): Proposal {
  const paired = pairSequences(read);
  const renames = renamedSequences(read);
  const isRenamed = (name: DatabaseSequences['source'][number]) =>
    renames.some(({ clone, source: one }) => isNamed(clone, name) || isNamed(one, name));
  const judged = paired.pairs.map((pair) => ({ pair, verdict: verdictOf(pair, wanted) }));
  const moves = movesAmong(judged.filter(({ pair }) => !isRenamed(pair.clone)));
  const findings = sequenceFindings({
    environment: contract.environment,
    database,
    sourceLogin: source.login,
    cloneVersion: target.server.versionNum,
    read,
    paired,
    judged,
    headroom: wanted.headroom,
  });
  return propose(moves.length === 0 ? [] : [moveChange(database, moves, wanted)], findings);
}
