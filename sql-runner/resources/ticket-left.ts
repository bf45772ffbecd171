import { OperatorError } from '../../errors/operator-error';
import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';

/** Of a teardown: it frees production of its slots whatever keeps the parameter of the other account from being read. */
export function ticketLeft({ environment, ticketParameter }: SourceContract, cause: unknown): Finding {
  if (!(cause instanceof OperatorError)) throw cause;
  return {
    code: 'TICKET_LEFT',
    severity: 'warn',
    seen: `whether SSM parameter ${ticketParameter} holds the clone ticket of ${environment} could not be read, and it stays: ${cause.code}: ${cause.seen}`,
    why: 'teardown goes on without it; a ticket that is left lets a clone be taken that there are no slots for, which apply refuses then',
    next: `${cause.next}; afterwards sql-runner teardown ${environment} deletes it`,
  };
}
