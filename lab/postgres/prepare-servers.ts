import { linkBinaries, type PostgresBinaries, preparePostgresBinaries } from './binaries';
import { serverTemplate } from './server-template';

/**
 * The programs for servers below `directory`. Where `LAB_TEMPLATES` names a folder, they are the ones in there, under
 * another name, and new servers are copies of one that is there too: what is made once serves a whole run of tests.
 */
export async function prepareServers(directory: string, major?: number): Promise<PostgresBinaries> {
  const shared = await sharedServers(major);
  return shared === undefined ? preparePostgresBinaries(directory, major) : linkBinaries(shared, directory);
}

/** The same for servers whose programs may be anywhere; undefined without `LAB_TEMPLATES`. */
export async function sharedServers(major?: number): Promise<PostgresBinaries | undefined> {
  const folder = process.env.LAB_TEMPLATES;
  if (folder === undefined || folder === '') return undefined;
  const binaries = await preparePostgresBinaries(folder, major);
  return { ...binaries, template: await serverTemplate(binaries, folder) };
}
