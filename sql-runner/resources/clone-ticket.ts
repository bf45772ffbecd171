import type { StreamFacts, TicketState } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { changeOf, block, NOTHING, propose, type Change, type Proposal, type Refusal } from '../model/change';
import type { Observation } from '../model/observation';
import type { PublicationMark } from '../model/mark';
import { newClone } from '../model/streams';
import { wantedParts, withParts } from '../model/table-parts';
import { selectTables } from '../model/table-selection';

interface Ticketing {
  readonly contract: SourceContract;
  readonly observation: Observation;
  readonly streams: readonly StreamFacts[];
  readonly ticket: TicketState;
  /** A stream of the environment has begun to follow. */
  readonly bootstrapped: boolean;
}

/** Issued last of all on the source: it is the proof that every slot existed before the clone. */
export function planTicket(ticketing: Ticketing): Proposal {
  const { contract, streams, ticket, bootstrapped } = ticketing;
  switch (ticket.kind) {
    case 'issued':
      return planIssued(ticketing, ticket.nonce);
    case 'unpublished':
      return propose([
        issue(contract, streams, ticket.nonce, 'create', 'every publication carries it; the parameter is missing'),
      ]);
    case 'none':
      if (bootstrapped)
        return block(
          mismatch(
            contract,
            streams.map((of) => of.database),
          ),
        );
      return propose([
        issue(contract, withMarks(ticketing), null, 'create', 'proves to the target stack that every slot exists'),
      ]);
    case 'mismatch':
      if (bootstrapped) return block(mismatch(contract, ticket.without));
      return propose([
        issue(
          contract,
          withMarks(ticketing),
          null,
          'replace',
          `the present one does not cover ${ticket.without.join(', ')}; a clone made under it will be replaced`,
        ),
      ]);
  }
}

/**
 * A ticket is good only while the slots are as it found them. Before the clone
 * is taken (a clone of an earlier ticket does not count) it is simply issued
 * again; afterwards the bootstrap refuses.
 */
function planIssued({ contract, observation, streams, bootstrapped }: Ticketing, nonce: string): Proposal {
  if (bootstrapped || observation.target?.deployedNonce === nonce) return NOTHING;
  const moved = streams.filter((of) => {
    return of.slot?.confirmedFlushLsn !== of.mark?.ticket?.confirmedFlushLsn;
  });
  if (moved.length === 0) return NOTHING;
  const databases = moved.map((of) => of.database).join(', ');
  return propose([
    issue(contract, streams, null, 'replace', `the slot of ${databases} is not as the present ticket states`),
  ]);
}

function issue(
  contract: SourceContract,
  streams: readonly StreamFacts[],
  nonce: string | null,
  action: 'create' | 'replace',
  reason: string,
): Change {
  return changeOf({
    address: { side: 'source', kind: 'clone-ticket' },
    action,
    reason,
    preview: [
      ...streams.map(
        (of) =>
          `COMMENT ON PUBLICATION ${of.stream.publication} IS '(mark with the nonce and the slot position)';  -- ${of.database}`,
      ),
      `ssm:PutParameter Name=${contract.ticketParameter} Value={"environment":"${contract.environment}","nonce":"${nonce ?? '(random)'}"}  -- account ${contract.targetAccount.accountId}`,
    ],
    operation: {
      kind: 'issue-ticket',
      parameter: contract.ticketParameter,
      environment: contract.environment,
      nonce,
      entries: streams.map((of) => ({
        database: of.database,
        publication: of.stream.publication,
        mark: of.mark ?? madeMark(contract, of),
      })),
    },
  });
}

const madeMark = ({ environment }: SourceContract, { stream }: StreamFacts): PublicationMark => ({
  kind: 'publication',
  environment,
  slot: stream.slot,
});

/** Each with the mark that its publication has by then; see planPublication, which writes it before. */
function withMarks({ contract, observation, streams }: Ticketing): StreamFacts[] {
  return streams.map((of) => {
    const { selection } = of.stream;
    const tables = selectTables(selection, observation.source.databases[of.database]?.tables ?? []);
    return { ...of, mark: withParts(of.mark ?? madeMark(contract, of), wantedParts(selection, tables)) };
  });
}

function mismatch(contract: SourceContract, without: readonly string[]): Refusal {
  return {
    code: 'TICKET_INCOMPLETE',
    seen: `the clone ticket of ${contract.environment} does not cover ${without.join(', ')}`,
    why: 'their slots may be younger than the clone, so changes between the two could be missing',
    next: newClone(contract),
  };
}

export function planTicketDelete(contract: SourceContract, observation: Observation): Proposal {
  if (observation.ticket === null) return NOTHING;
  return propose([
    changeOf({
      address: { side: 'source', kind: 'clone-ticket' },
      action: 'delete',
      reason: 'without its slots the ticket proves nothing',
      preview: [`ssm:DeleteParameter Name=${contract.ticketParameter}  -- account ${contract.targetAccount.accountId}`],
      operation: { kind: 'delete-ticket', parameter: contract.ticketParameter },
    }),
  ]);
}
