import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CORE_SUITE } from './suite';

/** What came of the core suite on one major version. */
export interface MajorRun {
  readonly major: number;
  readonly passed: number;
  /** Tests, and files that did not even start. */
  readonly failed: number;
  readonly seconds: number;
  /** True only when jest ended well and at least one test ran. */
  readonly green: boolean;
  /** What jest printed. */
  readonly output: string;
}

/** The part of `jest --json` that is read here. */
interface JestResults {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  success: boolean;
}

const CHECKOUT = join(__dirname, '..', '..');
const JEST = join(CHECKOUT, 'node_modules', 'jest', 'bin', 'jest.js');

export async function runMajor(major: number): Promise<MajorRun> {
  const folder = mkdtempSync(join(tmpdir(), 'aurora matrix '));
  const results = join(folder, 'results.json');
  const started = Date.now();
  try {
    const { exitCode, output } = await jest(['--json', `--outputFile=${results}`, ...CORE_SUITE], major);
    return summarise(major, exitCode, readResults(results), output, (Date.now() - started) / 1000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function jest(args: readonly string[], major: number): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, TEST_POSTGRES_MAJOR: String(major), FORCE_COLOR: '0' };
    const child = spawn(process.execPath, [JEST, ...args], { cwd: CHECKOUT, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject).on('close', (exitCode) => resolve({ exitCode, output }));
  });
}

/** Undefined when jest ended before it could write them. */
function readResults(file: string): JestResults | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestResults;
  } catch {
    return undefined;
  }
}

export function summarise(
  major: number,
  exitCode: number | null,
  results: JestResults | undefined,
  output: string,
  seconds: number,
): MajorRun {
  const passed = results?.numPassedTests ?? 0;
  const failed = (results?.numFailedTests ?? 0) + (results?.numRuntimeErrorTestSuites ?? 0);
  const green = exitCode === 0 && results?.success === true && failed === 0 && passed > 0;
  return { major, passed, failed, seconds, green, output };
}
