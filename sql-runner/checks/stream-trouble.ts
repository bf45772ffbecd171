import type { SourceContract } from '../../contract/contract';
import type { StreamOf } from '../model/streams';
import { streamConditionChecks } from './stream-findings';
import type { StreamsSeen } from '../model/survey';

/** What keeps one stream from following, in one line: `CODE: what was seen`; null: nothing that was seen. */
export function troubleOf(contract: SourceContract, streams: StreamsSeen, of: StreamOf): string | null {
  const scope = { contract, connected: true, source: null, target: null, streams };
  const own = streamConditionChecks.flatMap((check) =>
    check.run(streams, { ...scope, contract: only(contract, of) }).map(({ seen }) => `${check.code}: ${seen}`),
  );
  return own.length === 0 ? null : own.join('; ');
}

function only(contract: SourceContract, { database, stream }: StreamOf): SourceContract {
  return { ...contract, links: [{ ...contract.links.find((link) => link.database === database)!, streams: [stream] }] };
}
