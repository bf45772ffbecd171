import { setTimeout as pause } from 'node:timers/promises';
import { conditionOf, type StreamCondition } from '../checks/stream-condition';
import type { Reading } from '../connections/reading';
import type { Observation } from '../model/observation';
import type { StreamFailure } from '../model/skip';
import type { CauseKind, StreamCause } from '../model/stream-cause';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import type { StreamsSeen } from '../model/survey';
import { displayTable } from '../model/table-selection';
import { tablesOfConstraint } from '../postgres/catalog/constraint-tables';
import { waysToSkip } from '../postgres/catalog/ways-to-skip';
import { originName, originState } from '../postgres/catalog/origins';
import { firstUnapplied } from '../postgres/catalog/sent-transactions';
import type { SentTransaction } from '../postgres/sent-messages';
import { lookAtStreams } from './look-at-streams';
import { causesOfData } from './read-causes';

/** So long production may be kept busy with looking into one slot; what is decoded meanwhile lies on its disk. */
const LOOK_MS = 20_000;
/** So long a moment is waited for at which no worker reads the slot: one that fails begins again after some seconds. */
const FREE_MS = 30_000;
const TRY_EVERY_MS = 50;

/** What ends a worker for what a transaction holds, and will end the next one too. */
const OF_DATA: readonly CauseKind[] = [
  'conflict',
  'table missing',
  'column missing',
  'value refused',
  'null refused',
  'check refused',
  'truncate refused',
  'permission denied',
  'no replica identity',
  'other',
];
const IN_TROUBLE: readonly StreamCondition[] = ['failing', 'stopped', 'busy', 'unread'];

/** What each stream fails on: by the clone's log, and by a look into its slot, which consumes nothing. Read-only. */
export async function observeFailures(
  reading: Reading,
  observation: Observation,
): Promise<Required<Observation>['failures']> {
  const streams = streamFacts(reading.contracts.source, observation).filter(({ state }) => state === 'enabled');
  if (streams.length === 0) return {};
  const began = Date.now();
  const seen = await lookAtStreams(reading, observation);
  if (seen === null) return {};
  const troubled = streams.filter((of) => isTroubled(seen, of));
  const causes = await causesOfData(reading, seen, troubled, began);
  const found: [string, StreamFailure][] = [];
  for (const of of streams) {
    const name = of.stream.subscription;
    const failure = troubled.includes(of) ? await failureOf(reading, of, causes.get(name) ?? null) : GOES_ON;
    found.push([name, failure]);
  }
  return Object.fromEntries(found);
}

const GOES_ON: StreamFailure = { kind: 'none', why: 'its worker does not fail' };

function isTroubled({ looks, timeouts }: StreamsSeen, { stream }: StreamFacts): boolean {
  const own = looks[stream.subscription];
  return own !== undefined && IN_TROUBLE.includes(conditionOf(own, timeouts));
}

const unknown = (why: string, next = 'look again in a minute'): StreamFailure => ({ kind: 'unknown', why, next });

async function failureOf(reading: Reading, of: StreamFacts, cause: StreamCause | null): Promise<StreamFailure> {
  const clone = of.subscriber;
  if (cause === null) return unknown("the clone's log has no error of it that is of now");
  if (cause.among.length > 0)
    return unknown(`an error in the clone's log is of one of ${cause.among.join(', ')}, and does not say which`);
  if (!OF_DATA.includes(cause.kind))
    return { kind: 'none', why: `its worker ends for what no transaction holds: ${cause.words}` };
  const { versionNum, byPosition } = await reading.again(clone, waysToSkip);
  if (versionNum >= 150_000 && cause.finishLsn === null)
    return unknown(`the clone's log does not say where the transaction ends of which it has: ${cause.words}`);
  const before = await originOf(reading, of);
  if (before === null) return unknown('its origin has no position');
  const sent = await lookInto(reading, of, before, cause.finishLsn);
  if ('unread' in sent) return unknown(sent.unread, sent.next);
  const { transaction } = sent;
  if (transaction === null || (await originOf(reading, of)) !== before)
    return unknown('it has gone on while its slot was looked into');
  const other = await contradiction(reading, of, cause, transaction);
  return other === null ? { kind: 'failing', cause, transaction, origin: before, byPosition } : unknown(other);
}

const originOf = (reading: Reading, of: StreamFacts): Promise<string | null> =>
  reading.again(
    of.subscriber,
    async (session) => (await originState(session, originName(of.subscription!.oid)))?.progress ?? null,
  );

/** What the log says must be so of the transaction that comes next; null: it is. */
async function contradiction(
  reading: Reading,
  of: StreamFacts,
  { table, constraint, finishLsn, words }: StreamCause,
  { finish, tables }: SentTransaction,
): Promise<string | null> {
  if (finishLsn !== null)
    return finishLsn === finish
      ? null
      : `the clone's log has an error in the transaction that ends at ${finishLsn}, and the next one of the slot ends at ${finish}`;
  const named =
    table !== null
      ? [table]
      : constraint === null
        ? []
        : await reading.again(of.subscriber, tablesOfConstraint, constraint);
  const changed = new Set(tables.map(displayTable));
  if (named.some((one) => changed.has(displayTable(one)))) return null;
  return named.length === 0
    ? `the clone's log names neither a transaction nor a table: ${words}`
    : `the clone's log names ${named.map(displayTable).join(', ')}, of which the next transaction of the slot, which ends at ${finish}, has nothing`;
}

type Sent = { readonly transaction: SentTransaction | null } | { readonly unread: string; readonly next?: string };

/** Between two tries of the worker, which finds its slot in use if it comes meanwhile, and tries again. */
async function lookInto(
  { connections }: Reading,
  { publisher, stream }: StreamFacts,
  origin: string,
  finish: string | null,
): Promise<Sent> {
  const session = await connections.open(publisher, true, { statementTimeoutMs: LOOK_MS });
  const { slot, publication } = stream;
  const until = Date.now() + FREE_MS;
  try {
    for (;;) {
      try {
        return { transaction: await firstUnapplied(session, { slot, publication, origin, finish }) };
      } catch (error) {
        const { code } = error as { code?: string };
        if (code === '57014') return { unread: tooLarge(slot) };
        if (code === '42501') return { unread: notAllowed(slot, (error as Error).message), next: GIVE_RIGHT };
        if (code !== '55006') throw error;
        if (Date.now() > until)
          return { unread: `slot ${slot} of the source was read all the time for ${FREE_MS / 1_000} s` };
      }
      await pause(TRY_EVERY_MS);
    }
  } finally {
    await session.close();
  }
}

const tooLarge = (slot: string): string =>
  `what slot ${slot} of the source sends next could not be read in ${LOOK_MS / 1_000} s: the transaction is large, or others are before it`;
const notAllowed = (slot: string, said: string): string => `slot ${slot} of the source may not be looked into: ${said}`;
const GIVE_RIGHT =
  'let the login of the source look into slots: on RDS it is a member of rds_replication, elsewhere it has REPLICATION';
