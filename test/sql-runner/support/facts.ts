import { Connections } from '../../../sql-runner/connections/connections';
import type { Open } from '../../../sql-runner/connections/open';
import { readOnce, type Reader, type Reading } from '../../../sql-runner/connections/reading';
import type { Place } from '../../../sql-runner/model/address';

type Answer = (place: Place, ...args: unknown[]) => unknown;

/** What some readers find, by the reader; the others ask the fake servers. */
export type Facts = Map<unknown, Answer>;

/** @param answer undefined: as usual */
export function tell<A extends readonly unknown[], T>(
  facts: Facts,
  reader: Reader<A, T>,
  answer: (place: Place, ...args: A) => T | undefined,
): void {
  facts.set(reader, answer as unknown as Answer);
}

/** Every reading of what is opened so has these facts. */
export const openTold =
  (facts: Facts): Open =>
  (contracts, connects, forgotten) =>
    new Connections(contracts, connects, forgotten, (connections) => told(readOnce(connections), facts));

function told(reading: Reading, facts: Facts): Reading {
  const found = <T>(place: Place, reader: unknown, args: readonly unknown[], read: () => Promise<T>): Promise<T> => {
    const fact = facts.get(reader)?.(place, ...args);
    return fact === undefined ? read() : Promise.resolve(fact as T);
  };
  return {
    connections: reading.connections,
    contracts: reading.contracts,
    first: (side) => reading.first(side),
    at: (place, work) =>
      reading.at(place, (ask) => work((reader, ...args) => found(place, reader, args, () => ask(reader, ...args)))),
    ask: (place, reader, ...args) => found(place, reader, args, () => reading.ask(place, reader, ...args)),
    again: (place, reader, ...args) => found(place, reader, args, () => reading.again(place, reader, ...args)),
    aws: (side, reader, ...args) => reading.aws(side, reader, ...args),
  };
}
