import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { dependencies } from './binaries/package.json';

const FOLDER = join(__dirname, 'binaries');

/** Every version that the project is run with, the oldest that it allows first. */
export const NODES: readonly string[] = Object.keys(dependencies).map((alias) => alias.replace('node-', ''));

/** The versions that the command line names, whole or by their major; all when it names none. @throws Error for others */
export function wantedNodes(args: readonly string[]): string[] {
  const unknown = args.filter((arg) => !NODES.some((version) => isNamed(version, arg)));
  if (unknown.length > 0) throw new Error(`Not one of Node ${NODES.join(', ')}: ${unknown.join(', ')}`);
  return NODES.filter((version) => args.length === 0 || args.some((arg) => isNamed(version, arg)));
}

function isNamed(version: string, arg: string): boolean {
  return version === arg || version.startsWith(`${arg}.`);
}

/** They come from npm when they are asked for, and not by `npm ci`, which would have everybody download them. */
export function installNodes(): void {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['ci', '--prefix', FOLDER, ...flags], { stdio: 'inherit' });
}

/** The folder that makes this version the `node` of whatever has it first on its PATH. */
export function binOf(version: string): string {
  return join(FOLDER, 'node_modules', `node-${version}`, 'bin');
}
