/** A statement as the source has noted it, and what is to become of it. */
export interface DdlEntry {
  readonly number: number;
  readonly tag: string;
  /** ISO 8601. */
  readonly at: string;
  readonly login: string;
  readonly role: string;
  readonly lsn: string;
  readonly transaction: string;
  readonly searchPath: string;
  /** As `type name`. */
  readonly objects: readonly string[];
  /** All that the client sent; null: it was too long. */
  readonly statement: string | null;
  readonly verdict: 'run' | 'ignore' | 'stop';
  readonly reason: string | null;
  /** What would be carried out of it; null: that cannot be told. */
  readonly part: string | null;
}

export interface DdlOnSource {
  /** The latest last. */
  readonly entries: readonly DdlEntry[];
  /** Statements that could not be noted. */
  readonly missed: number;
}

export interface DdlOutcome {
  readonly number: number;
  /** null: it came, and was not to be carried out. */
  readonly outcome: 'applied' | 'ignored' | 'skipped' | 'failed' | null;
  readonly detail: string | null;
  readonly at: string | null;
}

export interface DdlOnClone {
  readonly outcomes: readonly DdlOutcome[];
  /** Before this one the stream stands; null: before none. */
  readonly stopped: number | null;
  readonly decisions: readonly { readonly number: number; readonly decision: string; readonly login: string }[];
}

/**
 * What became of a statement: `applied` on the clone; `ignored`, as nothing of it is for the clone; `skipped` or `failed`
 * there; `stopped`: the stream stands before it; `waiting`: it has not come yet; `recorded`: it is not to be carried out,
 * or was not when it came.
 */
export type DdlState = 'applied' | 'ignored' | 'skipped' | 'failed' | 'stopped' | 'waiting' | 'recorded';

export interface DdlShown extends DdlEntry {
  readonly state: DdlState;
  /** Why, where that is known. */
  readonly detail: string | null;
  /** By the clock of the clone; null: it was not carried out there. */
  readonly done: string | null;
  /** null: nobody has decided about it. */
  readonly decision: string | null;
}

/** The log of one database. */
export interface DdlOfDatabase {
  readonly database: string;
  readonly schema: string;
  readonly mode: 'apply' | 'record';
  /** Statements that could not be noted. */
  readonly missed: number;
  /** The latest last. */
  readonly statements: readonly DdlShown[];
}

/** @param clone null: it has no log */
export function shownDdl(source: DdlOnSource, clone: DdlOnClone | null): DdlShown[] {
  const came = new Map(clone?.outcomes.map((one) => [one.number, one]));
  const decided = new Map(clone?.decisions.map((one) => [one.number, one.decision]));
  const newest = Math.max(0, ...came.keys());
  return source.entries.map((entry) => {
    const there = came.get(entry.number);
    const base = { ...entry, decision: decided.get(entry.number) ?? null };
    if (there !== undefined)
      return { ...base, state: stateOf(there, base.decision), detail: there.detail, done: there.at };
    // What stands before one that has come was noted while nothing was sent.
    const passed = clone === null || entry.number < newest;
    const state = passed
      ? 'recorded'
      : clone.stopped !== null && entry.number === clone.stopped
        ? 'stopped'
        : 'waiting';
    return { ...base, state, detail: entry.reason, done: null };
  });
}

/** One that failed waits for nothing, and is done with once somebody has said so. */
const stateOf = ({ outcome }: DdlOutcome, decision: string | null): DdlState =>
  outcome === 'failed' && decision === 'skip' ? 'skipped' : (outcome ?? 'recorded');
