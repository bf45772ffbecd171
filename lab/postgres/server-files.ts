import { appendFile, copyFile, chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabCertificates } from './certificates';
import { giveToServer } from './server-user';

export const CA_FILE = 'rds-ca.pem';

/** The parameter group's values; rewritten by setParameters. */
const PARAMETER_FILE = 'lab.conf';
/** What a clone knows about itself. */
const SEED_FILE = 'lab-seed.conf';
/** What nobody may change through a parameter group. */
const FIXED_FILE = 'lab-server.conf';

/**
 * fsync is off because a lab need not survive a power cut, only kill -9, for
 * which the kernel's page cache is enough. wal_keep_size leaves the log that a
 * clone copies after the data in place, however many checkpoints come between.
 * What backends share is in files of the data directory, which go with it also
 * when the server is killed.
 */
const DEFAULTS = `
# The lab's defaults; a parameter group may override them.
fsync = off
dynamic_shared_memory_type = mmap
wal_keep_size = '1GB'
max_wal_size = '4GB'
max_connections = 100
wal_level = replica
jit = off
log_line_prefix = '%m [%p] %q%a '
log_timezone = 'UTC'
include_if_exists '${PARAMETER_FILE}'
include_if_exists '${SEED_FILE}'
include '${FIXED_FILE}'
`;

const HBA = `# The lab: TLS and a password, from this machine only.
hostssl all         all 127.0.0.1/32 scram-sha-256
hostssl replication all 127.0.0.1/32 scram-sha-256
`;

export type Parameters = Readonly<Record<string, string>>;

/** Writes everything that a fresh data directory needs beside what initdb wrote. */
export async function writeServerFiles(
  dataDirectory: string,
  certificates: LabCertificates,
  port: number,
): Promise<void> {
  await appendFile(join(dataDirectory, 'postgresql.conf'), DEFAULTS);
  await writeOwned(join(dataDirectory, 'pg_hba.conf'), HBA);
  await replaceServerFiles(dataDirectory, certificates, port);
}

/** Of these, what a copy has of its own. */
export async function replaceServerFiles(
  dataDirectory: string,
  certificates: LabCertificates,
  port: number,
): Promise<void> {
  await writeFixedFile(dataDirectory, port);
  await writeParameters(dataDirectory, {});
  await copyOwned(certificates.caFile, join(dataDirectory, CA_FILE), 0o644);
  await copyOwned(certificates.certFile, join(dataDirectory, 'server.crt'), 0o644);
  await copyOwned(certificates.keyFile, join(dataDirectory, 'server.key'), 0o600);
}

async function writeFixedFile(dataDirectory: string, port: number): Promise<void> {
  const fixed = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    // A socket file would need a short path, and a place that other users cannot guess.
    unix_socket_directories: '',
    ssl: 'on',
    ssl_cert_file: 'server.crt',
    ssl_key_file: 'server.key',
    password_encryption: 'scram-sha-256',
  };
  await writeOwned(join(dataDirectory, FIXED_FILE), configText(fixed));
}

export async function writeParameters(dataDirectory: string, values: Parameters): Promise<void> {
  await writeOwned(join(dataDirectory, PARAMETER_FILE), configText(values));
}

export async function readParameterFile(dataDirectory: string): Promise<string> {
  return readFile(join(dataDirectory, PARAMETER_FILE), 'utf8');
}

export async function restoreParameterFile(dataDirectory: string, text: string): Promise<void> {
  await writeOwned(join(dataDirectory, PARAMETER_FILE), text);
}

export async function writeSeedSettings(dataDirectory: string, values: Parameters): Promise<void> {
  await writeOwned(join(dataDirectory, SEED_FILE), configText(values));
}

/** A clone has its own parameter group: nothing that was set on the source stays. */
export async function resetInheritedSettings(dataDirectory: string, port: number): Promise<void> {
  await writeFixedFile(dataDirectory, port);
  await writeParameters(dataDirectory, {});
  await writeSeedSettings(dataDirectory, {});
  await writeOwned(join(dataDirectory, 'postgresql.auto.conf'), '');
}

function configText(values: Parameters): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${configLiteral(value)}\n`)
    .join('');
}

/** Configuration files know backslash escapes, unlike SQL's standard strings (PostgreSQL manual 19.1.2). */
function configLiteral(value: string): string {
  const escaped = value.replace(/\\/g, '\\\\').replace(/'/g, "''").replace(/\n/g, '\\n');
  return `'${escaped}'`;
}

export async function writeOwned(file: string, text: string, mode = 0o600): Promise<void> {
  await writeFile(file, text, { mode });
  await giveToServer(file);
}

async function copyOwned(from: string, to: string, mode: number): Promise<void> {
  await copyFile(from, to);
  await chmod(to, mode);
  await giveToServer(to);
}
