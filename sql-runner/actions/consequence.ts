import type { SourceContract } from '../../contract/contract';
import { heldBack, unconfirmed } from '../checks/slot-growth';
import { limitOf } from '../checks/slot-limit';
import { reachedAt } from '../checks/wal-budget';
import { releaseOf } from '../model/budget';
import type { HealthState } from '../model/health';
import type { SourceObservation } from '../model/observation';
import type { StreamLooks } from '../model/survey';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import { lsnDistance } from '../postgres/text/lsn';

const MEGABYTE = 1024 * 1024;

/**
 * What production keeps for a stream, and how long it may; null: it has no slot for it.
 * @param own the transaction of production for which it keeps more than the clone has not confirmed; null: none is known
 * @param looks from the first of them to the last, which are some seconds apart, it is told how fast WAL is written
 */
export function consequenceOf(
  contract: SourceContract,
  source: SourceObservation,
  slot: ReplicationSlot | null,
  state: HealthState,
  looks: StreamLooks | null,
  own: string | null = null,
): string | null {
  if (state === 'lost') return 'production keeps no WAL for it any more';
  if (slot === null || slot.restartLsn === null) return null;
  const bytes = heldBack(source, slot);
  const open = unconfirmed(source.server, slot) ?? 0;
  const megabytes = (value: number) => `${Math.ceil(value / MEGABYTE)} MB`;
  const kept = [
    `production keeps ${megabytes(bytes)} of WAL for it`,
    ...(own === null || bytes <= open
      ? []
      : [
          `the clone has confirmed all but ${megabytes(open)} of that, and production keeps it at least until its own oldest transaction ends: ${own}`,
        ]),
    limitOf([slot], source.server),
    ...releaseOf(contract),
  ];
  const left = [
    ...(contract.budget?.bytes == null ? [] : [{ what: 'its budget', bytes: contract.budget.bytes - open }]),
    ...(slot.safeWalSize === null ? [] : [{ what: 'max_slot_wal_keep_size', bytes: slot.safeWalSize }]),
  ];
  const rate = rateOf(looks);
  const now = Date.now();
  const ends = left.flatMap(({ what, bytes }) => {
    const at = reachedAt(now, bytes, rate);
    if (at === null) return [];
    return [at === now ? `${what} is used up` : `${what} is used up ${timeOf(at, now)} at ${perSecond(rate!)}`];
  });
  // What is read gets free again as it is read.
  return [...kept, ...(state === 'streaming' ? [] : ends)].join('; ');
}

/** Bytes a second between two looks; null: there was one only. */
function rateOf(looks: StreamLooks | null): number | null {
  if (looks === null || looks.first === looks.last || looks.seconds <= 0) return null;
  return Number(lsnDistance(looks.first.flushLsn, looks.last.flushLsn)) / looks.seconds;
}

const perSecond = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB/s`;

/** `at 14:32 UTC`, with the date where that is another day. */
function timeOf(at: number, now: number): string {
  const [then, today] = [at, now].map((time) => new Date(Math.min(time, 8.64e15)).toISOString()) as [string, string];
  const clock = then.slice(11, 16);
  return then.slice(0, 10) === today.slice(0, 10) ? `at ${clock} UTC` : `on ${then.slice(0, 10)} at ${clock} UTC`;
}
