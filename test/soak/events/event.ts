import { setTimeout as pause } from 'node:timers/promises';
import type { Turn } from '../schedule';
import type { Soak } from '../world';

/** Something that happens to the lab; when it returns, all is well again. */
export type SoakEvent = (soak: Soak, turn: Turn) => Promise<void>;

interface Trouble {
  /** Whose streams it stops; all, unless said. */
  readonly databases?: (soak: Soak, turn: Turn) => readonly string[];
  /** Returns once the streams do not follow any more. */
  bring(soak: Soak, turn: Turn): Promise<void>;
  /** Begins to put it right; the streams may follow at any moment from its first. */
  heal(soak: Soak, turn: Turn): Promise<void>;
  /** It is over at once: no stream is known to stand still at any moment. */
  readonly passing?: true;
  /** It leaves a doubt about the other streams as well, which go on: both may be said of them until it is healed. */
  readonly doubtsOthers?: true;
}

/** Brings trouble about, lets it be, heals it, and waits until the clone has all that was written meanwhile. */
export function trouble({ databases, bring, heal, passing, doubtsOthers }: Trouble): SoakEvent {
  return async (soak, turn) => {
    const { world, truth } = soak;
    const stopped = databases?.(soak, turn) ?? truth.databases;
    const concerned = doubtsOthers === undefined ? stopped : truth.databases;
    truth.is('either', `${turn.what} begins`, concerned);
    await bring(soak, turn);
    if (passing === undefined) {
      truth.is('broken', turn.what, stopped);
      await pause(turn.seconds * 1_000);
    }
    truth.is('either', `${turn.what} heals`, concerned);
    await heal(soak, turn);
    await world.caughtUp(concerned);
    truth.is('well', `${turn.what} is over`, concerned);
  };
}

/** One of the streams. */
export function drawn({ world }: Soak, { draw }: Turn) {
  const { streams } = world;
  return streams[draw % streams.length]!;
}
