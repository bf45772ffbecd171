import { execFile } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { ServerPlace } from './postgres/server-process';
import { whileStopped } from './servers';

/** The files of a server as they were at one moment. */
export interface OlderFiles {
  /** Where they are; they go away with the lab. */
  readonly kept: string;
  /** Stops the server, gives it these files and starts it: a restored backup under the same name. */
  putBack(): Promise<void>;
}

/** Stops a server, copies its files and starts it again. */
export async function keepFiles(place: ServerPlace): Promise<OlderFiles> {
  const { dataDirectory } = place;
  const kept = `${dataDirectory} kept`;
  await whileStopped(place, () => copy(dataDirectory, kept));
  return {
    kept,
    putBack: () =>
      whileStopped(place, async () => {
        await rm(dataDirectory, { recursive: true });
        await copy(kept, dataDirectory);
      }),
  };
}

/** Gives a server the files of another directory; that one gets what it had. */
export async function exchangeFiles(place: ServerPlace, other: string): Promise<void> {
  const aside = `${place.dataDirectory} aside`;
  await whileStopped(place, async () => {
    await rename(place.dataDirectory, aside);
    await rename(other, place.dataDirectory);
    await rename(aside, other);
  });
}

/** With owners and modes, which the server looks at. */
async function copy(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', '--reflink=auto', from, to]);
}
