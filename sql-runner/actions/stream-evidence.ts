import type { HealthState } from '../model/health';
import type { StreamFacts } from '../model/stream-state';
import type { StreamLook } from '../model/survey';

/**
 * Since when it has been so at the latest, in ISO 8601, as far as the servers tell.
 * @param now ISO 8601, when it was looked at
 */
export function sinceOf(state: HealthState, look: StreamLook | null, of: StreamFacts, now: Date): string | null {
  const reader = look?.reader ?? null;
  switch (state) {
    case 'streaming':
    case 'catching up':
    case 'not proven':
      return reader?.since ?? null;
    case 'held':
      return of.subscriptionMark?.held?.at ?? null;
    case 'blocked':
      return earliest(look?.worker?.holders.map(({ since }) => since) ?? []);
    case 'disabled':
    case 'stopped':
    case 'retrying':
    case 'cut off': {
      const unread = reader?.unreadSeconds ?? null;
      return unread === null ? null : new Date(now.getTime() - unread * 1_000).toISOString();
    }
    default:
      return null;
  }
}

const earliest = (times: readonly (string | null)[]): string | null =>
  times.flatMap((time) => time ?? []).sort()[0] ?? null;

/** What both servers were seen to say of it, in lines. */
export function evidenceOf(
  look: StreamLook | null,
  of: Pick<StreamFacts, 'stream'> & Partial<Pick<StreamFacts, 'slot'>>,
): string[] {
  const { slot } = of.stream;
  if (look === null)
    return of.slot == null
      ? [`there is no slot ${slot}`]
      : [`slot ${slot} is at ${of.slot.confirmedFlushLsn ?? 'no position'}`];
  return [readerLine(slot, look), workerLine(look), positionsLine(look)];
}

function readerLine(slot: string, { reader }: StreamLook): string {
  if (reader === null) return `there is no slot ${slot}`;
  if (!reader.active) return `nobody reads slot ${slot}`;
  const who = [reader.user, reader.application].filter((part) => part !== null && part !== '').join(', ');
  return `slot ${slot} is read by process ${reader.pid ?? '(not seen)'}${who === '' ? '' : ` (${who})`}${reader.since === null ? '' : ` since ${reader.since}`}`;
}

function workerLine({ worker }: StreamLook): string {
  if (worker === null) return 'there is no subscription';
  if (!worker.enabled) return 'the subscription is disabled';
  if (worker.pid === null) return 'no apply worker runs';
  const heard =
    worker.lastMessage === null ? 'has had no message yet' : `had its last message at ${worker.lastMessage}`;
  return `apply worker ${worker.pid} ${heard}`;
}

const positionsLine = ({ flushLsn, reader, worker }: StreamLook): string =>
  [
    `written ${flushLsn}`,
    `sent ${reader?.sentLsn ?? 'unknown'}`,
    `received ${worker?.receivedLsn ?? 'unknown'}`,
    `confirmed ${reader?.confirmedLsn ?? 'unknown'}`,
  ].join(', ');
