import { whatRdsSays } from '../aws/cluster-said';
import type { Code } from '../../errors/codes';
import { OperatorError } from '../../errors/operator-error';
import { meanwhile, streamsAlone, type StreamAlone } from '../checks/slots-alone';
import { explain } from '../explain/explain';
import type { ConnectError } from '../postgres/connect-errors';
import type { Contracts } from '../../contract/contract';
import type { Open } from '../connections/open';
import type { PlanMode } from '../model/plan';
import { isOfClone, readSourceAlone, type SourceAlone } from './source-alone';

/** Then it may well be that there is no clone any more. */
const GONE = new Set<Code>([
  'CONNECT_REFUSED',
  'CONNECT_TIMEOUT',
  'CONNECT_HOST_UNKNOWN',
  'CONNECT_FAILED',
  'AWS_NOT_FOUND',
  'ADMIN_SECRET_EMPTY',
]);

/**
 * Does the work; where the clone keeps it from that, the error says what production keeps for it meanwhile, and
 * whether it is worth to bring the clone back. A slot that is lost is known on the source alone.
 * @param mode null: of a command that only compares
 */
export async function tellingOfSource<T>(
  open: Open,
  contracts: Contracts,
  mode: PlanMode | null,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (contracts.target === null || !isOfClone(cause)) throw cause;
    throw await withSource(open, contracts, contracts.target.ticketNonce, mode, cause);
  }
}

async function withSource(open: Open, contracts: Contracts, nonce: string, mode: PlanMode | null, cause: ConnectError) {
  const alone = await sourceOr(open, cause, contracts, mode ?? 'apply');
  const streams = streamsAlone(alone.contract, alone.source, nonce);
  const findings = streams.flatMap(({ finding }) => finding ?? []);
  return new OperatorError({
    code: cause.code,
    seen: [cause.seen, ...findings.map(({ code, seen }) => `${code}: ${seen}`)].join('\n  and '),
    why: `${cause.why} ${meanwhile(streams, alone.source)}`,
    next: wayOut(contracts, mode, cause, streams),
    cause: cause.cause,
  });
}

/** @throws OperatorError the cause, with what keeps the source from being read as well */
export async function sourceOr(
  open: Open,
  cause: ConnectError,
  contracts: Contracts,
  mode: PlanMode,
): Promise<SourceAlone> {
  try {
    return await readSourceAlone(open, contracts, mode);
  } catch (failure) {
    const { code, seen } = explain(failure);
    const { code: own, why, next } = cause;
    const both = `${cause.seen}\n  and the source was not read either: ${code}: ${seen}`;
    throw new OperatorError({ code: own, seen: both, why, next, cause: cause.cause });
  }
}

/** What RDS says of the clone, in whose account it is. */
export async function saidByRds(open: Open, contracts: Contracts, cluster: string): Promise<string> {
  const connections = open(contracts);
  try {
    return await connections.reading().aws('target', whatRdsSays, cluster);
  } finally {
    await connections.close();
  }
}

/**
 * A clone that is gone for good must not keep production from being freed of its slots: once its stack is destroyed,
 * a teardown or a reset goes on without it.
 */
function wayOut(
  { source }: Contracts,
  mode: PlanMode | null,
  { code, next }: ConnectError,
  streams: readonly StreamAlone[],
): string {
  const { environment, stacks } = source;
  const gone = `${next} If the clone is gone for good: cdktf destroy ${stacks.target}, then at once sql-runner ${mode} ${environment} again, which goes on without it.`;
  if (mode === 'teardown' || mode === 'reset') return GONE.has(code) ? gone : next;
  const lost = streams.find(({ finding }) => finding?.code === 'SLOT_LOST')?.finding ?? null;
  if (lost !== null) return lost.next;
  const earlier = streams.every(({ prepared, cloned }) => prepared && !cloned);
  return earlier ? `it is the clone of an earlier ticket: cdktf deploy ${stacks.target}, which replaces it` : next;
}
