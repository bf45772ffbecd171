import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notCarriedOut } from '../advice/not-carried-out';
import { ON_OTHER_MAJORS } from '../advice/other-majors';
import { type CarriedOut, recorded } from '../advice/record';
import { CORE_SUITE } from './suite';

/** What came of the core suite on one major version. */
export interface MajorRun {
  readonly major: number;
  readonly passed: number;
  /** Tests, and files that did not even start. */
  readonly failed: number;
  readonly seconds: number;
  /** Advice that only this version prints, and that no test carried out. */
  readonly adviceLeft: readonly string[];
  /** True only when jest ended well, at least one test ran, and no advice is left. */
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
  const record = join(folder, 'carried-out.jsonl');
  const started = Date.now();
  try {
    const { exitCode, output } = await jest(['--json', `--outputFile=${results}`, ...CORE_SUITE], major, record);
    const seconds = (Date.now() - started) / 1000;
    return summarise(major, exitCode, readResults(results), output, seconds, adviceLeft(major, recorded(record)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A plain run is excused from what only this version prints, so that it must be carried out here. */
export function adviceLeft(major: number, done: readonly CarriedOut[]): string[] {
  const left = notCarriedOut(done);
  return (ON_OTHER_MAJORS[major] ?? []).filter((text) => left.includes(text));
}

function jest(
  args: readonly string[],
  major: number,
  record: string,
): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, TEST_POSTGRES_MAJOR: String(major), ADVICE_RECORD: record, FORCE_COLOR: '0' };
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
  left: readonly string[],
): MajorRun {
  const passed = results?.numPassedTests ?? 0;
  const failed = (results?.numFailedTests ?? 0) + (results?.numRuntimeErrorTestSuites ?? 0);
  const green = exitCode === 0 && results?.success === true && failed === 0 && passed > 0 && left.length === 0;
  return { major, passed, failed, seconds, adviceLeft: left, green, output };
}
