export interface Interruption {
  readonly requested: () => boolean;
  release(): void;
}

/**
 * Ctrl-C stops between two changes, never inside one. The second Ctrl-C ends the
 * process at once, which is safe too: the next run carries on.
 */
export function interruption(log: (text: string) => void): Interruption {
  let requested = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (requested) process.exit(signal === 'SIGINT' ? 130 : 143);
    requested = true;
    log('Stopping after the change in progress; press Ctrl-C again to stop at once.');
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    requested: () => requested,
    release: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
