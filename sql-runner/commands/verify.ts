import { trailOf } from '../actions/keep-run';
import { keepingVerification } from '../actions/keep-verification';
import { isEqual, type VerifyRequest } from '../actions/verify';
import { openConnections } from '../connections/open';
import type { SourceContract } from '../../contract/contract';
import type { Verification } from '../actions/verify';
import { newClone } from '../model/streams';
import { copyAnew } from '../model/copied-anew';
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
  /** In the history of runs. */
  readonly keep: boolean;
  /** A file that keeps the history of runs, beside the clone. */
  readonly historyFile?: string;
}

/** Tables that take less are told of by their verdict alone. */
const TELL_EVERY_MS = 10_000;

/** Compares every replicated table with its copy. Reads only, but for a row of the history of runs on the clone. */
export async function verify(environment: string, options: VerifyOptions): Promise<number> {
  const output = outputFor(options);
  const contracts = await readContracts({ environment, ...options });
  const trail = options.keep ? trailOf(contracts, 'verify', options.historyFile, output.log) : null;
  const progress = new VerifyProgress();
  const telling = setInterval(() => progress.lines(Date.now()).forEach((line) => output.log(line)), TELL_EVERY_MS);
  const request: VerifyRequest = {
    databases: options.database,
    concurrency: options.concurrency,
    settleTimeoutMs: options.settleTimeout * 1000,
    statementTimeoutMs: options.statementTimeout * 1000,
    onVerdict: (verdict) => output.log(verdictText(verdict, output.style)),
    onEvent: (database, event) => progress.hear(database, event, Date.now()),
  };
  return keepingVerification(openConnections, contracts, request, trail, (found) => {
    clearInterval(telling);
    const json = { environment, equal: isEqual(found), ...found };
    output.out(options.json ? jsonDocument(json) : verifySummary(found, output.style, wayOut(contracts.source, found)));
  }).finally(() => clearInterval(telling));
}

/** Of tables that differ; what cannot be copied anew, resync says. */
function wayOut(contract: SourceContract, { tables }: Verification): string {
  const different = tables.filter(({ status }) => status === 'different');
  const databases = [...new Set(different.map(({ database }) => database))];
  const each = databases.map((database) =>
    copyAnew(
      contract.environment,
      different.filter((one) => one.database === database),
      database,
    ),
  );
  const ddl = contract.links.some((link) => link.ddl === 'apply' && databases.includes(link.database))
    ? `while sql-runner ddl list ${contract.environment} has DDL on its way, that may make them equal: wait for it; else `
    : '';
  return `${ddl}copy these tables anew: ${each.join(', then ')}; or mend the rows that --json names (sql-runner repair ${contract.environment} --from FILE); or ${newClone(contract)}`;
}
