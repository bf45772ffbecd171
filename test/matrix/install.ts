import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * The versions of PostgreSQL beside the default one are installed when they
 * are asked for and not by `npm ci`, which would have everybody download them.
 */
export function installOtherMajors(): void {
  const folder = join(__dirname, '..', '..', 'lab', 'postgres', 'majors');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['ci', '--prefix', folder, ...flags], { stdio: 'inherit' });
}
