import {
  DescribeDBLogFilesCommand,
  DownloadDBLogFilePortionCommand,
  type DescribeDBLogFilesDetails,
} from '@aws-sdk/client-rds';
import { OperatorError } from '../../errors/operator-error';
import { callAws } from './aws-errors';
import type { AccountClients } from './clients';
import { describeCluster } from './cluster';

/** The end of a server's log. */
export interface LogTail {
  readonly tail: string;
  /** Why it was not read; null: it was. */
  readonly unread: string | null;
  /** The instance whose log it is, where it was found out. */
  readonly writer?: string;
}

/** Of a file at most so many lines are asked for, and of all of them so many bytes kept, the newest. */
export interface LogPart {
  readonly lines: number;
  readonly bytes: number;
  /** Nothing may be missing between its lines: where a file is not read to its beginning, none before it is. */
  readonly unbroken?: true;
}

const OF_NOW: LogPart = { lines: 1_000, bytes: 256 * 1024 };
/** RDS begins a new file every hour, or as a group says: the last one may have just begun. */
const FILES = 2;
/** How far back it is read at most: a log that tells of now was written to by now. */
export const LOG_REACH_MS = 2 * 3_600_000;
const PAGES = 5;
const PATIENCE_MS = 10_000;

/**
 * The newest lines of the log of a cluster's writer. It is asked for to say more than the catalogs know, so that it
 * cannot be had fails nothing: then it says why.
 */
export async function readServerLog(clients: AccountClients, cluster: string): Promise<LogTail> {
  return unlessFailed(async (until) => {
    const { writer } = await describeCluster(clients, cluster);
    return { ...(await newestLines(clients, writer, OF_NOW, until)), writer };
  });
}

/** The same of one instance, and of another part of its log. */
export const readInstanceLog = (clients: AccountClients, instance: string, part: LogPart): Promise<LogTail> =>
  unlessFailed((until) => newestLines(clients, instance, part, until));

async function unlessFailed(read: (until: AbortSignal) => Promise<LogTail>): Promise<LogTail> {
  const until = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await read(until);
  } catch (cause) {
    return { tail: '', unread: reason(cause, until) };
  }
}

async function newestLines(
  clients: AccountClients,
  instance: string,
  { lines, bytes, unbroken }: LogPart,
  until: AbortSignal,
): Promise<LogTail> {
  const files = await lastFiles(clients, instance, until);
  if (files.length === 0) return { tail: '', unread: `instance ${instance} has no log file of the last hours` };
  let tail = '';
  for (const { LogFileName: file, Size: size = Infinity } of files) {
    const text = await lastLines(clients, instance, file!, lines, until);
    tail = `${text}${tail}`;
    if (Buffer.byteLength(tail) >= bytes || (unbroken && Buffer.byteLength(text) < size)) break;
  }
  return { tail: lastBytes(tail, bytes), unread: null };
}

/** The newest first. */
async function lastFiles(
  clients: AccountClients,
  instance: string,
  until: AbortSignal,
): Promise<DescribeDBLogFilesDetails[]> {
  const files: DescribeDBLogFilesDetails[] = [];
  let marker: string | undefined;
  for (let page = 0; page === 0 || (marker !== undefined && marker !== '' && page < PAGES); page += 1) {
    const answer = await callAws('rds:DescribeDBLogFiles', clients.accountId, () =>
      clients.rds.send(
        new DescribeDBLogFilesCommand({
          DBInstanceIdentifier: instance,
          FilenameContains: 'postgresql.log',
          FileLastWritten: Date.now() - LOG_REACH_MS,
          Marker: marker,
        }),
        { abortSignal: until },
      ),
    );
    files.push(...(answer.DescribeDBLogFiles ?? []));
    marker = answer.Marker;
  }
  return files
    .filter(({ LogFileName: name }) => name !== undefined && !/\.(?:csv|json|gz)$/.test(name))
    .sort((a, b) => (b.LastWritten ?? 0) - (a.LastWritten ?? 0) || (a.LogFileName! < b.LogFileName! ? 1 : -1))
    .slice(0, FILES);
}

/** Without a marker RDS gives the lines at the file's end. */
async function lastLines(
  clients: AccountClients,
  instance: string,
  file: string,
  lines: number,
  until: AbortSignal,
): Promise<string> {
  const { LogFileData: text = '' } = await callAws('rds:DownloadDBLogFilePortion', clients.accountId, () =>
    clients.rds.send(
      new DownloadDBLogFilePortionCommand({ DBInstanceIdentifier: instance, LogFileName: file, NumberOfLines: lines }),
      { abortSignal: until },
    ),
  );
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** From the beginning of a line on. */
function lastBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  const kept = bytes.subarray(bytes.length - most).toString();
  return kept.slice(kept.indexOf('\n') + 1);
}

function reason(cause: unknown, until: AbortSignal): string {
  if (until.aborted) return `AWS gave no answer within ${PATIENCE_MS / 1_000} s`;
  if (!(cause instanceof OperatorError)) return (cause as Error).message;
  if (cause.code !== 'AWS_ACCESS_DENIED') return cause.seen;
  const [call, , , account] = cause.seen.split(' ');
  return `${call} is not allowed in account ${account} (docs/iam.md has the policy)`;
}
