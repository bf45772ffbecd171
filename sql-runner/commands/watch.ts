import { setTimeout as pause } from 'node:timers/promises';
import type { Contracts, SourceContract, TargetContract } from '../../contract/contract';
import { exitCode } from '../../errors/exit-codes';
import { OperatorError } from '../../errors/operator-error';
import { LiveLook, READ_EVERY_MS, READ_FILES_EVERY_MS } from '../actions/live-look';
import { isFollowing } from '../actions/status';
import type { WatchSample } from '../actions/watch';
import { openToLook } from '../connections/open';
import { explain } from '../explain/explain';
import { readContracts } from '../inputs/contracts';
import { changesText, quietText, unseenJson, unseenText, watchJson, watchText } from '../render/watch-text';
import { exitOfStatus } from './exit-of-status';
import { jsonLine } from './machine-output';
import { outputFor, type CommonOptions, type Output } from './settings';

export interface WatchOptions extends CommonOptions {
  /** Seconds. */
  readonly interval: number;
  readonly once: boolean;
  readonly until?: 'streaming';
  /** Seconds; 0: without an end. */
  readonly timeout: number;
}

/**
 * Without a terminal something is said after that long, news or not: from silence nobody can tell whether it still
 * looks, and only by writing does one learn that nobody reads any more.
 */
const QUIET_MS = 60_000;
const CLEAR = '\u001b[H\u001b[2J';

/**
 * Shows how far every stream is, and how fast, again and again: on a terminal as a picture, else a line for what has
 * changed, and one a minute where nothing has. Reads only.
 * @returns with --once as status does; with --until 0, once every stream streams
 * @throws OperatorError NOT_IN_SYNC after --timeout, and at the first look whatever keeps it from being made
 */
export async function watch(environment: string, options: WatchOptions): Promise<number> {
  const output = outputFor(options);
  const read = () => readContracts({ environment, ...options });
  // A deploy may give the clone another place, and the one of before need not be gone.
  const every = { read: options.outputs.length > 0 ? READ_FILES_EVERY_MS : READ_EVERY_MS };
  const watching = new LiveLook(openToLook, read, await read(), every);
  try {
    const first = await watching.sample(() => undefined);
    show(null, first, options, output);
    if (options.once) return exitOfStatus(first.status, [], false);
    await goOn(watching, first, options, output);
    return exitCode('done');
  } finally {
    await watching.close();
  }
}

/** Until every stream is as --until wants it; without that, until somebody ends it. */
async function goOn(watching: LiveLook, first: WatchSample, options: WatchOptions, output: Output): Promise<void> {
  const began = Date.now();
  const look = looking(watching, first, options, output);
  let now: WatchSample | null = first;
  for (;;) {
    if (options.until === 'streaming' && now !== null && streams(now)) {
      // What is said of catalogs may be a minute old: before it is believed all is looked at again.
      now = await look(true);
      if (now !== null && streams(now)) return;
    }
    if (options.until !== undefined && options.timeout > 0 && Date.now() - began >= options.timeout * 1_000)
      throw notStreaming(now, options.timeout);
    await pause(options.interval * 1_000);
    now = await look(false);
  }
}

/** Looks and shows; null where it could not look, which is shown instead of what was seen before. */
function looking(watching: LiveLook, first: WatchSample, options: WatchOptions, output: Output) {
  let last = first;
  let { outputs } = watching;
  let unseen: string | null = null;
  let quietSince = Date.now();
  const said = (): void => void (quietSince = Date.now());
  const isQuiet = (): boolean => Date.now() - quietSince >= QUIET_MS;
  return async (whole: boolean): Promise<WatchSample | null> => {
    try {
      const now = await watching.sample(() => undefined, whole);
      const moved = watching.outputs !== outputs;
      ({ outputs } = watching);
      if (moved) output.log(movedText(outputs));
      if (show(unseen === null && !moved ? last : null, now, options, output)) said();
      else if (isQuiet()) {
        output.out(quietText(now));
        said();
      }
      [last, unseen] = [now, null];
      return now;
    } catch (cause) {
      const error = explain(cause);
      const at = new Date(Date.now());
      if (options.json) output.out(jsonLine(unseenJson(at, error)));
      else if (process.stdout.isTTY) output.out(`${CLEAR}${unseenText(at, last, error, output.style)}`);
      else if (unseen !== error.code || isQuiet()) {
        output.out(unseenText(at, last, error, output.style));
        said();
      }
      unseen = error.code;
      return null;
    }
  };
}

/** What is shown from now on is of another server. */
function movedText({ source, target }: Contracts): string {
  const at = ({ cluster: { endpoint, port } }: SourceContract | TargetContract) => `${endpoint}:${port}`;
  const clone = target === null ? 'no clone is deployed' : `the clone at ${at(target)}`;
  return `The outputs of Terraform have changed. Looked at from now on: the source at ${at(source)}; ${clone}`;
}

const streams = ({ status }: WatchSample): boolean =>
  isFollowing(status) && status.streams.every(({ state }) => state === 'streaming');

/** @returns whether there was anything to show */
function show(before: WatchSample | null, now: WatchSample, options: WatchOptions, output: Output): boolean {
  const texts = options.json
    ? [jsonLine(watchJson(now))]
    : process.stdout.isTTY && !options.once
      ? [`${CLEAR}${watchText(now, output.style)}`]
      : before === null
        ? [watchText(now, output.style)]
        : changesText(before, now, output.style);
  texts.forEach(output.out);
  return texts.length > 0;
}

function notStreaming(now: WatchSample | null, seconds: number): OperatorError {
  const others = (now?.status.streams ?? [])
    .filter(({ state, problems }) => state !== 'streaming' || problems.length > 0)
    .map(({ database, state }) => `${database}: ${state}`);
  return new OperatorError({
    code: 'NOT_IN_SYNC',
    seen: `after ${seconds} s not every stream was seen to stream: ${now === null ? 'nothing could be looked at' : others.join('; ')}`,
    why: 'whoever waits for it would go on with a clone that is behind the source, or has stopped',
    next: 'sql-runner doctor says what to do about a stream that is stuck; of one that moves sql-runner watch shows when it will have caught up',
  });
}
