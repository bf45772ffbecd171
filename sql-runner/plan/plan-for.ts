import type { SourceContract } from '../../contract/contract';
import type { Observation } from '../model/observation';
import type { Plan, PlanMode } from '../model/plan';
import { streamFacts } from '../model/stream-state';
import type { ConnectionDoubts } from '../resources/put-back';
import { isResetUnfinished } from '../resources/retirement';
import { planApply } from './plan-apply';
import { planHold } from './plan-hold';
import { planLargeObjects } from './plan-large-objects';
import { planRefresh } from './plan-refresh';
import { planRepair } from './plan-repair';
import { planReset } from './plan-reset';
import { planResume } from './plan-resume';
import { planResync } from './plan-resync';
import { planRotate } from './plan-rotate';
import { planSequences } from './plan-sequences';
import { planSkip } from './plan-skip';
import { planTeardown } from './plan-teardown';

interface Mode {
  /** What is asked before anything is changed. */
  readonly question: string;
  /** What stands above the changes. */
  readonly intro: string;
  readonly plan: (contract: SourceContract, observation: Observation, doubts: ConnectionDoubts) => Plan;
}

export const MODES: Readonly<Record<PlanMode, Mode>> = {
  apply: {
    question: 'Make these changes?',
    intro: 'sql-runner will make these changes:',
    plan: planToApply,
  },
  reset: {
    question: 'Retire this clone and prepare a new one?',
    intro: 'sql-runner will retire this clone and prepare a new one:',
    plan: planReset,
  },
  teardown: {
    question: 'Remove all of this?',
    intro: 'sql-runner will remove what it made:',
    plan: planTeardown,
  },
  hold: {
    question: 'Hold these streams?',
    intro: 'sql-runner will hold the streams until a resume:',
    plan: (contract, observation) => planHold(contract, observation, false),
  },
  release: {
    question: 'Hold these streams and give up this clone?',
    intro: 'sql-runner will hold the streams for good, and drop their slots:',
    plan: (contract, observation) => planHold(contract, observation, true),
  },
  resume: {
    question: 'Let these streams go on?',
    intro: 'sql-runner will let the streams go on:',
    plan: planResume,
  },
  rotate: {
    question: 'Change the password?',
    intro: 'sql-runner will change the password of the replication role:',
    plan: planRotate,
  },
  sequences: {
    question: 'Set these sequences of the clone?',
    intro: 'sql-runner will set these sequences of the clone:',
    plan: planSequences,
  },
  refresh: {
    question: 'Refresh these materialized views of the clone?',
    intro: 'sql-runner will refresh these materialized views of the clone, each for itself and in this order:',
    plan: planRefresh,
  },
  'large-objects': {
    question: 'Copy these large objects to the clone?',
    intro: 'sql-runner will copy large objects to the clone:',
    plan: planLargeObjects,
  },
  skip: {
    question: 'Leave these transactions out for good?',
    intro: 'sql-runner will have the clone leave out these transactions:',
    plan: planSkip,
  },
  resync: {
    question: 'Copy these tables anew?',
    intro: 'sql-runner will copy these tables anew; until then they are empty on the clone:',
    plan: planResync,
  },
  repair: {
    question: 'Mend these rows?',
    intro: 'sql-runner will mend these rows of the clone:',
    plan: planRepair,
  },
};

/** An apply that finds a reset half-way carries it on. */
function planToApply(contract: SourceContract, observation: Observation, doubts: ConnectionDoubts): Plan {
  return isResetUnfinished(streamFacts(contract, observation))
    ? { ...planReset(contract, observation), mode: 'apply' }
    : planApply(contract, observation, doubts);
}

/** The plan of a mode. */
export function planFor(
  mode: PlanMode,
  contract: SourceContract,
  observation: Observation,
  doubts: ConnectionDoubts = {},
): Plan {
  return MODES[mode].plan(contract, observation, doubts);
}
