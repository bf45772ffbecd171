import { OperatorError } from '../../environments/operator-error';
import { Connections, type Contracts } from '../engine/connections';
import type { StreamOf } from '../engine/change';
import { streamsOf } from '../engine/plan';
import { waitFor } from '../engine/wait';
import { readContracts } from '../inputs/contracts';
import { publications } from '../postgres/catalog/publications';
import { replicationSlots } from '../postgres/catalog/slots';
import { verdictText, verifySummary, type DatabaseVerdict } from '../render/verify-text';
import { ownMark } from '../resources/mark';
import type { TableRef } from '../verify/types';
import { verifyTables } from '../verify/verify-tables';
import { outputFor, type CommonOptions, type Output } from './settings';

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

/** A worker that ended on an error is started again after wal_retrieve_retry_interval, 5 s by default. */
const WORKER_RESTART_MS = 15_000;

/** Compares every replicated table with its copy. Exit 1 unless all are equal. Reads only. */
export async function verify(environment: string, options: VerifyOptions): Promise<number> {
  const output = outputFor(options);
  const contracts = await readContracts({ environment, ...options });
  const verdicts = await compare(contracts, options, output);
  output.out(
    options.json ? JSON.stringify({ environment, tables: verdicts }, null, 2) : verifySummary(verdicts, output.style),
  );
  return verdicts.every((verdict) => verdict.status === 'equal') ? 0 : 1;
}

async function compare(contracts: Contracts, options: VerifyOptions, output: Output): Promise<DatabaseVerdict[]> {
  if (contracts.target === null) throw notCloned(contracts);
  const connections = new Connections(contracts);
  try {
    const all: DatabaseVerdict[] = [];
    for (const of of wanted(contracts, options)) all.push(...(await compareStream(connections, of, options, output)));
    return all;
  } finally {
    await connections.close();
  }
}

function wanted(contracts: Contracts, options: VerifyOptions): StreamOf[] {
  const streams = streamsOf(contracts.source);
  const unknown = options.database.filter((name) => !streams.some((of) => of.database === name));
  if (unknown.length > 0) {
    throw new OperatorError({
      code: 'DATABASE_UNKNOWN',
      seen: `environment ${contracts.source.environment} does not replicate database ${unknown.join(', ')}`,
      why: 'there is nothing to compare',
      next: `choose from: ${streams.map((of) => of.database).join(', ')}`,
    });
  }
  return options.database.length === 0 ? streams : streams.filter((of) => options.database.includes(of.database));
}

async function compareStream(
  connections: Connections,
  of: StreamOf,
  options: VerifyOptions,
  output: Output,
): Promise<DatabaseVerdict[]> {
  const tables = await publishedTables(connections, of);
  await assertStreaming(connections, of);
  const timeout = options.statementTimeout * 1000;
  const open = (side: 'source' | 'target') => () =>
    connections.open({ side, database: of.database }, true, { statementTimeoutMs: timeout });
  const verdicts = await verifyTables({
    database: of.database,
    tables,
    openSource: open('source'),
    openTarget: open('target'),
    slotName: of.stream.slot,
    concurrency: options.concurrency,
    settleTimeoutMs: options.settleTimeout * 1000,
    onEvent: (event) => {
      if (event.kind === 'table-finished')
        output.log(verdictText({ database: of.database, ...event.verdict }, output.style));
    },
  });
  return verdicts.map((verdict) => ({ database: of.database, ...verdict }));
}

/** What is replicated is what the publication of the stream says. */
async function publishedTables(connections: Connections, of: StreamOf): Promise<TableRef[]> {
  const { environment } = connections.contracts.source;
  const session = await connections.reader({ side: 'source', database: of.database });
  const publication = (await publications(session)).find((candidate) => candidate.name === of.stream.publication);
  if (publication !== undefined && ownMark(publication.comment, 'publication', environment) !== null)
    return [...publication.tables];
  throw new OperatorError({
    code: 'NOT_PREPARED',
    seen: `database ${of.database} has no publication ${of.stream.publication} of ours`,
    why: 'nothing is replicated, so there is nothing to compare',
    next: `sql-runner apply ${environment}`,
  });
}

/** Without an apply worker the clone cannot pass the source's position, and nothing could be judged. */
async function assertStreaming(connections: Connections, of: StreamOf): Promise<void> {
  const session = await connections.reader({ side: 'source', database: of.database });
  const active = await waitFor(async () => {
    const slot = (await replicationSlots(session)).find((candidate) => candidate.name === of.stream.slot);
    return slot?.active === true ? true : null;
  }, WORKER_RESTART_MS);
  if (active !== null) return;
  throw new OperatorError({
    code: 'NOT_STREAMING',
    seen: `nobody reads from slot ${of.stream.slot}: the clone does not follow database ${of.database} at the moment`,
    why: 'rows can only be compared once the clone has passed the position at which they were read on the source',
    next: `sql-runner plan ${connections.contracts.source.environment} shows what is missing; sql-runner status ${connections.contracts.source.environment} shows the worker`,
  });
}

function notCloned(contracts: Contracts): OperatorError {
  const { environment, stacks } = contracts.source;
  return new OperatorError({
    code: 'TARGET_NOT_DEPLOYED',
    seen: `stack ${stacks.target} has no outputs yet`,
    why: 'there is no clone to compare with',
    next: `run sql-runner plan ${environment} to see what comes next`,
  });
}
