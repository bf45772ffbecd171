import { isFollowing, readStatus } from '../actions/status';
import { openConnections } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { statusText } from '../render/status-text';
import { outputFor, type CommonOptions } from './settings';

/** Shows every stream: its state and how far the clone is behind. Reads only. @returns 1 unless every stream follows */
export async function status(environment: string, options: CommonOptions): Promise<number> {
  const output = outputFor(options);
  const current = await readStatus(openConnections, await readContracts({ environment, ...options }));
  output.out(options.json ? JSON.stringify(current, null, 2) : statusText(current, output.style));
  return isFollowing(current) ? 0 : 1;
}
