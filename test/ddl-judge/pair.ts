import type { Client } from 'pg';

/** Two databases, of which the second follows the first. The judge looks at them itself; of the rest it asks. */
export interface Pair {
  readonly major: number;
  /** Sessions of the one who works on the source. */
  readonly source: Client;
  readonly other: Client;
  /** Sessions of a superuser, to look. */
  readonly eyes: Client;
  readonly cloneEyes: Client;
  /** On the source, for what only a superuser does. */
  readonly superuser: Client;
  readonly slot: string;
  /** Roles that are the product's own. */
  readonly strangers: readonly string[];
  /** What stops the stream, as whoever is asked tells it; empty: nothing. */
  complaints(): Promise<string[]>;
  /** Adds what came new and does what was put off. */
  complete(): Promise<void>;
  /** What is told and stops nothing: of tables that cannot be added, for instance. */
  notes(): Promise<string[]>;
  /** What a failure should show: the last lines of the clone's log. */
  log(): string;
  close(): Promise<void>;
}

/** For sessions that look or work: nothing of what is written depends on the session. */
export const LOOKING = `SET search_path = ''; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET extra_float_digits = 3;
  SET bytea_output = 'hex'; SET IntervalStyle = 'postgres'; SET row_security = off`;
export const WORKING = `${LOOKING}; SET row_security = on; SET lock_timeout = '400ms'; SET client_min_messages = error`;
