import { isWell, type StreamState, type StreamStatus } from '../actions/status';

/** How a stream stands, in as many words as somebody needs who is told of it far away. */
export interface Standing {
  readonly state: StreamState;
  /** It was seen to follow, with nothing that speaks against it: as exit code 0 of sql-runner status. */
  readonly healthy: boolean;
  /** The code of what keeps it; null: nothing is known to, or it has none. */
  readonly code: string | null;
  readonly cause: string | null;
  readonly next: string | null;
}

const CODE = /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+): /;

export function standingOf(environment: string, stream: StreamStatus): Standing {
  const healthy = isWell(stream);
  const cause = stream.trouble ?? stream.doubt;
  return {
    state: stream.state,
    healthy,
    code: CODE.exec(cause ?? '')?.[1] ?? null,
    cause,
    next: healthy ? null : `sql-runner doctor ${environment} names the cause and the way out`,
  };
}

/** What moves by itself while a stream is well, and figures in a sentence, are no news. */
export function standsAlike(one: Standing, other: Standing): boolean {
  if (one.healthy !== other.healthy) return false;
  return one.healthy || (one.state === other.state && one.code === other.code);
}
