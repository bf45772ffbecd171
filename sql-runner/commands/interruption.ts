import { EXIT_CODES } from '../../errors/exit-codes';

export interface Interruption {
  /** The operator has asked to stop. */
  readonly requested: () => boolean;
  /** From now on something may be in progress that is not to be left half-way. */
  begin(): void;
  release(): void;
}

type Signal = 'SIGINT' | 'SIGTERM';
const SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM'];

/** As the shell reports a program that a signal has ended. */
const CODES: Readonly<Record<Signal, number>> = {
  SIGINT: EXIT_CODES.interrupted.code,
  SIGTERM: EXIT_CODES.terminated.code,
};

/** What is at work, if a signal must not end it at once. */
let ordered: ((signal: Signal) => void) | null = null;

/**
 * Who only reads leaves nothing half-done, and ends at the first signal. Said to Node, as the first process of a
 * container is not ended by signals that nobody listens to.
 */
export function endOnSignals(): void {
  const end = (signal: Signal): void => (ordered === null ? process.exit(CODES[signal]) : ordered(signal));
  for (const signal of SIGNALS) process.on(signal, end);
}

/**
 * Ctrl-C stops between two changes, never inside one. The second Ctrl-C ends the
 * process at once, which is safe too: the next run carries on.
 */
export function interruption(log: (text: string) => void): Interruption {
  let [begun, requested] = [false, false];
  const own = (signal: Signal): void => {
    if (!begun) log('Stopped as you asked; nothing was changed.');
    if (!begun || requested) process.exit(CODES[signal]);
    requested = true;
    log('Stopping after what is in progress; press Ctrl-C again to stop at once.');
  };
  ordered = own;
  return {
    requested: () => requested,
    begin: () => void (begun = true),
    release: () => void (ordered = ordered === own ? null : ordered),
  };
}
