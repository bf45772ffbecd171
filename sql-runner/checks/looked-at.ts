import type { SourceContract } from '../../contract/contract';
import type { Observation } from '../model/observation';
import type { LookedAt } from '../model/plan';
import { rolesCompared, rolesUnlooked } from '../resources/roles/plan-roles';
import { isLost } from '../resources/replication-slot';
import { unlookedOf } from '../resources/unlooked';
import { conditionIn } from './stream-findings';
import { lagOf } from './stream-words';
import { streamsOf } from '../model/streams';
import type { StreamsSeen } from '../model/survey';

/** The streams and tables that can be spoken of; null while there is no clone to follow. */
export function whatWasLookedAt(
  contract: SourceContract,
  observation: Observation,
  streams: StreamsSeen | null,
): LookedAt | null {
  if (streams === null) return null;
  const { source } = observation;
  const all = streamsOf(contract);
  const following = all.filter((of) => ['streaming', 'catching up'].includes(conditionIn(streams, of)));
  const tables = all.map(({ database, stream }) => {
    const publications = source.databases[database]?.publications ?? [];
    return publications.find(({ name }) => name === stream.publication)?.tables.length ?? 0;
  });
  const lags = all.map(({ stream }) => {
    const looks = streams.looks[stream.subscription];
    return looks === undefined ? null : lagOf(looks.last);
  });
  const known = lags.filter((lag) => lag !== null);
  const lost = all.filter(({ stream }) => {
    const slot = source.slots.find(({ name }) => name === stream.slot);
    return slot === undefined || isLost(slot);
  });
  const roles = rolesCompared(contract, observation);
  return {
    streams: all.length,
    following: following.length,
    lost: lost.length,
    tables: tables.reduce((sum, count) => sum + count, 0),
    lagBytes: known.length < lags.length ? null : Math.max(0, ...known),
    unlooked: [...unlookedOf(contract, observation), ...rolesUnlooked(contract, observation)],
    ...(roles === null ? {} : { roles }),
  };
}
