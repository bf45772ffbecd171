import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Client } from 'pg';
import type { PostgresBinaries } from './binaries';
import type { LabCertificates } from './certificates';
import { copyTemplate, initialise } from './data-directory';
import { createAdminDatabase, createDatabase, createRoles, furnishDatabase } from './roles';
import { writeServerFiles } from './server-files';
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

/** initdb, or a copy of what it made before, and the lab's configuration. */
export async function makeDataDirectory(options: DataDirectoryOptions): Promise<void> {
  const { template } = options.binaries;
  if (template === undefined) await initialise(options.binaries, options.dataDirectory, options.adminPassword);
  else await copyTemplate(options.binaries, template, options.dataDirectory, options.adminPassword);
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
