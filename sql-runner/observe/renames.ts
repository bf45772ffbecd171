import type { Reading } from '../connections/reading';
import type { Observation } from '../model/observation';
import type { RenameFacts } from '../model/renames';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { displayTable } from '../model/table-selection';
import { namedTables, namesTaken } from '../postgres/catalog/named-tables';
import { schemasNamed } from '../postgres/catalog/table-needs';
import { ownLog, wantedOf } from '../resources/ddl/ddl-facts';
import { heartbeatTable } from '../resources/heartbeat';
import { renameOf, wayThrough } from '../resources/renames';

/**
 * The same, with the tables that have other names on the source by now, of streams that follow: a stream that carries DDL
 * renames by itself. Nothing is asked where the catalogs are alike.
 */
export async function withRenames(reading: Reading, observation: Observation): Promise<Observation> {
  const { target } = observation;
  const { source: contract } = reading.contracts;
  const streams = streamFacts(contract, observation).filter(
    (of) => of.state === 'enabled' && wantedOf(contract, of) === 'off' && ownLog(contract, target, of) === null,
  );
  const found = await Promise.all(
    streams.map(async (of) => [of.stream.subscription, await renamesOf(reading, observation, of)] as const),
  );
  const renames = found.filter(([, all]) => all.length > 0);
  if (target === null || renames.length === 0) return observation;
  return { ...observation, target: { ...target, renames: Object.fromEntries(renames) } };
}

async function renamesOf(reading: Reading, observation: Observation, of: StreamFacts): Promise<RenameFacts[]> {
  const oids = suspects(of);
  if (oids.length === 0) return [];
  const { publication } = of.stream;
  const there = await reading.at(of.publisher, (ask) => ask(namedTables, oids, publication));
  const here = await reading.at(of.subscriber, (ask) => ask(namedTables, oids, publication));
  const pairs = there.flatMap((one) => {
    const other = here.find(({ oid }) => oid === one.oid);
    return other === undefined ? [] : [{ there: one, here: other }];
  });
  const wanted = pairs.flatMap((one) => wayThrough(one.there, one.here));
  const names = await reading.at(of.subscriber, async (ask) => ({
    takenHere: await ask(namesTaken, wanted),
    schemasHere: await ask(schemasNamed, [...new Set(wanted.map(({ schema }) => schema))]),
  }));
  const noted = of.subscriptionMark?.renamed ?? [];
  const tablesThere = observation.source.databases[of.database]?.tables ?? [];
  return pairs.flatMap((one) => renameOf(one.there, one.here, { ...names, tablesThere, noted }) ?? []);
}

/** Of what came with the clone. What was added since, or left, is known to its mark by name. */
function suspects({ publication, inherited, subscriptionMark, ...of }: StreamFacts): number[] {
  const [now, then] = [publication?.rows?.tables ?? {}, inherited?.rows?.tables ?? {}];
  const noted = new Set([...(subscriptionMark?.added ?? []), ...(subscriptionMark?.left ?? [])].map(({ oid }) => oid));
  const beats = displayTable(heartbeatTable(of));
  return Object.entries(now).flatMap(([oid, { name, names }]) => {
    const here = then[oid];
    const isSame = here === undefined || (here.name === name && here.names === names);
    return isSame || noted.has(Number(oid)) || [name, here.name].includes(beats) ? [] : [Number(oid)];
  });
}
