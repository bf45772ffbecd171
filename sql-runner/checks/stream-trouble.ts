import type { SourceContract } from '../../contract/contract';
import type { StreamOf } from '../model/streams';
import type { StreamsSeen } from '../model/survey';
import { standingProblems } from './stream-problems';

/** What keeps one stream from following, in one line: `CODE: what was seen`; null: nothing that was seen. */
export function troubleOf(contract: SourceContract, streams: StreamsSeen, of: StreamOf): string | null {
  const own = standingProblems(contract, streams, of).map(({ code, seen }) => `${code}: ${seen}`);
  return own.length === 0 ? null : own.join('; ');
}
