import { existsSync, statSync, type Stats } from 'node:fs';
import { AwsError } from '../aws-error';
import { findCluster, findInstance } from '../clusters';
import { logPortion } from '../log-portion';
import type { Scope } from '../operation';
import { paginate, required } from '../protocols/form-values';
import { XmlList, type XmlValue } from '../protocols/xml';

interface LogFile {
  readonly name: string;
  readonly path: string;
  readonly stats: Stats;
}

/**
 * RDS begins a file at times and names it by when it did; the lab's server has one. A reader has a server and a log of
 * its own there, and here those of the writer.
 */
function logFilesOf({ account, servers }: Scope, form: URLSearchParams): LogFile[] {
  const { clusterIdentifier } = findInstance(account, required(form, 'DBInstanceIdentifier'));
  const path = servers.logFile(findCluster(account, clusterIdentifier));
  if (!existsSync(path)) return [];
  const stats = statSync(path);
  const begun = stats.birthtime.toISOString();
  return [{ name: `error/postgresql.log.${begun.slice(0, 13).replace('T', '-')}${begun.slice(14, 16)}`, path, stats }];
}

export function describeLogFiles(scope: Scope, form: URLSearchParams): XmlValue {
  const contained = form.get('FilenameContains') ?? '';
  const [writtenSince, largerThan] = [wholeNumber(form, 'FileLastWritten'), wholeNumber(form, 'FileSize')];
  const files = logFilesOf(scope, form)
    .filter(({ name }) => name.includes(contained))
    .filter(({ stats }) => writtenSince === null || stats.mtimeMs >= writtenSince)
    .filter(({ stats }) => largerThan === null || stats.size > largerThan);
  const { page, marker } = paginate(files, form);
  const rows = page.map(({ name, stats }) => ({
    LogFileName: name,
    LastWritten: Math.floor(stats.mtimeMs),
    Size: stats.size,
  }));
  return { DescribeDBLogFiles: new XmlList('DescribeDBLogFilesDetails', rows), Marker: marker };
}

export function downloadLogPortion(scope: Scope, form: URLSearchParams): XmlValue {
  const name = required(form, 'LogFileName');
  const file = logFilesOf(scope, form).find((one) => one.name === name);
  if (file === undefined) throw new AwsError('DBLogFileNotFoundFault', `DBLog File: ${name} is not found.`, 404);
  const lines = wholeNumber(form, 'NumberOfLines') ?? undefined;
  const { text, marker, pending } = logPortion(file.path, form.get('Marker'), lines);
  return { LogFileData: text, Marker: marker, AdditionalDataPending: pending };
}

function wholeNumber(form: URLSearchParams, name: string): number | null {
  const value = form.get(name);
  if (value === null) return null;
  if (!/^\d+$/.test(value)) throw new AwsError('InvalidParameterValue', `${name} must be a whole number.`);
  return Number(value);
}
