import type { Code } from '../../errors/codes';
import type { HealthState } from '../../sql-runner/model/health';
import type { BrokenWorld } from './broken-world';

/** What is told of a stream; `not read`: status itself ends with an error. */
export type Told = HealthState | 'not read';

/** A way to break a running copy, and the truth of it. */
export interface Breakage {
  readonly name: string;
  /** How the stream stands then. */
  readonly states: readonly Told[];
  /** Of these is the first problem that status tells; plan and doctor name one of them as well. */
  readonly causes: readonly Code[];
  /** What is true besides, as it comes of the same. */
  readonly beside?: readonly Code[];
  /** It follows, or stands still by consent: plan and doctor have nothing against it, only status and the metrics. */
  readonly follows?: true;
  /** Nothing but comparing rows tells it: verify does, and all others say that they compare none. */
  readonly unseen?: true;
  /** What status has to name; verify, where nothing else sees it. */
  readonly words?: RegExp;
  /** Brings it about, and has production write what it is about. */
  readonly breaks: (world: BrokenWorld) => Promise<unknown>;
  /** It does not survive a restart of the servers: false; or it is another one then. */
  readonly restarted?: false | { readonly states: readonly Told[]; readonly causes: readonly Code[] };
  /** What the printed words ask people to do where they are no command: done before the commands that are printed. */
  readonly byHand?: (world: BrokenWorld) => Promise<unknown>;
  /** What is left of the way it was broken, and is no part of the product's. */
  readonly afterwards?: (world: BrokenWorld) => Promise<unknown>;
  /** Only a new clone heals it: such rows come last. */
  readonly newClone?: true;
  /** The other databases of the environment are broken by it too. */
  readonly everywhere?: true;
  /** A server says nothing: none of them is to wait for it longer than the limit, however many databases there are. */
  readonly silent?: true;
  /** Why it cannot be brought about on this machine; null: it can. */
  readonly unable?: () => string | null;
}
