import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contracts } from '../contract/contract';

const PROJECT = join(__dirname, '..');

export interface Measured {
  readonly seconds: number;
  /** Most memory resident at any time, in MB. */
  readonly megabytes: number;
  /** `0`, or the exit code and the first line of what it complained of. */
  readonly ending: string;
}

/**
 * sql-runner as a user starts it: a process of its own, from the sources, its start included.
 * @param directory for files of the run
 */
export async function measureCommand(
  contracts: Contracts,
  directory: string,
  verb: string,
  ...flags: string[]
): Promise<Measured> {
  const memory = join(directory, 'peak-memory');
  const env = {
    ...process.env,
    PEAK_MEMORY_FILE: memory,
    NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, 'peak-memory.cjs'))}`,
  };
  const argv = [join(PROJECT, 'sql-runner', 'bin.js'), verb, 'demo', ...outputsIn(contracts, directory), ...flags];
  const started = performance.now();
  const { code, stderr } = await ended(argv, env);
  return {
    seconds: (performance.now() - started) / 1000,
    megabytes: Number(readFileSync(memory, 'utf8')) / 1024,
    ending: code === 0 ? '0' : `${code}: ${stderr.trim().split('\n').slice(0, 2).join(' ').slice(0, 300)}`,
  };
}

/** The options that hand the contracts over, as files. */
export function outputsIn(contracts: Contracts, directory: string): string[] {
  return [contracts.source, contracts.target].flatMap((contract, index) => {
    if (contract === null) return [];
    const file = join(directory, `outputs-${index}.json`);
    writeFileSync(file, JSON.stringify(contract));
    return ['--outputs', file];
  });
}

function ended(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { env, maxBuffer: 1 << 30 }, (error, _, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stderr }),
    );
  });
}
