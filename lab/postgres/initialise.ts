import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Client } from 'pg';
import type { PostgresBinaries } from './binaries';
import type { LabCertificates } from './certificates';
import { ADMIN_ROLE, createAdminDatabase, createDatabase, createRoles, furnishDatabase } from './roles';
import { writeOwned, writeServerFiles } from './server-files';
import { runProgram } from './server-process';
import { assertReachable, giveToServer } from './server-user';

/** An empty directory that the server user owns and can reach. */
export async function makeClusterDirectory(directory: string): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  await mkdir(directory, { mode: 0o700 });
  await giveToServer(directory);
  assertReachable(directory);
}

interface DataDirectoryOptions {
  readonly binaries: PostgresBinaries;
  readonly certificates: LabCertificates;
  readonly dataDirectory: string;
  readonly port: number;
  readonly adminPassword: string;
}

/** initdb, and the lab's configuration. */
export async function makeDataDirectory(options: DataDirectoryOptions): Promise<void> {
  const directory = dirname(options.dataDirectory);
  // A file, as a command line is visible to every user of the machine.
  const passwordFile = join(directory, 'initdb-password');
  await writeOwned(passwordFile, `${options.adminPassword}\n`);
  const access = ['-U', ADMIN_ROLE, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const args = ['-D', options.dataDirectory, ...access, '-E', 'UTF8', '--locale=C', '--no-sync'];
  await runProgram(options.binaries.initdb, args, directory).finally(() => rm(passwordFile, { force: true }));
  await writeServerFiles(options.dataDirectory, options.certificates, options.port);
}

interface Furniture {
  readonly masterUsername: string;
  readonly masterPassword: string;
  readonly databases: readonly string[];
}

/** Runs work in a superuser's session of one database. */
type AsAdmin = (database: string, work: (admin: Client) => Promise<void>) => Promise<void>;

/** Roles, functions and databases of a server that just came up for the first time. */
export async function furnishCluster(asAdmin: AsAdmin, furniture: Furniture): Promise<void> {
  await asAdmin('postgres', async (admin) => {
    await createRoles(admin, { user: furniture.masterUsername, password: furniture.masterPassword });
    await furnishDatabase(admin);
  });
  await asAdmin('template1', furnishDatabase);
  await asAdmin('postgres', async (admin) => {
    await createAdminDatabase(admin);
    for (const name of furniture.databases) {
      await createDatabase(admin, name, furniture.masterUsername);
    }
  });
}
