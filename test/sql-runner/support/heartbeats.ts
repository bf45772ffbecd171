import type { BeatFacts } from '../../../sql-runner/engine/heartbeat-facts';
import { formatMark } from '../../../sql-runner/resources/mark';

/** The heartbeat of one stream, without beats unless some are given. */
export function heartbeat(schema: string, beats: BeatFacts[] = []) {
  return { schema, comment: formatMark({ kind: 'heartbeat', environment: 'demo' }), beats };
}
