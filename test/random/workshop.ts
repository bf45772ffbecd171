import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { preparePostgresBinaries, type PostgresBinaries } from '../../lab/postgres/binaries';
import { createCertificates, type LabCertificates } from '../../lab/postgres/certificates';
import { serverTemplate } from '../../lab/postgres/server-template';
import { giveToServer } from '../../lab/postgres/server-user';
import { makeLabDirectory } from '../../lab/directory';
import { stopLab } from '../../lab/shutdown';
import { scratchBase } from '../support/memory';
import { postgresMajor } from '../support/postgres-major';

/** A few seeds at a time, each with two clusters; containers often have 64 MB of memory for files. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/** What the seeds of one process share: programs, certificates and a directory like a lab's. */
export interface Workshop {
  readonly directory: string;
  readonly binaries: PostgresBinaries;
  readonly certificates: LabCertificates;
  /** Ends every process that was started from the directory, also in the middle of a seed, and removes it. */
  close(): Promise<void>;
}

export async function openWorkshop(): Promise<Workshop> {
  const home = await mkdtemp(join(scratchBase(ENOUGH_BYTES), 'aurora seeds '));
  const directory = join(home, 'lab');
  makeLabDirectory(directory);
  try {
    for (const one of [home, directory]) await giveToServer(one);
    return { directory, ...(await furnish(directory)), close: () => stopLab(directory) };
  } catch (error) {
    await stopLab(directory);
    throw error;
  }
}

async function furnish(directory: string): Promise<Pick<Workshop, 'binaries' | 'certificates'>> {
  const binaries = await preparePostgresBinaries(directory, postgresMajor());
  const template = await serverTemplate(binaries, directory);
  const certificates = await createCertificates(join(directory, 'certificates'));
  return { binaries: { ...binaries, template }, certificates };
}
