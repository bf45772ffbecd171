import type { SourceContract, Contracts } from '../../contract/contract';
import { ConnectError } from '../postgres/connect-errors';
import type { Open } from '../connections/open';
import { connectionsFor } from './forgotten';
import type { Observation, SourceObservation } from '../model/observation';
import { observeSource, ticketIn } from './observe';
import type { PlanMode } from '../model/plan';

export interface SourceAlone {
  /** With the streams that the environment names no more, for a teardown. */
  readonly contract: SourceContract;
  /** It is kept in the account of the clone; undefined: it could not be read. */
  readonly ticket: Observation['ticket'] | undefined;
  readonly source: SourceObservation;
}

/** Whether it is the clone that keeps a command from its work. */
export const isOfClone = (cause: unknown): cause is ConnectError =>
  cause instanceof ConnectError && cause.side === 'target';

/** Reads the source as if there were no clone. Read-only. @throws whatever keeps it from being read */
export async function readSourceAlone(open: Open, { source }: Contracts, mode: PlanMode): Promise<SourceAlone> {
  const connections = await connectionsFor(open, { source, target: null }, mode);
  try {
    const reading = connections.reading();
    const source = await observeSource(reading);
    const ticket = await ticketIn(reading).catch(() => undefined);
    return { contract: connections.contracts.source, ticket, source };
  } finally {
    await connections.close();
  }
}
