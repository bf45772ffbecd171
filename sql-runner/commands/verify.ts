import { verifyEnvironment, isEqual } from '../actions/verify';
import { exitOfVerification } from './exit-of-verification';
import { openConnections } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { VerifyProgress } from '../render/verify-progress';
import { verdictText, verifySummary } from '../render/verify-text';
import { jsonDocument } from './machine-output';
import { outputFor, type CommonOptions } from './settings';

export interface VerifyOptions extends CommonOptions {
  /** Only these databases; empty: all. */
  readonly database: readonly string[];
  /** Tables compared at a time. */
  readonly concurrency: number;
  /** Seconds that rows of one table may keep changing. */
  readonly settleTimeout: number;
  /** Seconds that one query on a table may take; 0: no limit. */
  readonly statementTimeout: number;
}

/** Tables that take less are told of by their verdict alone. */
const TELL_EVERY_MS = 10_000;

/** Compares every replicated table with its copy. Reads only. */
export async function verify(environment: string, options: VerifyOptions): Promise<number> {
  const output = outputFor(options);
  const contracts = await readContracts({ environment, ...options });
  const progress = new VerifyProgress();
  const telling = setInterval(() => progress.lines(Date.now()).forEach((line) => output.log(line)), TELL_EVERY_MS);
  const result = await verifyEnvironment(openConnections, contracts, {
    databases: options.database,
    concurrency: options.concurrency,
    settleTimeoutMs: options.settleTimeout * 1000,
    statementTimeoutMs: options.statementTimeout * 1000,
    onVerdict: (verdict) => output.log(verdictText(verdict, output.style)),
    onEvent: (database, event) => progress.hear(database, event, Date.now()),
  }).finally(() => clearInterval(telling));
  const json = { environment, equal: isEqual(result), ...result };
  output.out(options.json ? jsonDocument(json) : verifySummary(result, output.style));
  return exitOfVerification(result);
}
