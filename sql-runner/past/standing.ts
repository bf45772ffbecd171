import type { StreamStatus } from '../actions/status';
import { isHealthy, type HealthState } from '../model/health';

/** How a stream stands, in as many words as somebody needs who is told of it far away. */
export interface Standing {
  readonly state: HealthState;
  /** It was seen to follow, with nothing that speaks against it: as exit code 0 of sql-runner status. */
  readonly healthy: boolean;
  /** ISO 8601: it has been so since then at the latest; null: the servers do not tell. */
  readonly since: string | null;
  /** The code of what keeps it; null: nothing is known to, or it has none. */
  readonly code: string | null;
  readonly cause: string | null;
  /** What production keeps for it. */
  readonly consequence: string | null;
  readonly next: string | null;
}

export function standingOf(stream: StreamStatus): Standing {
  const { state, since, problems, consequence, next } = stream;
  const [cause] = problems;
  return {
    state,
    healthy: isHealthy(stream),
    since,
    code: cause?.code ?? null,
    cause: cause?.seen ?? null,
    consequence,
    next,
  };
}

/** What moves by itself while a stream is well, and figures in a sentence, are no news. */
export function standsAlike(one: Standing, other: Standing): boolean {
  if (one.healthy !== other.healthy) return false;
  return one.healthy || (one.state === other.state && one.code === other.code);
}
