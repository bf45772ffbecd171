import { OperatorError } from '../../errors/operator-error';

/** Rejects on the first Ctrl-C or SIGTERM; later ones are ignored, because the cleaning up must end. */
export function interruption(): Promise<never> {
  return new Promise((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () =>
        reject(
          new OperatorError({
            code: 'DEMO_INTERRUPTED',
            seen: `The demo was ended by ${signal}.`,
            why: 'What it started is removed again.',
            next: 'Start it again with npm run demo.',
          }),
        ),
      );
    }
  });
}
