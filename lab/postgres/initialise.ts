import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Client } from 'pg';
import type { PostgresBinaries } from './binaries';
import type { LabCertificates } from './certificates';
import { initialise } from './data-directory';
import { copyTree } from './physical-copy';
import { createAdminDatabase, createDatabase, createMaster, createServiceRoles, furnishDatabase } from './roles';
import { replaceServerFiles, writeServerFiles } from './server-files';
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

/** initdb and the lab's configuration, or a copy of what has both. */
export async function makeDataDirectory(options: DataDirectoryOptions): Promise<void> {
  const { binaries, certificates, dataDirectory, port } = options;
  if (binaries.template === undefined) {
    await initialise(binaries, dataDirectory, options.adminPassword);
    await writeServerFiles(dataDirectory, certificates, port);
  } else {
    await mkdir(dataDirectory, { mode: 0o700 });
    await giveToServer(dataDirectory);
    await copyTree(binaries.template.dataDirectory, dataDirectory, false);
    await replaceServerFiles(dataDirectory, certificates, port);
  }
}

interface Furniture {
  readonly masterUsername: string;
  readonly masterPassword: string;
  readonly databases: readonly string[];
}

/** Runs work in a superuser's session of one database. */
type AsAdmin = (database: string, work: (admin: Client) => Promise<void>) => Promise<void>;

/** What the service itself has, on a server that just came up for the first time. */
export async function furnishService(asAdmin: AsAdmin): Promise<void> {
  await asAdmin('postgres', async (admin) => {
    await createServiceRoles(admin);
    await furnishDatabase(admin);
  });
  await asAdmin('template1', furnishDatabase);
  await asAdmin('postgres', createAdminDatabase);
}

/** The master user and databases. */
export async function furnishCluster(asAdmin: AsAdmin, furniture: Furniture): Promise<void> {
  await asAdmin('postgres', async (admin) => {
    await createMaster(admin, { user: furniture.masterUsername, password: furniture.masterPassword });
    for (const name of furniture.databases) {
      await createDatabase(admin, name, furniture.masterUsername);
    }
  });
}
