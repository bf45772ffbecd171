import type { SourceSeen } from '../checks/slots-alone';
import type { SourceContract, Contracts } from '../../contract/contract';
import { ConnectError } from '../postgres/connect-errors';
import { serverFacts } from '../postgres/catalog/server';
import { replicationSlots } from '../postgres/catalog/slots';
import { connectionsFor } from './forgotten';
import type { Observation } from '../model/observation';
import { observeSource, ticketIn } from './observe';
import type { PlanMode } from '../model/plan';

export interface SourceAlone extends SourceSeen {
  /** With the streams that the environment names no more, for a teardown. */
  readonly contract: SourceContract;
  /** It is kept in the account of the clone; undefined: it could not be read. */
  readonly ticket: Observation['ticket'] | undefined;
}

/** Whether it is the clone that keeps a command from its work. */
export const isOfClone = (cause: unknown): cause is ConnectError =>
  cause instanceof ConnectError && cause.side === 'target';

/** Reads the source as if there were no clone. Read-only. @throws whatever keeps it from being read */
export async function readSourceAlone({ source }: Contracts, mode: PlanMode): Promise<SourceAlone> {
  const connections = await connectionsFor({ source, target: null }, mode);
  try {
    const reading = connections.reading();
    const facts = await observeSource(reading);
    const first = await reading.first('source');
    return {
      contract: connections.contracts.source,
      ticket: await ticketIn(reading).catch(() => undefined),
      source: facts,
      server: await reading.ask(first, serverFacts),
      slots: await reading.ask(first, replicationSlots),
    };
  } finally {
    await connections.close();
  }
}
