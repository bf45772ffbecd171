import { readStatus } from '../actions/status';
import { openToLook } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { statusText } from '../render/status-text';
import { exitOfStatus } from './exit-of-status';
import { beyondLag, type LagLimit } from './lag-limit';
import { jsonDocument } from './machine-output';
import { outputFor, type CommonOptions } from './settings';

export interface StatusOptions extends CommonOptions {
  /** Ends with 0 whatever the state is, once it is shown. */
  readonly exitZero: boolean;
  readonly maxLag?: LagLimit;
}

/** Shows every stream: its state and how far the clone is behind. Reads only. */
export async function status(environment: string, options: StatusOptions): Promise<number> {
  const output = outputFor(options);
  const current = await readStatus(openToLook, await readContracts({ environment, ...options }));
  output.out(options.json ? jsonDocument(current) : statusText(current, output.style));
  const beyond = options.maxLag === undefined ? [] : beyondLag(current.streams, options.maxLag);
  for (const words of beyond) output.log(words);
  return exitOfStatus(current, beyond, options.exitZero);
}
