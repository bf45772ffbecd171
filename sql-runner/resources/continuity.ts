import type { StreamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import type { Finding, Refusal } from '../model/change';
import type { Observation } from '../model/observation';
import { compareLsn } from '../postgres/text/lsn';
import { contradictedHistory, historyDiffers, historyDoubted, unreadBeats } from './both-histories';
import { alterationTold, alterationWords } from './counted-anew';
import { holdOf, judgeHeld } from './held-stream';
import { isBroken } from './history';
import type { SubscriptionMark } from '../model/mark';
import { alteredSince, digestOf, partitionsMadeAgain } from './publication-rows';
import { judgeOrigin } from './replication-origin';
import { moveWords, slotMove } from './slot-moved';
import { LEFT_OUT, skippedWords } from './skipped-transactions';
import { someOf } from './some-of';
import { isRemade } from './subscription-identity';
import { alteredByOthers, unexplainedUpdates } from './unexplained-updates';
import { type StreamOf, newClone } from '../model/streams';

/**
 * Whether a stream that has begun still holds every change: the clone is not
 * ahead of what the source has written, and nothing that the slot has given
 * away went elsewhere.
 *
 * PostgreSQL starts at the later of origin and confirmed_flush_lsn without a
 * word. That the slot is ahead of the origin proves nothing: on an idle stream
 * a worker confirms all that it received while it has nothing to flush
 * (send_feedback in worker.c). That it is not ahead proves nothing either: the
 * origin may have been moved. So a stream that stood still is proven only where
 * nothing can have happened to it, and otherwise by comparing rows.
 */
export type Continuity =
  | { readonly kind: 'proven' }
  /** Both as sentences without full stop. */
  /** `differs`: its rows were compared since, and were not equal. */
  /** `held`: it is held by consent, so that resume lets it go on. */
  | {
      readonly kind: 'not proven';
      readonly seen: string;
      readonly why?: string;
      readonly differs?: true;
      readonly held?: true;
      /** The clone has partitions that the source has replaced under their names: they are not equal before they are dropped. */
      readonly replaced?: true;
    }
  | { readonly kind: 'broken'; readonly finding: Refusal };

type NotProven = Extract<Continuity, { kind: 'not proven' }>;

const PROVEN: Continuity = { kind: 'proven' };

const SKIPPED_PERHAPS =
  'PostgreSQL skips changes without a word: it goes on at the later of the positions of slot and origin, and leaves out what a subscription does not take; whether some were skipped only the rows can tell';
const NOT_SENT =
  'what was written while a table, an operation or a row was not published never reaches the clone, and neither does what ALTER TABLE makes of rows; whether anything was, only the rows can tell';

const UNREAD =
  'only they tell whether slot, origin or a whole server was put back meanwhile; for now only the rows can';

const GIVEN_AWAY =
  'what the slot has given to somebody else, or was moved over, the clone never gets, and nothing says so: whether there was anything only the rows can tell';

const DECIDED =
  'what DDL does by consent, or has not done, nobody has looked at: rows may have other values on each side, which only the rows can tell';

const REMADE =
  'where it began is not known: changes of before may be missing, or have been applied twice; only the rows can tell';

const DIFFERS =
  'the clone is not a copy of the source: changes were skipped, the clone was written to, or DDL gave rows other values on one side';

/** null: the stream has not begun, and the rules of the bootstrap are what counts. */
export function judgeContinuity(
  contract: SourceContract,
  observation: Pick<Observation, 'source' | 'target'>,
  of: StreamFacts,
): Continuity | null {
  const judged = ofHeld(of, judgeStream(contract, observation, of));
  const differs = of.subscriptionMark?.differs;
  if (judged === null || judged.kind === 'broken' || differs === undefined) return judged;
  const before =
    judged.kind === 'proven' ? `subscription ${of.stream.subscription} in database ${of.database}` : judged.seen;
  const seen = `${before}; when its rows were compared, not all were equal (STREAM_BROKEN): ${someOf(differs)}`;
  return ofHeld(of, { kind: 'not proven', seen, why: DIFFERS, differs: true });
}

function ofHeld<T extends Continuity | null>(of: StreamFacts, judged: T): T {
  if (judged?.kind !== 'not proven') return judged;
  const replaced = partitionsMadeAgain(of.publication, of.inherited).size > 0;
  return { ...judged, ...(holdOf(of) === null ? {} : { held: true }), ...(replaced ? { replaced } : {}) };
}

function judgeStream(
  contract: SourceContract,
  { source, target }: Pick<Observation, 'source' | 'target'>,
  of: StreamFacts,
): Continuity | null {
  const { subscription, subscriptionMark: mark, origin } = of;
  if (target === null || subscription === null || mark === null) return null;
  const remade = isRemade(target, of, mark);
  const behind = judgeOrigin(contract, of, origin, !subscription.enabled && !remade, mark.seedLsn);
  if (behind !== null) return { kind: 'broken', finding: behind };
  if (origin === null) return null;

  const flush = source.server.flushLsn ?? '0/0';
  if (compareLsn(origin, flush) > 0) return { kind: 'broken', finding: putBack(contract, of, origin, flush) };
  const history = contradictedHistory(contract, { source, target }, of, origin);
  if (history !== null && isBroken(history)) return { kind: 'broken', finding: historyDiffers(contract, of, history) };
  if (of.inherited === null) return { kind: 'broken', finding: copyGone(contract, of) };
  const held = judgeHeld(contract, source, of, origin, alteredByOthers(contract, target, mark));
  if (held !== null && held.kind !== 'proven') return held;
  if (remade) return { kind: 'not proven', seen: madeAgain(of), why: REMADE };
  if (history !== null) return { kind: 'not proven', ...historyDoubted(of, history) };
  if (mark.skipped !== undefined) return { kind: 'not proven', seen: skippedWords(of, mark.skipped), why: LEFT_OUT };
  if (mark.unproven !== undefined) {
    const why = mark.unproven.ddl === undefined ? {} : { why: DECIDED };
    return { kind: 'not proven', seen: notCompared(of, mark), ...why };
  }
  const updates = unexplainedUpdates(contract, target, mark);
  if (updates > 0) return { kind: 'not proven', seen: updated(of, updates) };
  const told = alterationTold(target, of, mark);
  if (told !== null) return { kind: 'not proven', seen: alterationWords(of, told) };
  const altered = alteredPublication(of, mark);
  if (altered !== null) return { kind: 'not proven', seen: altered, why: NOT_SENT };
  const unread = unreadBeats(contract, { source, target }, of);
  if (unread !== null) return { kind: 'not proven', seen: unread, why: UNREAD };
  const move = slotMove(source, of);
  if (move !== null) return { kind: 'not proven', seen: moveWords(of, move), why: GIVEN_AWAY };
  if (subscription.enabled || held !== null) return PROVEN;
  const confirmed = of.slot?.confirmedFlushLsn ?? null;
  const ticketed = of.mark?.ticket?.confirmedFlushLsn ?? null;
  if (isUnused(mark, origin, confirmed, ticketed)) return PROVEN;
  return { kind: 'not proven', seen: stoodStill(of, origin, confirmed) };
}

/**
 * While a table was out of it, or not all operations were in, rows were not sent, and nothing of that is left when it
 * was put back. Not of a clone of another ticket: a reset makes a publication anew.
 */
function alteredPublication(of: StreamFacts, mark: SubscriptionMark): string | null {
  const { publication: here, inherited: there } = of;
  const nonces = [of.mark, of.inheritedMark].map((one) => one?.ticket?.nonce);
  if (here?.rows === undefined || nonces.some((nonce) => nonce !== mark.nonce)) return null;
  const all = alteredSince(here, there);
  if (all.length === 0 || digestOf(here.rows, there?.rows) === mark.published) return null;
  const later = alteredSince(here, there, mark.alterations);
  // Where one is undone it is another state than that of which the rows were compared, and nothing has come.
  const anew = later.length > 0 && later.length < all.length;
  const since = anew ? 'its rows were compared' : 'the clone was taken';
  return `publication ${here.name} in database ${of.database}, or a table of it, was altered on either side since ${since}, and may have been put back: ${someOf(anew ? later : all)}`;
}

/** Between the origin's first step and the first ENABLE: nobody has read a single change yet. */
function isUnused(mark: SubscriptionMark, origin: string, confirmed: string | null, ticketed: string | null): boolean {
  return origin === mark.seedLsn && confirmed !== null && confirmed === ticketed;
}

function putBack(contract: SourceContract, of: StreamOf, origin: string, flush: string): Refusal {
  return {
    code: 'SOURCE_PUT_BACK',
    seen: `database ${of.database}: the clone has applied the source's changes up to ${origin}, and the source has written only up to ${flush}`,
    why: 'the source was put back to an earlier state or is another server, or the origin was moved by hand: changes are missing on the clone, or it has some that the source has not',
    next: newClone(contract),
  };
}

/** What the clone came with, and whether the source's was altered since, is read from it alone. */
function copyGone(contract: SourceContract, of: StreamOf): Refusal {
  return {
    code: 'INHERITED_COPY_GONE',
    seen: `the clone no longer has its copy of publication ${of.stream.publication} in database ${of.database}`,
    why: 'the copy, which sends nothing, is what tells which tables the clone came with, and whether the publication was altered since and put back',
    next: newClone(contract),
  };
}

function madeAgain(of: StreamOf): string {
  return `subscription ${of.stream.subscription} in database ${of.database} carries our mark, but it or its replication origin was dropped and made again by somebody else`;
}

function updated(of: StreamOf, count: number): string {
  return `subscription ${of.stream.subscription} in database ${of.database}, or another one of the clone, was altered ${count === 1 ? 'once' : `${count} times`} by somebody else since sql-runner was there, and may have been put back`;
}

function stoodStill(of: StreamOf, origin: string, confirmed: string | null): string {
  return `subscription ${of.stream.subscription} in database ${of.database} was disabled by somebody else: its origin stands at ${origin}, and slot ${of.stream.slot} has given away the changes up to ${confirmed ?? 'no position'}`;
}

function notCompared(of: StreamOf, { unproven, differs }: SubscriptionMark): string {
  const { origin, confirmed, altered, ddl } = unproven!;
  const reasons = [
    ...(altered === undefined ? [] : [`was put back after somebody had altered it (${altered.join(', ')})`]),
    ...(origin === undefined
      ? []
      : [`went on after somebody had disabled it (origin ${origin}, slot ${confirmed ?? 'at no position'})`]),
    ...(ddl === undefined
      ? []
      : [
          `had DDL carried out or left out by consent (${ddl.length === 1 ? 'statement' : 'statements'} ${someOf(ddl.map(String))})`,
        ]),
  ];
  return `subscription ${of.stream.subscription} in database ${of.database} ${reasons.join(' and ')}${differs === undefined ? ', and the rows have not been compared since' : ''}`;
}

/** What plan and doctor say; none when the stream is proven. */
export function continuityFinding(contract: SourceContract, continuity: Continuity | null): Finding | null {
  if (continuity === null || continuity.kind === 'proven') return null;
  if (continuity.kind === 'broken') return { ...continuity.finding, severity: 'block' };
  return {
    code: 'CONTINUITY_NOT_PROVEN',
    // To compare once more is what may mend it. One that differs is held no more: resume lets it go on first, and hold refuses it.
    ...(continuity.differs ? { severity: 'block', standing: true } : { severity: 'warn' }),
    seen: continuity.seen,
    why: `${continuity.why ?? SKIPPED_PERHAPS}${continuity.replaced ? '; what NEW_TABLE_NOT_ADDED says of a partition comes first' : ''}`,
    next: nextOf(contract, continuity),
  };
}

function nextOf(contract: SourceContract, { differs, held }: NotProven): string {
  return differs
    ? `where somebody has made the rows equal by hand, sql-runner apply ${contract.environment} compares them once more; otherwise ${newClone(contract)}`
    : `sql-runner ${held ? 'resume' : 'apply'} ${contract.environment} lets it go on and compares every row; if some differ: ${newClone(contract)}`;
}
