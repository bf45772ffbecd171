import { factsOf } from '../model/stream-state';
import type { SourceContract, Side } from '../../contract/contract';
import { heartbeatDependents } from '../postgres/catalog/heartbeat-dependents';
import { schemaOwners } from '../postgres/catalog/heartbeats';
import { publicationIdentities } from '../postgres/catalog/publication-identities';
import { heartbeatOf } from '../resources/heartbeat';
import { findHeldHeartbeat } from '../resources/held-heartbeat';
import { ownMark } from '../model/mark';
import { findNotAllowedDrop } from '../resources/not-allowed-drop';
import type { Finding } from '../model/change';
import { loginOf, type Reading } from '../connections/reading';
import type { Observation } from '../model/observation';
import { streamsOf } from '../model/streams';
import type { StreamOf } from '../model/streams';

/** In each database of a side: the schemas of the heartbeats, and the streams, that a teardown removes there. */
function doomedStreams(contract: SourceContract, observation: Observation, side: Side) {
  const facts = observation[side];
  if (facts === null || ('isSourceServer' in facts && facts.isSourceServer)) return [];
  return Object.keys(facts.databases)
    .filter((database) => facts.databases[database]!.exists)
    .map((database) => {
      const streams = streamsOf(contract).filter((of) => of.database === database);
      const schemas = streams
        .filter((of) => heartbeatOf(contract, facts, of) !== null)
        .map((of) => of.stream.publication);
      const renamed = (facts.databases[database]!.heartbeatsElsewhere ?? []).flatMap(({ schema, table }) =>
        table === null ? [schema] : [],
      );
      return { place: { side, database }, streams, schemas: [...schemas, ...renamed] };
    });
}

/** Publications and heartbeats of ours that somebody else owns by now. */
export async function notAllowed(reading: Reading, observation: Observation, side: Side): Promise<Finding[]> {
  const contract = reading.contracts.source;
  const found = doomedStreams(contract, observation, side).map(({ place, streams, schemas }) =>
    reading.at(place, async (ask) => {
      const names = new Set(streams.map((of) => of.stream.publication));
      const login = await ask(loginOf);
      const publications = (await ask(publicationIdentities))
        .filter(
          ({ name, comment }) => names.has(name) && ownMark(comment, 'publication', contract.environment) !== null,
        )
        .map((one) => ({ ...one, kind: 'publication' as const }));
      const owners = (await ask(schemaOwners, schemas)).map((one) => ({
        ...one,
        name: one.schema,
        kind: 'schema' as const,
        closed: one.mayDrop && !one.mayUse,
      }));
      return [...subscriptionsOf(contract, observation, place.side, streams), ...publications, ...owners]
        .filter((one) => !one.mayDrop || ('closed' in one && one.closed))
        .map((one) => findNotAllowedDrop({ place, login, ...one }));
    }),
  );
  return (await Promise.all(found)).flat();
}

/** By their names: of one that was renamed it is not read who owns it. */
function subscriptionsOf(contract: SourceContract, observation: Observation, side: Side, streams: readonly StreamOf[]) {
  if (side === 'source') return [];
  const facts = streams.map((of) => factsOf(contract, observation, of));
  return facts.flatMap(({ stream, options, subscriptionMark }) => {
    if (options === null || subscriptionMark === null) return [];
    const { subscription } = stream;
    return [
      {
        kind: 'subscription' as const,
        name: subscription,
        owner: options.values.owner ?? '',
        mayDrop: options.mayAlter,
      },
    ];
  });
}

/** What others hung on our heartbeats. */
export async function heldHeartbeats(reading: Reading, observation: Observation, side: Side): Promise<Finding[]> {
  const contract = reading.contracts.source;
  const found = doomedStreams(contract, observation, side)
    .filter(({ schemas }) => schemas.length > 0)
    .map(async ({ place, schemas }) =>
      findHeldHeartbeat(place, await reading.ask(place, heartbeatDependents, schemas)),
    );
  return (await Promise.all(found)).flat();
}
