import type { Statement, Unit } from './statement';

export type Side = 'source' | 'clone';

/** What became of replication after one try of a unit on one side, or on both. */
export interface Outcome {
  /** What the worker that applies said; null: it went on. */
  readonly stopped: string | null;
  /** Tables whose rows differ, each with in which way. */
  readonly differ: readonly string[];
  /** UPDATE or DELETE that production refuses. */
  readonly refused: readonly string[];
  /** The unit itself failed on that side; null: it did not. */
  readonly failed: string | null;
}

export const isWell = ({ stopped, differ, refused, failed }: Outcome): boolean =>
  stopped === null && differ.length === 0 && refused.length === 0 && failed === null;

/** What was tried of one unit, each on a pair of its own, with writes of every kind after each step. */
export interface Trials {
  /** On the source alone, the clone as it was. */
  readonly sourceAlone: Outcome;
  /** And then on the clone as well. Null: nothing of it belongs there. */
  readonly thenClone: Outcome | null;
  /** On the clone alone. */
  readonly cloneAlone: Outcome | null;
  /** And then on the source as well. */
  readonly thenSource: Outcome | null;
  /** The publication sends tables that it did not send before, or no longer sends some. */
  readonly publishes: boolean;
  /** A subscription that was refreshed belongs to the orders that were tried. */
  readonly refreshed: boolean;
  /** Columns that each side fills with values that it computes for itself, however alike they came out here. */
  readonly ownValues: readonly string[];
  readonly rights: RightsSeen;
  /** What stops the stream without the unit too; null: nothing, or nobody had to ask. */
  readonly stoppedBefore: string | null;
}

/** What became of a subscription that belongs to no superuser, once both sides have a unit. */
export type RightsSeen =
  /** It goes on, or nobody loses a right by the unit. */
  | { readonly kind: 'enough' }
  /** It stops, and goes on once its owner may act as these roles. */
  | { readonly kind: 'grants'; readonly said: string; readonly roles: readonly Grant[] }
  | { readonly kind: 'stops'; readonly said: string }
  /** It could not be tried. */
  | { readonly kind: 'unseen'; readonly said: string };

export const NO_RIGHTS_TAKEN: RightsSeen = { kind: 'enough' };

/** The owner of the subscription has to be able to act as this role. */
export interface Grant {
  readonly role: string;
  /** The unit itself makes it: nothing can be granted before. */
  readonly made: boolean;
}

/** In which order both sides get a unit. */
export type Order =
  /** Replication brings it. */
  | 'source'
  | 'source-clone'
  | 'clone-source'
  /** The stream stands still from the first row after the one to the other. */
  | 'source-stops-clone';

export type Class = 'safe' | 'needs-order' | 'breaks' | 'fails' | 'not-judged';

export interface Verdict {
  readonly class: Class;
  /** What was advised was carried out; null: no order leaves both sides equal. */
  readonly order: Order | null;
  /** Beside the order of sides: the subscription takes what the publication has got. */
  readonly refresh: boolean;
  /** And on the clone, for the owner of its subscription. */
  readonly grants: readonly Grant[];
  /** What happens where the order is not kept. */
  readonly breaks: readonly Break[];
  readonly why: string;
}

export interface Break {
  readonly how: 'stops' | 'loses-rows' | 'other-values' | 'refuses-writes';
  /** Which order it comes of. */
  readonly when: 'source-first' | 'clone-first' | 'any';
  readonly words: string;
}

/** What is known of one statement beside the order. */
export interface Effects {
  /** Tables whose file is another afterwards: every row is written anew, and so is its WAL. */
  readonly rewrites: readonly string[];
  /** Tables that are read from one end to the other, under the lock. */
  readonly scans: readonly string[];
  readonly locks: readonly Lock[];
  /** It refuses to run between BEGIN and COMMIT. */
  readonly outsideTransaction: boolean;
}

export interface Lock {
  readonly table: string;
  /** As pg_locks has it: `AccessExclusiveLock`. */
  readonly mode: string;
}

export interface JudgedStatement {
  readonly statement: Statement;
  readonly effects: Effects | null;
}

export interface JudgedUnit {
  readonly unit: Unit;
  readonly statements: readonly JudgedStatement[];
  readonly verdict: Verdict;
  /** Statements of it that the clone gets too, as they stand. */
  readonly forClone: readonly Statement[];
  /** The statement that failed on the scratch copy, and what the server said. */
  readonly failed: { readonly statement: Statement; readonly said: string } | null;
  /** Rows that were made up were refused, with these words of the server: those of production decide whether it can be run. */
  readonly refusesRows: string | null;
}
