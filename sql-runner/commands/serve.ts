import type { SourceContract } from '../../contract/contract';
import { exitCode } from '../../errors/exit-codes';
import { BudgetKeeper } from '../actions/budget-keeper';
import { Live } from '../actions/live';
import { LiveLook, READ_EVERY_MS } from '../actions/live-look';
import { PendingPlan } from '../actions/pending-plan';
import { RunsSeen } from '../actions/runs-seen';
import { openConnections, openToLook } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { Past } from '../past/past';
import { defaultFolder, PastFile } from '../past/past-file';
import { jsonLine } from './machine-output';
import { listen, type Place } from './serve-listen';
import { outboxes, type ReceiverOptions } from './serve-receivers';
import { following, servedBy } from './serve-served';
import { outputFor, type CommonOptions } from './settings';

export interface ServeOptions extends CommonOptions, Place, ReceiverOptions {
  /** Seconds. */
  readonly interval: number;
  /** Seconds; 0: none. */
  readonly beatEvery: number;
  /** Minutes between two plans; 0: none. */
  readonly planEvery: number;
  /** Folder in which what was seen is kept; absent: where it is by default; false: nowhere. */
  readonly history?: string | false;
  /** Of a receiver that the metrics are sent to; absent: to none. */
  readonly otlpEndpoint?: string;
  /** Metrics go to CloudWatch, in the account of the clone. */
  readonly cloudwatch?: true;
}

/**
 * Looks at every stream at an interval, and tells over HTTP what it saw, until a signal ends it. However often it is
 * asked, the servers are asked no more often. It writes nothing but beats, a row in our own table on the
 * source, and drops a slot where the environment file asks for that.
 * @throws OperatorError LISTEN_REFUSED; and what keeps the outputs from being read
 */
export async function serve(environment: string, options: ServeOptions): Promise<number> {
  const output = outputFor(options);
  const read = () => readContracts({ environment, ...options });
  const { beatEvery } = options;
  const looking = new LiveLook(openToLook, read, await read(), {
    read: READ_EVERY_MS,
    ...(beatEvery === 0 ? {} : { beat: beatEvery * 1_000 }),
  });
  const live = new Live(looking, options.interval);
  const past = new Past(fileOf(environment, options.history));
  const plan = new PendingPlan(() => looking.plan(), options.planEvery);
  const sending = await outboxes(options, looking.source, output.log);
  const pushes = await pushesTo(options, looking.source, live, output.log);
  const budget = new BudgetKeeper(openConnections, output.log);
  const runs = new RunsSeen(openToLook, () => looking.outputs);
  const parts = { live, looking, past, plan, runs, interval: options.interval, outboxes: sending, budget };
  const { server, url } = await listen(servedBy(parts), options);
  if (past.problem !== null) output.log(past.problem);
  if (options.json) output.out(jsonLine({ type: 'serving', environment, url }));
  output.log(`Environment ${environment}: a page on ${url}/, metrics on ${url}/metrics, until you stop it`);
  const goesOn = () => server.listening;
  await Promise.all([live.run(goesOn), following(parts).run(goesOn), ...pushes.map((push) => push.run(goesOn))]);
  await looking.close();
  return exitCode('done');
}

/** What sends is loaded only where there is somebody to send to. */
async function pushesTo(
  { otlpEndpoint, cloudwatch, interval }: ServeOptions,
  source: SourceContract,
  live: Live,
  told: (line: string) => void,
) {
  const otlp = otlpEndpoint && (await import('./serve-otlp')).otlpPush({ otlpEndpoint, interval }, live, told);
  const watch = cloudwatch && (await import('./serve-cloudwatch')).cloudwatchPush(source, live, told);
  return [otlp, watch].flatMap((push) => push || []);
}

function fileOf(environment: string, history: string | false | undefined): PastFile | null {
  if (history === false) return null;
  return new PastFile(history ?? defaultFolder(), environment);
}
