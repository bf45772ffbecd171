import type { StreamFacts } from '../model/stream-state';
import { checkCloneUnwritten, checkSameMajor, checkSameServer } from './gates/clone';
import { alteredFindings } from '../checks/subscription-options';
import type { SourceContract } from '../../contract/contract';
import { findAlteredHeartbeat } from '../resources/altered-heartbeat';
import { judgeAlignment } from '../resources/clone-alignment';
import { refusedOfPublication } from '../resources/publication';
import { findRenamedDatabase, renamedDatabase } from '../resources/renamed-database';
import { findRenamedSubscriptions, renamedOf } from '../resources/renamed-subscription';
import { planSlot } from '../resources/replication-slot';
import type { Finding } from '../model/change';
import type { Observation } from '../model/observation';

/**
 * What plan refuses as well: a slot that is lost, and a clone that must not be connected.
 * @param ready there is a clone, under the ticket that there is, on which the stream is not connected yet
 */
export function slotAndAlignment(
  contract: SourceContract,
  { source, target, ticket }: Observation,
  of: StreamFacts,
  { ready }: { ready: boolean },
): readonly Finding[] {
  if (source.databases[of.database]?.exists) {
    const { findings } = planSlot(contract, source, of, { cloned: target !== null });
    if (findings.length > 0) return findings;
  }
  if (target !== null && renamedOf(contract, target, of).length > 0)
    return findRenamedSubscriptions(
      { ...contract, links: contract.links.filter(({ database }) => database === of.database) },
      target,
    );
  const elsewhere = renamedDatabase(target, of);
  if (elsewhere !== null) return [findRenamedDatabase(elsewhere)];
  if (!ready) return [];
  return [
    ...checkSameServer(contract, target),
    ...checkSameMajor(contract, source, target!),
    ...judgeAlignment(contract, source, target!, of, ticket!.nonce).findings,
    ...checkCloneUnwritten(contract, target!, of),
  ];
}

/** What of our objects is not as sql-runner made it, or as the clone inherited it. */
export function alteredIn(contract: SourceContract, { source }: Observation, of: StreamFacts): Finding[] {
  const { options } = of;
  const published = source.databases[of.database]?.exists ? refusedOfPublication(contract, source, of) : [];
  return [...(options === null ? [] : alteredFindings(contract, of, options)), ...published];
}

/** What of its heartbeat was altered, on both sides; of a stream whose subscription is ours, so there is a clone. */
export function alteredBeats(contract: SourceContract, { source, target }: Observation, of: StreamFacts): Finding[] {
  return [
    ...findAlteredHeartbeat(contract, source, 'source', of),
    ...findAlteredHeartbeat(contract, target!, 'target', of),
  ];
}
