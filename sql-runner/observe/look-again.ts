import { factsOf, type StreamFacts } from '../model/stream-state';
import { OperatorError } from '../../errors/operator-error';
import { alteredFindings } from '../checks/subscription-options';
import type { SourceContract } from '../../contract/contract';
import { continuityFinding, judgeContinuity } from '../resources/continuity';
import { unlookedOf } from '../resources/unlooked';
import { alteredAttributes } from '../resources/subscription-attributes';
import type { Finding } from '../model/change';
import type { Connections } from '../connections/connections';
import { observe } from './observe';
import { withWitnesses } from './witnesses';
import type { Observation } from '../model/observation';
import type { StreamOf } from '../model/streams';

export interface StillHeld {
  /** What nobody could look at; none: all was. */
  readonly unlooked: readonly string[];
}

/**
 * Between the plan and the arrival of its beats minutes or hours pass, in which somebody may have stopped, moved or
 * altered a stream. "In sync" is said of what is there now, so it is looked at once more, right before it is said.
 * @returns null: not every stream is still one of ours
 * @throws OperatorError of what speaks against a stream, as plan would name it
 */
export async function stillHold(connections: Connections, streams: readonly StreamOf[]): Promise<StillHeld | null> {
  const reading = connections.reading();
  const observation = await withWitnesses(reading, await observe(reading));
  const contract = connections.contracts.source;
  const facts = streams.map((of) => factsOf(contract, observation, of));
  const found = facts.flatMap((of) => speaksAgainst(contract, observation, of));
  if (found.length > 0) {
    const [{ code, why, next }] = found as [Finding];
    throw new OperatorError({ code, seen: found.map(({ seen }) => seen).join('\n  and '), why, next });
  }
  const areOurs = facts.every(({ subscriptionMark }) => subscriptionMark !== null);
  return areOurs ? { unlooked: unlookedOf(contract, observation) } : null;
}

/** Of what was altered, only what leaves changes out: the rest is for the next plan. */
function speaksAgainst(contract: SourceContract, observation: Observation, of: StreamFacts): Finding[] {
  const doubt = continuityFinding(contract, judgeContinuity(contract, observation, of));
  const { options } = of;
  const loses = options !== null && alteredAttributes(of, options).some(({ attribute }) => attribute.loses);
  return [...(doubt === null ? [] : [doubt]), ...(loses ? alteredFindings(contract, of, options) : [])];
}
