import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { devDependencies } from '../../package.json';
import { CHECKOUT } from '../../lab/directory';

const CACHE = join(CHECKOUT, 'node_modules', '.cache', 'chromium');

/** Chromium with the libraries and fonts that it comes with, so that it looks the same on every machine. */
export interface Chromium {
  readonly executable: string;
  readonly variables: Record<string, string>;
}

/**
 * The Chromium of the npm package, unpacked once for a checkout. The package's
 * own way would put 190 MB among the temporary files, and take what anybody
 * else has put there under its name.
 */
export function unpackedChromium(): Chromium {
  const folder = join(CACHE, devDependencies['@sparticuz/chromium']);
  if (!existsSync(folder)) unpack(folder);
  return {
    executable: join(folder, 'chromium'),
    variables: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  };
}

/** Appears whole or not at all; several processes may do this at once. */
function unpack(folder: string): void {
  mkdirSync(CACHE, { recursive: true });
  const whileUnpacking = mkdtempSync(`${folder}.`);
  try {
    // On what it takes for this machine, the package unpacks libraries as well: a bare Debian has no libnss3.
    const env = { ...process.env, TMPDIR: whileUnpacking, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
    const script = `require(process.argv[1]).executablePath()`;
    execFileSync(process.execPath, ['-e', script, require.resolve('@sparticuz/chromium')], { env });
    writeFileSync(join(whileUnpacking, 'fonts.conf'), fontConfiguration(folder));
    renameSync(whileUnpacking, folder);
  } catch (error) {
    rmSync(whileUnpacking, { recursive: true, force: true });
    // Another process was first.
    if (!existsSync(folder)) throw error;
  }
}

/** Only its own fonts; that of the package names places of its own outside. */
function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}/fonts</dir>
  <cachedir>${folder.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}/fonts-cache</cachedir>
</fontconfig>
`;
}
