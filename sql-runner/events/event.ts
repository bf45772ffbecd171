import { randomUUID } from 'node:crypto';
import type { LiveView } from '../actions/live';
import type { RunRecord } from '../model/run-record';
import type { BudgetChange } from '../past/budget-changes';
import type { LookChange, StreamChange } from '../past/changes';
import { standingOf, type Standing } from '../past/standing';
import { FORMAT_VERSION } from '../render/format-version';

/** More come; who receives lets pass what it does not know. */
type EventKind = 'standing' | 'stream' | 'budget' | 'look-failed' | 'look-recovered' | 'verification';

/** Why nothing can be seen. */
type Unseen = Readonly<Record<'code' | 'seen' | 'why' | 'next', string>>;

interface Header {
  readonly format_version: string;
  /** Of this event alone, however often it is sent. */
  readonly id: string;
  readonly kind: EventKind;
  /** ISO 8601: when it was seen. */
  readonly at: string;
  readonly environment: string;
  /** Changes of the same stream before it that were not sent, as there were too many. */
  readonly heldBack: number;
}

export interface ServeEvent extends Header {
  /** What is in order among itself; null: the environment as a whole. */
  readonly slot: string | null;
  /** null: not known. */
  readonly healthy: boolean | null;
  /** Of an event whose kind does not say it: what happened, in a few words. */
  readonly told?: string;
  readonly [detail: string]: unknown;
}

const headerOf = (kind: EventKind, environment: string, at: number, heldBack = 0): Header => ({
  format_version: FORMAT_VERSION,
  id: randomUUID(),
  kind,
  at: new Date(at).toISOString(),
  environment,
  heldBack,
});

const unseenOf = ({ code, seen, why, next }: Unseen): Unseen => ({ code, seen, why, next });

/** Where everything stands, before any change of it can be told. */
export function standingEvent({ environment, streams, sample, unseen }: LiveView, at: number): ServeEvent {
  const each = streams.map(({ database, slot }) => {
    const status = sample?.status.streams.find((stream) => stream.slot === slot);
    return { database, slot, standing: status === undefined ? null : standingOf(status) };
  });
  const known = each.every(({ standing }) => standing !== null);
  return {
    ...headerOf('standing', environment, at),
    slot: null,
    healthy: known ? each.every(({ standing }) => standing!.healthy) : null,
    streams: each,
    unseen: unseen === null ? null : unseenOf(unseen),
  };
}

/** @param before as whoever is told knows it */
export function streamEvent(
  environment: string,
  { database, slot, now, at }: StreamChange,
  before: Standing | null,
  heldBack: number,
): ServeEvent {
  return { ...headerOf('stream', environment, at, heldBack), slot, healthy: now.healthy, database, before, now };
}

export function lookEvent(environment: string, { unseen, seenAt, at }: LookChange, heldBack: number): ServeEvent {
  return {
    ...headerOf(unseen === null ? 'look-recovered' : 'look-failed', environment, at, heldBack),
    slot: null,
    healthy: null,
    unseen: unseen === null ? null : unseenOf(unseen),
    seenAt: seenAt === null ? null : new Date(seenAt).toISOString(),
  };
}

/** A stream costs production more than it may, nearly as much, or no more. */
export function budgetEvent(environment: string, change: BudgetChange, heldBack: number): ServeEvent {
  const { database, slot, healthy, exceeded, near, used, seen, next, at } = change;
  const told = exceeded ? 'budget used up' : near ? 'budget nearly used up' : 'within its budget again';
  return {
    ...headerOf('budget', environment, at, heldBack),
    slot,
    healthy,
    told,
    database,
    exceeded,
    near,
    used,
    seen,
    next,
  };
}

/** Equal rows of some minutes ago say nothing of how the streams stand now; rows that differ do. */
export function verificationEvent(environment: string, record: RunRecord, at: number): ServeEvent {
  const { run, part, began, ended, outcome, code, exitCode, comparison, who } = record;
  return {
    ...headerOf('verification', environment, at),
    slot: null,
    healthy: comparison?.databases.some((one) => one.outcome === 'not equal') === true ? false : null,
    told: `rows: ${outcome}`,
    run,
    part,
    began,
    ended,
    outcome,
    code,
    exitCode,
    user: who.user,
    host: who.host,
    comparison: comparison ?? null,
  };
}
