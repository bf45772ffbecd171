import { exitCode } from '../../errors/exit-codes';
import { Live } from '../actions/live';
import { LiveLook, READ_EVERY_MS } from '../actions/live-look';
import { openConnections } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { jsonLine } from './machine-output';
import { listen, type Place } from './serve-listen';
import { outputFor, type CommonOptions } from './settings';

export interface ServeOptions extends CommonOptions, Place {
  /** Seconds. */
  readonly interval: number;
  /** Seconds; 0: none. */
  readonly beatEvery: number;
}

/**
 * Looks at every stream at an interval, and tells over HTTP what it saw, until a signal ends it. However often it is
 * asked, the servers are asked no more often. It writes nothing but beats: a row in our own table on the source.
 * @throws OperatorError LISTEN_REFUSED; and what keeps the outputs from being read
 */
export async function serve(environment: string, options: ServeOptions): Promise<number> {
  const output = outputFor(options);
  const read = () => readContracts({ environment, ...options });
  const { beatEvery } = options;
  const looking = new LiveLook(openConnections, read, await read(), {
    read: READ_EVERY_MS,
    ...(beatEvery === 0 ? {} : { beat: beatEvery * 1_000 }),
  });
  const live = new Live(looking, options.interval);
  const { server, url } = await listen(live, options);
  if (options.json) output.out(jsonLine({ type: 'serving', environment, url }));
  output.log(`Environment ${environment}: metrics on ${url}/metrics, until you stop it`);
  await live.run(() => server.listening);
  await looking.close();
  return exitCode('done');
}
