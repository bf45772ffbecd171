import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import type { Finding } from '../model/change';
import { stamped, type Found, type SourceCheck } from './check';
import { doing } from './session-words';
import { withoutSlot } from '../model/streams';
import type { SourceSurvey } from '../model/survey';

type Open = Pick<SourceSurvey, 'openWrites' | 'prepared'>;

/** Ordinary transactions are over by then; slot creation waits for the rest (SnapBuildFindSnapshot in snapbuild.c). */
const LONG_SECONDS = 30;

const longTransactions: SourceCheck = {
  code: 'LONG_TRANSACTION',
  holds: 'no long transaction would delay the creation of slots',
  side: 'source',
  run: (source, { contract }) => (withoutSlot(contract, source).length === 0 ? [] : ofLongTransactions(source)),
};

function ofLongTransactions({ openWrites }: Open): Found[] {
  return openWrites
    .filter(({ ageSeconds }) => ageSeconds === null || ageSeconds >= LONG_SECONDS)
    .map((open) => ({
      severity: 'warn' as const,
      seen: `process ${open.pid} of ${open.user ?? '(hidden)'} in database ${open.database ?? '(hidden)'} (${open.applicationName ?? 'no name'}) has a writing transaction open for ${open.ageSeconds === null ? 'an unknown time' : `${Math.round(open.ageSeconds)} s`}${doing(open)}`,
      why: 'creating a replication slot waits until every such transaction has ended, in whichever database',
      next: `wait for it, or end it, on the source: SELECT pg_terminate_backend(${open.pid});`,
    }));
}

const prepared: SourceCheck = {
  code: 'PREPARED_TRANSACTION',
  holds: 'no prepared transaction is open',
  side: 'source',
  run: (source, { contract, connected }) => {
    // Once the clone is connected it neither delays a slot nor comes along with the clone.
    return connected && withoutSlot(contract, source).length === 0 ? [] : ofPrepared(source);
  },
};

function ofPrepared({ prepared: open }: Open): Found[] {
  return open
    .filter(({ ageSeconds }) => ageSeconds >= LONG_SECONDS)
    .map((one) => ({
      severity: 'warn' as const,
      seen: `prepared transaction ${quoteLiteral(one.gid)} of ${one.owner} in database ${one.database} is open for ${Math.round(one.ageSeconds)} s`,
      why: 'creating a slot waits for it, without end if its owner forgot it; and the clone inherits it with its row locks, which stop the apply worker',
      next: `ask its owner; then as ${quoteIdent(one.owner)} in database ${one.database} on the source: ROLLBACK PREPARED ${quoteLiteral(one.gid)};`,
    }));
}

/** What a plan waits for that makes slots, whether or not there are others of that name now. */
export function slotDelays(source: Open): Finding[] {
  return [
    ...ofLongTransactions(source).map((found) => stamped(longTransactions, found)),
    ...ofPrepared(source).map((found) => stamped(prepared, found)),
  ];
}

export const openTransactionChecks = [longTransactions, prepared];
