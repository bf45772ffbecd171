import { existsSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * A PATH on which everything is found but one program. Folders that have it are
 * replaced by ones with links to all else that they hold.
 * @param folder where those are made
 */
export function pathWithout(program: string, folder: string, path = process.env.PATH ?? ''): string {
  const folders = path.split(':').filter((entry) => entry !== '' && existsSync(entry));
  return folders
    .map((entry) => {
      if (!existsSync(join(entry, program))) return entry;
      const links = mkdtempSync(join(folder, 'bin-'));
      for (const name of readdirSync(entry)) if (name !== program) symlinkSync(resolve(entry, name), join(links, name));
      return links;
    })
    .join(':');
}
