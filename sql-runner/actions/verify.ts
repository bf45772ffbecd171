import { factsOf } from '../model/stream-state';
import { OperatorError } from '../../errors/operator-error';
import { publications } from '../postgres/catalog/publications';
import { replicationSlots } from '../postgres/catalog/slots';
import { materializedViews, unreplicated } from '../postgres/catalog/unreplicated';
import { ownMark } from '../model/mark';
import { columnsNotCompared, counted, partsNotCompared, tablesNotCompared } from '../resources/not-compared';
import { verifyScope, type NotReplicated, type VerifyScope } from '../resources/verify-scope';
import type { TableRef, TableVerdict, VerifyEvent } from '../verify/types';
import { verifyTables } from '../verify/verify-tables';
import type { Place } from '../model/address';
import type { Connections } from '../connections/connections';
import type { Open } from '../connections/open';
import type { Observation } from '../model/observation';
import { observe } from '../observe/observe';
import { tellingOfSource } from '../observe/unreachable-clone';
import type { RunTrail } from '../execute/run-trail';
import { waitFor } from '../execute/wait';
import { type StreamOf, streamsOf } from '../model/streams';
import type { Contracts } from '../../contract/contract';

export type DatabaseVerdict = TableVerdict & { readonly database: string };

/** All that a verification found, and what it did not look at. */
export interface Verification {
  readonly tables: readonly DatabaseVerdict[];
  /** The clone came with these as replicated, and they are not any more. */
  readonly notReplicated: readonly (NotReplicated & { readonly database: string })[];
  /** Why equal rows would not mean that the clone follows. */
  readonly doubts: readonly string[];
  /** What replication leaves out, or nobody asked for; no part of the verdict. */
  readonly notCompared: readonly string[];
}

export interface VerifyRequest {
  /** Only these databases; empty: all. */
  readonly databases: readonly string[];
  /** Tables compared at a time. */
  readonly concurrency: number;
  readonly settleTimeoutMs: number;
  /** 0: no limit. */
  readonly statementTimeoutMs: number;
  readonly onVerdict: (verdict: DatabaseVerdict) => void;
  /** How far the tables of a database are. */
  readonly onEvent?: (database: string, event: VerifyEvent) => void;
  /** What keeps it in the history; told of the connections once they are known to lead to a clone. */
  readonly trail?: Pick<RunTrail, 'opened' | 'closing'>;
}

/** A worker that ended on an error is started again after wal_retrieve_retry_interval, 5 s by default. */
const WORKER_RESTART_MS = 15_000;

/** Every table that the clone came with was compared and is equal, and nothing speaks against the streams. */
export function isEqual({ tables, notReplicated, doubts }: Verification): boolean {
  const all = tables.length > 0 && tables.every((verdict) => verdict.status === 'equal');
  return all && notReplicated.length === 0 && doubts.length === 0;
}

/**
 * Compares the rows of every stream, and says what it could not look at. Reads only; what the trail keeps of it is a row
 * in a table of ours on the clone.
 */
export async function verifyEnvironment(
  open: Open,
  contracts: Contracts,
  options: VerifyRequest,
): Promise<Verification> {
  if (contracts.target === null) throw notCloned(contracts);
  return tellingOfSource(open, contracts, null, () => verified(open, contracts, options));
}

async function verified(open: Open, contracts: Contracts, options: VerifyRequest): Promise<Verification> {
  const connections = open(contracts);
  try {
    const streams = wanted(contracts, options);
    const before = await observe(connections.reading());
    // Another address of production itself is no clone, and nothing is to be written there.
    if (before.target?.isSourceServer === false) options.trail?.opened(connections);
    const scopeOf = (observation: Observation, of: StreamOf) =>
      verifyScope(contracts.source, observation, factsOf(contracts.source, observation, of));
    const scopes = streams.map((of) => scopeOf(before, of));
    const tables: DatabaseVerdict[] = [];
    for (const [index, of] of streams.entries())
      tables.push(...(await compareStream(connections, of, scopes[index]!.tables, options)));
    // Once more: what came to light while the rows were read counts as well.
    const after = await observe(connections.reading());
    const doubts = streams.flatMap((of) => scopeOf(after, of).doubts);
    return {
      tables,
      notReplicated: streams.flatMap((of, index) =>
        scopes[index]!.notReplicated.map((table) => ({ database: of.database, ...table })),
      ),
      doubts: [...new Set([...scopes.flatMap((scope) => scope.doubts), ...doubts])],
      notCompared: await leftOut(connections, after, streams, scopes, { ...options, tables }),
    };
  } finally {
    await options.trail?.closing();
    await connections.close();
  }
}

