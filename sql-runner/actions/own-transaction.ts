import { doing, openFor } from '../checks/session-words';
import type { Reading } from '../connections/reading';
import type { SourceObservation } from '../model/observation';
import { streamsOf } from '../model/streams';
import { openWriteTransactions, preparedTransactions } from '../postgres/catalog/activity';
import { compareLsn, lsnDistance } from '../postgres/text/lsn';
import { quoteLiteral } from '../postgres/text/quoting';

/** Less lies between the two positions of any slot: one is written down a segment at a time. */
const USUAL = 32 * 1024 * 1024;
/** Others are over before anybody could look for them. */
const OPEN_FOR_S = 10;

/**
 * The oldest open transaction of production that has written, in words. Of every database: the WAL since it began is
 * kept for each logical slot, however far the clone has confirmed (SnapBuildProcessRunningXacts in snapbuild.c).
 * @returns null where our slots keep no more than the clone has not confirmed, or none is open for long
 */
export async function ownTransaction(reading: Reading, { slots }: SourceObservation): Promise<string | null> {
  const ours = new Set(streamsOf(reading.contracts.source).map(({ stream }) => stream.slot));
  const keeps = slots.some(
    ({ name, restartLsn, confirmedFlushLsn }) =>
      ours.has(name) && restartLsn !== null && confirmedFlushLsn !== null && isFar(restartLsn, confirmedFlushLsn),
  );
  if (!keeps) return null;
  const source = await reading.first('source');
  const open = (await reading.again(source, openWriteTransactions)).map((one) => ({
    ageSeconds: one.ageSeconds ?? 0,
    words: `process ${one.pid} of ${one.user ?? '(hidden)'}${openFor(one.ageSeconds)}${doing(one)}`,
  }));
  const prepared = (await reading.again(source, preparedTransactions)).map(({ gid, owner, ageSeconds }) => ({
    ageSeconds,
    words: `prepared transaction ${quoteLiteral(gid)} of ${owner}${openFor(ageSeconds)}`,
  }));
  const [oldest] = [...open, ...prepared].sort((one, other) => other.ageSeconds - one.ageSeconds);
  return oldest === undefined || oldest.ageSeconds < OPEN_FOR_S ? null : oldest.words;
}

const isFar = (from: string, to: string): boolean => compareLsn(from, to) < 0 && Number(lsnDistance(from, to)) > USUAL;
