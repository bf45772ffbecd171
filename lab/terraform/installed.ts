import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What answers to a name of a terraform binary. */
export type Installed = { readonly binary: string } & (
  | { readonly version: string }
  // Without a reason, there is no such file.
  | { readonly version?: undefined; readonly reason?: string; readonly cause: unknown }
);

/** True for every version that can apply the stacks. */
export function fits(version: string): boolean {
  const [major, minor] = version.split('.').map(Number) as [number, number];
  return major === 1 && minor >= 10;
}

/** Asks a binary, by path or by its name on PATH, for its version. */
export async function installed(binary: string, environment: NodeJS.ProcessEnv): Promise<Installed> {
  try {
    const { stdout } = await run(binary, ['version', '-json'], { env: { ...environment, CHECKPOINT_DISABLE: '1' } });
    const { terraform_version: version } = JSON.parse(stdout) as { terraform_version?: unknown };
    if (typeof version === 'string' && /^\d+\.\d+\./.test(version)) return { binary, version };
    throw new Error(`«${binary} version -json» names no version`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // EACCES also when a directory of PATH may not be searched and no later one has it.
    const isAbsent = code === 'ENOENT' || code === 'EACCES';
    return { binary, cause: error, ...(isAbsent ? {} : { reason: message.trim() }) };
  }
}
