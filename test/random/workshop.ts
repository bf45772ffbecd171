import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preparePostgresBinaries, type PostgresBinaries } from '../../lab/postgres/binaries';
import { createCertificates, type LabCertificates } from '../../lab/postgres/certificates';
import { giveToServer } from '../../lab/postgres/server-user';
import { stopLab } from '../../lab/shutdown';

/** What the seeds of one process share: programs, certificates and a directory like a lab's. */
export interface Workshop {
  readonly directory: string;
  readonly binaries: PostgresBinaries;
  readonly certificates: LabCertificates;
  /** Ends every process that was started from the directory, also in the middle of a seed, and removes it. */
  close(): Promise<void>;
}

export async function openWorkshop(): Promise<Workshop> {
  const home = await mkdtemp(join(tmpdir(), 'aurora seeds '));
  const directory = join(home, 'lab');
  await mkdir(directory);
  for (const one of [home, directory]) await giveToServer(one);
  return {
    directory,
    binaries: await preparePostgresBinaries(directory),
    certificates: await createCertificates(join(directory, 'certificates')),
    close: () => stopLab(directory),
  };
}
