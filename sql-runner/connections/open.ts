import { Connections } from './connections';

/** Opens the accounts and databases of an environment. A command hands it to its action; a test may hand another one. */
export type Open = (...parts: ConstructorParameters<typeof Connections>) => Connections;

export function openConnections(...parts: Parameters<Open>): Connections {
  return new Connections(...parts);
}

/** For a command that changes nothing. */
export function openToLook(...parts: Parameters<Open>): Connections {
  const connections = new Connections(...parts);
  connections.onlyLooks();
  return connections;
}
