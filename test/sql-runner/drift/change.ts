import type { FollowId } from '../../../sql-runner/drift/what-follows';

/** The statements of one rule of what follows, on a table of its own. `$` stands for its name. */
export interface Change {
  readonly id: FollowId;
  /** Before the clone is taken, beside the table itself: (id int PRIMARY KEY, n int, note text), with ten rows. */
  readonly before?: readonly string[];
  /** Instead of the usual table. */
  readonly table?: string;
  readonly source: readonly string[];
  /** On the source afterwards: what shows what becomes of the stream. */
  readonly writes?: readonly string[];
  /** What tells that the stream has stopped is not there before these were written. */
  readonly rows?: false;
  /** The table under its name of afterwards. */
  readonly renamed?: string;
  /** The first major that has it. */
  readonly from?: number;
}

export const change = (id: FollowId, source: string | readonly string[], more: Partial<Change> = {}): Change => ({
  id,
  source: typeof source === 'string' ? [source] : source,
  ...more,
});
