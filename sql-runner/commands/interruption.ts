import { EXIT_CODES } from '../../errors/exit-codes';

export interface Interruption {
  /** The operator has asked to stop. */
  readonly requested: () => boolean;
  /** From now on something may be in progress that is not to be left half-way. */
  begin(): void;
  /** What is in hand, by the name that a plan gives it; null: nothing. */
  now(inHand: string | null): void;
  release(): void;
}

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';
const SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** As the shell reports a program that a signal has ended. */
const CODES: Readonly<Record<Signal, number>> = {
  SIGINT: EXIT_CODES.interrupted.code,
  SIGTERM: EXIT_CODES.terminated.code,
  SIGHUP: EXIT_CODES.hungUp.code,
};

interface AtWork {
  /** Answers a signal. */
  answer(signal: Signal): void;
  /** Something within it answers the signal. */
  note(): void;
}

/** What is at work, if a signal must not end it at once: the last one answers, which is within those before it. */
const atWork: AtWork[] = [];

/**
 * Who only reads leaves nothing half-done, and ends at the first signal. Said to Node, as the first process of a
 * container is not ended by signals that nobody listens to.
 */
export function endOnSignals(): void {
  const end = (signal: Signal): void => {
    const front = atWork.at(-1);
    if (front === undefined) process.exit(CODES[signal]);
    for (const around of atWork.slice(0, -1)) around.note();
    front.answer(signal);
  };
  for (const signal of SIGNALS) process.on(signal, end);
}

interface More {
  /** Told of the first signal, once something has begun. */
  readonly first?: (signal: Signal) => void;
  /** Called right before the process ends at once; what it returns is waited for, for a moment. */
  readonly last?: (code: number) => Promise<unknown>;
}

const LAST_MS = 500;

/**
 * A signal stops between two changes, never inside one, and ends a wait. The second one ends the process at once, which
 * is safe too: the next run carries on.
 */
export function interruption(log: (text: string) => void, { first, last }: More = {}): Interruption {
  let [begun, requested] = [false, false];
  let inHand: string | null = null;
  const end = (signal: Signal): void => {
    const exit = (): never => process.exit(CODES[signal]);
    const ending = last?.(CODES[signal]);
    if (ending === undefined) return exit();
    setTimeout(exit, LAST_MS);
    void ending.then(exit, exit);
  };
  const answer = (signal: Signal): void => {
    const within = atWork.length > 1 ? ' by this step' : '';
    if (!begun) log(`Stopped as you asked; nothing was changed${within}.`);
    else if (requested) log(`Stopped at once. ${halfDone(inHand)}`);
    if (!begun || requested) return end(signal);
    requested = true;
    const how = signal === 'SIGINT' ? 'press Ctrl-C again' : 'send another signal';
    log(`Stopping after what is in progress${inHand === null ? '' : ` (${inHand})`}; ${how} to stop at once.`);
    first?.(signal);
  };
  const own: AtWork = { answer, note: () => void (requested = true) };
  atWork.push(own);
  return {
    requested: () => requested,
    begin: () => void (begun = true),
    now: (what) => void (inHand = what),
    release: () => {
      const place = atWork.indexOf(own);
      if (place >= 0) atWork.splice(place, 1);
    },
  };
}

function halfDone(inHand: string | null): string {
  if (inHand === null) return 'No change was in hand. Run the same command again to carry on.';
  return `${inHand} was in hand: it may be done, or not, or still go on. Run the same command again: it reads what is there and carries on.`;
}
