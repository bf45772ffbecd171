import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PostgresBinaries } from './binaries';
import { ADMIN_ROLE } from './roles';
import { writeOwned } from './server-files';
import { runProgram } from './server-process';

/** initdb. The directory above must exist and belong to the server user. */
export async function initialise(
  binaries: PostgresBinaries,
  dataDirectory: string,
  adminPassword: string,
  more: readonly string[] = [],
): Promise<void> {
  const directory = dirname(dataDirectory);
  // A file, as a command line is visible to every user of the machine.
  const passwordFile = join(directory, 'initdb-password');
  await writeOwned(passwordFile, `${adminPassword}\n`);
  const access = ['-U', ADMIN_ROLE, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const args = ['-D', dataDirectory, ...access, '-E', 'UTF8', '--locale=C', '--no-sync', ...more];
  await runProgram(binaries.initdb, args, directory).finally(() => rm(passwordFile, { force: true }));
}
