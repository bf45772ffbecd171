import type { SourceContract } from '../../contract/contract';
import type { Problem } from '../model/health';
import type { StreamOf } from '../model/streams';
import type { StreamsSeen } from '../model/survey';
import { streamConditionChecks } from './stream-findings';

/**
 * What keeps one stream from following, by how it was seen to stand; none: nothing that was seen. A rotation that
 * has not come to its end keeps none, as long as what the subscription was given works.
 */
export function standingProblems(contract: SourceContract, streams: StreamsSeen, of: StreamOf): Problem[] {
  const scope = { contract: only(contract, of), connected: true, source: null, target: null, streams };
  return streamConditionChecks.flatMap((check) =>
    check
      .run(streams, scope)
      .filter(({ severity }) => severity === 'block' || check.code !== 'SOURCE_REFUSES_LOGIN')
      .map(({ seen, why, next }) => ({ code: check.code, seen, why, next })),
  );
}

function only(contract: SourceContract, { database, stream }: StreamOf): SourceContract {
  return { ...contract, links: [{ ...contract.links.find((link) => link.database === database)!, streams: [stream] }] };
}
