import { streamFacts, ticketState } from '../model/stream-state';
import { wordsBeside } from '../checks/forgotten-streams';
import { unconfirmed } from '../checks/slot-growth';
import { budgetUsed, overBudget } from '../checks/wal-budget';
import { meanwhile, streamsAlone, type StreamAlone } from '../checks/slots-alone';
import type { Open } from '../connections/open';
import type { HealthState } from '../model/health';
import type { Contracts } from '../../contract/contract';
import { isOfClone, type SourceAlone } from '../observe/source-alone';
import { saidByRds, sourceOr } from '../observe/unreachable-clone';
import { slotFigures } from './slot-figures';
import { placesOf } from './places';
import type { EnvironmentStatus, StreamStatus } from './status';
import { evidenceOf } from './stream-evidence';
import { consequenceOf } from './consequence';
import { problemOf, problemsOfLogin, problemsOfProduction } from './problems';
import { usualNext } from './stream-health';

/** @throws the cause, where it is not the clone that cannot be reached, or the source cannot be read either */
export async function statusWithoutClone(open: Open, contracts: Contracts, cause: unknown): Promise<EnvironmentStatus> {
  if (contracts.target === null || !isOfClone(cause)) throw cause;
  const { identifier } = contracts.target.cluster;
  const [alone, rds] = await Promise.all([
    sourceOr(open, cause, contracts, 'apply'),
    saidByRds(open, contracts, identifier),
  ]);
  const streams = streamsAlone(alone.contract, alone.source, contracts.target.ticketNonce);
  const { code, seen, next } = cause;
  const lost = streams.some(({ finding }) => finding?.code === 'SLOT_LOST');
  return {
    environment: alone.contract.environment,
    at: new Date(Date.now()).toISOString(),
    places: placesOf(contracts),
    ticket: ticketOf(alone),
    clone: 'not reached',
    // What is to be done about a clone that is lost anyway, its streams say.
    unread: { code, seen: `${seen}; ${rds}`, next: lost ? '' : next, meanwhile: meanwhile(streams, alone.source) },
    seedLsn: null,
    streams: streams.map((stream) => streamStatus(alone, stream, next)),
    sequences: [],
    // Nothing of the clone is called well.
    unlooked: [],
    beside: wordsBeside(alone.contract, alone.source),
  };
}

function ticketOf({ contract, ticket, source }: SourceAlone): string {
  if (ticket === undefined) return 'not read';
  return ticketState({ ticket }, streamFacts(contract, { ticket, source, target: null })).kind;
}

function streamStatus({ contract, source }: SourceAlone, stream: StreamAlone, next: string): StreamStatus {
  const { of, finding, slot } = stream;
  const figures = slotFigures(source, of.slot);
  const lagBytes = slot === null ? null : unconfirmed(source.server, slot);
  const cost = { unconfirmedBytes: lagBytes, unreadSeconds: null, lagSeconds: null };
  const problems = [
    ...problemsOfProduction(contract, source, of),
    ...(finding === null ? [] : [problemOf(finding)]),
    ...(stream.cloned ? problemsOfLogin(contract, source, of) : []),
    ...overBudget(contract, `the stream of database ${of.database}`, cost),
  ];
  const state = stateOf(stream);
  return {
    database: of.database,
    state,
    since: null,
    problems,
    evidence: evidenceOf(null, of),
    consequence: consequenceOf(contract, source, of.slot, state, null),
    next: problems[0]?.next ?? (state === 'clone not reached' ? next : usualNext(contract, state, of)),
    tables: of.publication?.tables.length ?? 0,
    slot: of.stream.slot,
    ...figures,
    writtenLsn: source.server.flushLsn,
    sentLsn: null,
    receivedLsn: null,
    confirmedLsn: slot?.confirmedFlushLsn ?? null,
    lagBytes,
    lagSeconds: null,
    provenUntil: null,
    budgetUsed: budgetUsed(contract.budget, cost),
    lastMessage: null,
    applyErrors: null,
  };
}

function stateOf({ prepared, cloned, finding }: StreamAlone): HealthState {
  if (finding?.code === 'SLOT_LOST') return 'lost';
  if (!prepared) return 'not prepared';
  return cloned ? 'clone not reached' : 'waiting for the clone';
}
