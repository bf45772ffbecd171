import { changeOf, type Change } from '../../model/change';
import { streamOf, type StreamOf } from '../../model/streams';

/** Whatever the source has written up to now is on the clone before what follows is done. */
export function drainFirst(of: StreamOf, reason: string): Change {
  return changeOf({
    address: { side: 'source', database: of.database, kind: 'drain', name: of.stream.publication },
    action: 'update',
    reason,
    preview: ['-- a beat of the stream is waited for on the clone'],
    operation: { kind: 'drain', streams: [streamOf(of.database, of.stream)] },
  });
}