/** What nobody would expect to be equal, as phrases: it is no part of the verdict, and said all the same. */
async function leftOut(
  connections: Connections,
  { source }: Observation,
  streams: readonly StreamOf[],
  scopes: readonly VerifyScope[],
  { databases, tables }: Pick<VerifyRequest, 'databases'> & Pick<Verification, 'tables'>,
): Promise<string[]> {
  const phrases: string[] = [];
  const { environment } = connections.contracts.source;
  for (const database of new Set(streams.map((of) => of.database))) {
    const own = scopes.filter((_, index) => streams[index]!.database === database);
    const there: Place = { side: 'source', database };
    const { sequences, largeObjects } = await connections.use(there, unreplicated);
    const views = await connections.use(there, materializedViews);
    const all = [
      ...counted(
        own.flatMap(({ newTables }) => newTables),
        'that the environment selects and no stream replicates',
      ),
      ...tablesNotCompared(source.databases[database]?.tables ?? [], own),
      ...partsNotCompared(tables.filter((verdict) => verdict.database === database)),
      ...columnsNotCompared(tables.filter((verdict) => verdict.database === database)),
      ...counted(views, '', 'materialized view'),
      ...(sequences === 0 ? [] : [`${sequences} sequences`]),
      ...(largeObjects === 0
        ? []
        : [`${largeObjects} large objects, which sql-runner plan ${environment} --large-objects compares`]),
    ];
    if (all.length > 0) phrases.push(`database ${database}: ${all.join('; ')}`);
  }
  if (databases.length > 0) phrases.push('the other databases of the environment');
  return phrases;
}

function wanted(contracts: Contracts, options: VerifyRequest): StreamOf[] {
  const streams = streamsOf(contracts.source);
  const unknown = options.databases.filter((name) => !streams.some((of) => of.database === name));
  if (unknown.length > 0) {
    throw new OperatorError({
      code: 'DATABASE_UNKNOWN',
      seen: `environment ${contracts.source.environment} does not replicate database ${unknown.join(', ')}`,
      why: 'there is nothing to compare',
      next: `choose from: ${streams.map((of) => of.database).join(', ')}`,
    });
  }
  return options.databases.length === 0 ? streams : streams.filter((of) => options.databases.includes(of.database));
}

async function compareStream(
  connections: Connections,
  of: StreamOf,
  tables: readonly TableRef[],
  options: VerifyRequest,
): Promise<DatabaseVerdict[]> {
  await assertPrepared(connections, of);
  await assertStreaming(connections, of);
  const open = (side: 'source' | 'target') => () =>
    connections.open({ side, database: of.database }, true, { statementTimeoutMs: options.statementTimeoutMs });
  const verdicts = await verifyTables({
    database: of.database,
    tables,
    openSource: open('source'),
    openTarget: open('target'),
    slotName: of.stream.slot,
    concurrency: options.concurrency,
    settleTimeoutMs: options.settleTimeoutMs,
    onEvent: (event) => {
      options.onEvent?.(of.database, event);
      if (event.kind === 'table-finished') options.onVerdict({ database: of.database, ...event.verdict });
    },
  });
  return verdicts.map((verdict) => ({ database: of.database, ...verdict }));
}

async function assertPrepared(connections: Connections, of: StreamOf): Promise<void> {
  const { environment } = connections.contracts.source;
  const present = await connections.use({ side: 'source', database: of.database }, publications);
  const publication = present.find((candidate) => candidate.name === of.stream.publication);
  if (publication !== undefined && ownMark(publication.comment, 'publication', environment) !== null) return;
  throw new OperatorError({
    code: 'NOT_PREPARED',
    seen: `database ${of.database} has no publication ${of.stream.publication} of ours`,
    why: 'nothing is replicated, so there is nothing to compare',
    next: `run sql-runner plan ${environment} to see what comes next`,
  });
}

/** Without an apply worker the clone cannot pass the source's position, and nothing could be judged. */
async function assertStreaming(connections: Connections, of: StreamOf): Promise<void> {
  const active = await waitFor(async () => {
    const slots = await connections.use({ side: 'source', database: of.database }, replicationSlots);
    const slot = slots.find((candidate) => candidate.name === of.stream.slot);
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
