import { factsOf, type StreamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { joinProposals, NOTHING, propose, sqlChange, type Proposal } from '../model/change';
import type { Observation, SourceObservation } from '../model/observation';
import { quoteIdent } from '../postgres/text/quoting';
import { planHeartbeatDrop } from './heartbeat';
import { planPublicationDrop } from './publication';
import { planSubscriptionDrop } from './renamed-subscription';
import { planSlotDrop } from './replication-slot';
import type { StreamOf } from '../model/streams';

/**
 * A reset: the next clone is without what the environment names no more, so that production must not keep WAL for it.
 * First what the present clone follows by.
 */
export function planForgottenSlotsDrop(contract: SourceContract, observation: Observation): Proposal {
  const { target } = observation;
  const streams = forgottenThatWereRead(contract, observation);
  return joinProposals([
    ...(target === null ? [] : streams.map((of) => planSubscriptionDrop(contract, target, of))),
    ...streams.map(planSlotDrop),
  ]);
}

/** Then what it is published by, last of all: by the publication's mark a run that dies before can tell the slot. */
export function planForgottenPublicationsDrop(contract: SourceContract, observation: Observation): Proposal {
  const { source } = observation;
  const streams = forgottenThatWereRead(contract, observation);
  const linked = new Set(contract.links.map(({ database }) => database));
  const left = new Set(streams.map(({ database }) => database).filter((database) => !linked.has(database)));
  return joinProposals([
    ...streams.map(planPublicationDrop),
    ...streams.map((of) => planHeartbeatDrop(contract, source, of)),
    ...[...left].map((database) => planRevoke(contract, source, database)),
  ]);
}

/** An apply that carries a reset on reads the databases that are named; of others it says what is left in them. */
export const wasRead = ({ databases }: SourceObservation, { database }: StreamOf): boolean =>
  databases[database] !== undefined;

function forgottenThatWereRead(contract: SourceContract, observation: Observation): StreamFacts[] {
  const { source } = observation;
  return source.forgotten.filter((of) => wasRead(source, of)).map((of) => factsOf(contract, observation, of));
}

/** Nobody looks at the database any more: the role could not be dropped for a grant that nobody remembers. */
function planRevoke(contract: SourceContract, source: SourceObservation, database: string): Proposal {
  if (source.databases[database]?.connectGrant.hasGrant !== true) return NOTHING;
  const role = quoteIdent(contract.replication.role);
  return propose([
    sqlChange({
      address: { side: 'source', database, kind: 'connect-grant', name: contract.replication.role },
      action: 'delete',
      reason: 'no subscription logs in to this database any more',
      place: { side: 'source', database },
      guards: [],
      statements: [{ text: `REVOKE CONNECT ON DATABASE ${quoteIdent(database)} FROM ${role}` }],
    }),
  ]);
}
