import { readHistory } from '../actions/history';
import { exitCode } from '../../errors/exit-codes';
import { openConnections } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { historyText } from '../render/history-text';
import { jsonDocument } from './machine-output';
import { outputFor, type CommonOptions } from './settings';

export interface HistoryOptions extends CommonOptions {
  /** Runs that are shown. */
  readonly limit: number;
  readonly historyFile?: string;
}

/** Shows which runs there were that may have changed something, or compared rows. Reads only. */
export async function history(environment: string, options: HistoryOptions): Promise<number> {
  const output = outputFor(options);
  const contracts = await readContracts({ environment, ...options });
  const found = await readHistory(openConnections, contracts, {
    file: options.historyFile ?? null,
    limit: options.limit,
  });
  output.out(options.json ? jsonDocument(found) : historyText(found, output.style));
  return exitCode('done');
}
