import type { Place } from '../model/address';

/** One thing of others that keeps something of ours from being dropped. */
export interface Hindrance {
  /** For a sentence. */
  readonly what: string;
  /** As whom it is to be removed; null: as the login. */
  readonly as: string | null;
  /** None: it is not known how. Each ends with a semicolon. */
  readonly statements: readonly string[];
}

/** What one person can do in one session. */
export interface ToDo {
  /** `3 things` are not all named. */
  readonly what: string;
  /** `as app_owner, in database shop on the source`; with nothing to be done: `in database shop on the source`. */
  readonly at: string;
  readonly statements: readonly string[];
}

/** How many are named; somebody who granted on all tables is told so by the statements. */
const NAMED = 5;

/** By who can remove it; at the end, all of which it is not known how. */
export function toDoFor({ side, database }: Place, hindrances: readonly Hindrance[]): ToDo[] {
  const place = `in database ${database} on the ${side === 'source' ? 'source' : 'clone'}`;
  const [known, unknown] = [true, false].map((has) => hindrances.filter((one) => one.statements.length > 0 === has));
  const byWhom = [...new Set(known!.map(({ as }) => as))].map((as) => ({
    at: as === null ? place : `as ${as}, ${place}`,
    own: known!.filter((one) => one.as === as),
  }));
  const all = unknown!.length === 0 ? byWhom : [...byWhom, { at: place, own: unknown! }];
  return all.map(({ at, own }) => ({
    at,
    what: named(own.map(({ what }) => what)),
    statements: own.flatMap(({ statements }) => statements),
  }));
}

function named(things: readonly string[]): string {
  const shown = things.slice(0, NAMED).join(', ');
  return things.length > NAMED ? `${shown} and ${things.length - NAMED} more` : shown;
}
