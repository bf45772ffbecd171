import type { Contracts } from '../../contract/contract';
import type { Open } from '../connections/open';
import type { Connections } from '../connections/connections';
import { runsInFile } from '../execute/trail-file';
import { KEPT_RUNS, keptRuns } from '../execute/trail-table';
import { OperatorError } from '../../errors/operator-error';
import { ownMark } from '../model/mark';
import { applicationName } from '../model/run-id';
import { latestRuns, runRecord, type RunRecord } from '../model/run-record';
import { ConnectError } from '../postgres/connect-errors';
import { runHistory, sessionsNamed } from '../postgres/catalog/run-history';
import { historyTable } from '../resources/run-history';

/** Where runs are kept. */
export interface HistorySource {
  readonly kind: 'clone' | 'file';
  readonly name: string;
  /** Nothing from before that is kept there; null: nothing is kept there. */
  readonly since: string | null;
  readonly runs: number;
  /** Entries that are none of ours, or not whole. */
  readonly unreadable: number;
  /** What keeps it from being read; null: it was read. */
  readonly problem: string | null;
}

export interface ShownRun extends RunRecord {
  /** It has not ended, and a session of it is there. */
  readonly atWork: boolean;
}

export interface History {
  readonly environment: string;
  readonly sources: readonly HistorySource[];
  /** The latest first. */
  readonly runs: readonly ShownRun[];
  /** Those that are kept and not among them. */
  readonly more: number;
}

interface Kept {
  readonly source: HistorySource;
  readonly records: readonly RunRecord[];
}

/** The runs of an environment that are kept on its clone and in a file, if one is given. Reads only. */
export async function readHistory(
  open: Open,
  contracts: Contracts,
  { file, limit }: { readonly file: string | null; readonly limit: number },
): Promise<History> {
  const { environment } = contracts.source;
  const connections = contracts.target === null ? null : open(contracts);
  try {
    const onClone = connections === null ? [] : [await keptOnClone(connections).catch(beside(file, connections))];
    const inFile = file === null ? [] : [await keptInFile(file, environment)];
    const kept = [...onClone, ...inFile];
    const all = latestRuns(kept.flatMap(({ records }) => records));
    const shown = all.slice(0, limit);
    const reached = onClone.some(({ source }) => source.problem === null);
    const busy = connections === null || !reached ? [] : await atWork(connections, shown);
    return {
      environment,
      sources: kept.map(({ source }) => source),
      runs: shown.map((record) => ({ ...record, atWork: busy.includes(record.run) })),
      more: all.length - shown.length,
    };
  } finally {
    await connections?.close();
  }
}

async function keptOnClone(connections: Connections): Promise<Kept> {
  const { source, target } = connections.contracts;
  const { environment } = source;
  const session = await connections.reader(await connections.first('target'));
  const found = await runHistory(session, historyTable(environment));
  const mark = ownMark(found?.comment ?? null, 'history', environment);
  const rows = mark === null || found?.historyReadable !== true ? [] : await keptRuns(session, environment);
  const records = rows.flatMap((row) => runRecord.safeParse(row).data ?? []);
  // What was before the oldest of a full table is forgotten.
  const since = rows.length >= KEPT_RUNS ? (records.at(-1)?.began ?? null) : (mark?.since ?? null);
  const name = target!.cluster.identifier;
  return {
    source: {
      kind: 'clone',
      name,
      since,
      runs: records.length,
      unreadable: rows.length - records.length,
      problem: null,
    },
    records,
  };
}

/** A clone that cannot be reached takes nothing from what a file says. */
function beside(file: string | null, { contracts }: Connections) {
  return (cause: unknown): Kept => {
    if (file === null || !(cause instanceof ConnectError)) throw cause;
    const name = contracts.target!.cluster.identifier;
    return { source: { kind: 'clone', name, since: null, runs: 0, unreadable: 0, problem: cause.seen }, records: [] };
  };
}

async function keptInFile(file: string, environment: string): Promise<Kept> {
  const found = await runsInFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(file, cause);
  });
  const records = (found?.records ?? []).filter((one) => one.environment === environment);
  const runs = latestRuns(records);
  const since = runs.at(-1)?.began ?? null;
  return {
    source: { kind: 'file', name: file, since, runs: runs.length, unreadable: found?.unreadable ?? 0, problem: null },
    records,
  };
}

/** Its sessions have its id in their names, on the clone too. */
export async function atWork(connections: Connections, runs: readonly RunRecord[]): Promise<string[]> {
  const open = runs.filter(({ ended }) => ended === null);
  if (open.length === 0) return [];
  const session = await connections.reader(await connections.first('target'));
  const names = new Map(open.map(({ environment, run }) => [applicationName(environment, run), run]));
  return (await sessionsNamed(session, [...names.keys()])).map((name) => names.get(name)!);
}

function unreadable(file: string, cause: NodeJS.ErrnoException): OperatorError {
  return new OperatorError({
    code: 'HISTORY_FILE_UNREADABLE',
    seen: `the history of runs in ${file} cannot be read: ${cause.message}`,
    why: 'what was run on the environment is not shown as a whole without it',
    next: 'name a file that can be read, or leave out --history-file to see what is kept on the clone',
    cause,
  });
}
