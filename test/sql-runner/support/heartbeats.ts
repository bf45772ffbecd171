import type { BeatFacts } from '../../../sql-runner/model/heartbeat-facts';
import { formatMark } from '../../../sql-runner/model/mark';

/** The heartbeat of one stream, without beats unless some are given. */
export function heartbeat(schema: string, beats: BeatFacts[] = []) {
  return { schema, comment: formatMark({ kind: 'heartbeat', environment: 'demo' }), beats };
}
