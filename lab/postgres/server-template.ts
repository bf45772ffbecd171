import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostgresBinaries, ServerTemplate } from './binaries';
import { createCertificates } from './certificates';
import { initialise } from './data-directory';
import { freePort, giveBackPort } from './free-port';
import { furnishService, makeClusterDirectory } from './initialise';
import { ADMIN_ROLE } from './roles';
import { CA_FILE, writeOwned, writeServerFiles } from './server-files';
import { startServer, stopServer } from './server-process';
import { openSession } from './session';

/**
 * The files of a server that has all but a master user and databases, to be copied: several times as fast as making
 * them, for who makes many clusters one after the other. Made by the first who asks, below `folder`. Copies share a
 * system identifier, so two of them that meet are taken for one another's clones.
 */
export async function serverTemplate(binaries: PostgresBinaries, folder: string): Promise<ServerTemplate> {
  const directory = join(folder, `server-${binaries.version}`);
  if (!existsSync(directory)) await makeWhole(binaries, directory);
  return {
    dataDirectory: join(directory, 'data'),
    adminPassword: await readFile(join(directory, 'admin-password'), 'utf8'),
  };
}

/** Complete or absent: made beside its place, then renamed. Who comes second throws away what he made. */
async function makeWhole(binaries: PostgresBinaries, directory: string): Promise<void> {
  const partial = `${directory}.${randomBytes(4).toString('hex')}`;
  try {
    await make(binaries, partial);
    await rename(partial, directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
}

async function make(binaries: PostgresBinaries, directory: string): Promise<void> {
  await makeClusterDirectory(directory);
  const [dataDirectory, certificates] = [join(directory, 'data'), join(directory, 'certificates')];
  const place = { binaries, dataDirectory, logFile: join(directory, 'server.log') };
  const [password, port] = [randomBytes(18).toString('base64url'), await freePort()];
  // Small segments: whoever makes a clone copies all that there is.
  await initialise(binaries, dataDirectory, password, ['--wal-segsize=1']);
  await writeServerFiles(dataDirectory, await createCertificates(certificates), port);
  await startServer(place);
  try {
    await furnishService(async (database, work) => {
      const login = { user: ADMIN_ROLE, password, database };
      const admin = await openSession(login, { port, caFile: join(dataDirectory, CA_FILE) });
      await work(admin).finally(() => admin.end());
    });
  } finally {
    await stopServer(place, 'fast');
    await giveBackPort(port);
  }
  await writeOwned(join(directory, 'admin-password'), password);
  await rm(certificates, { recursive: true });
}
