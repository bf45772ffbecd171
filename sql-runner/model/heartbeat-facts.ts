import type { HeartbeatForm } from '../postgres/catalog/heartbeat-forms';

export interface BeatFacts {
  readonly id: string;
  readonly previous: string | null;
  readonly number: number;
  readonly at: string;
  /** One of the source before its commit; absent: not known. */
  readonly lsn?: string;
  /** A position of the source behind its commit; null: not known. */
  readonly passed: string | null;
  /** Seconds since then, by the clock of the server that was asked; absent: not known. */
  readonly age?: number;
}

/** A schema of the name that a heartbeat's has. */
export interface HeartbeatFacts {
  readonly schema: string;
  readonly comment: string | null;
  /** None while they could not be read. */
  readonly beats: readonly BeatFacts[];
  /** Something else has the table's name in it. */
  readonly taken?: true;
  /** Why its beats could not be read; absent: they were. */
  readonly unread?: UnreadBeats;
  /** Absent: not known, and not judged. See resources/altered-heartbeat.ts. */
  readonly form?: HeartbeatForm;
}

export interface UnreadBeats {
  /** In the server's words. */
  readonly seen: string;
  /** What ends that, where it is known. */
  readonly next: string | null;
}

/** Something with the mark of the environment's heartbeat that is not where one is, or a schema that it has left. */
export interface HeartbeatElsewhere {
  readonly schema: string;
  /** null: the schema itself. */
  readonly table: string | null;
}

/** That of another environment, which has come along from production. */
export interface ForeignHeartbeat {
  readonly environment: string;
  readonly schema: string;
  /** null: the schema itself. */
  readonly table: string | null;
}
