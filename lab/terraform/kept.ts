import { createHash } from 'node:crypto';
import { chmodSync, createReadStream, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { notKept } from './fetch-errors';

/**
 * Whether a binary is there and is what was checked when it was fetched. A third of a second, so it is asked each time:
 * a disk may have lost some of it since, and a program may have been put in its place by mistake.
 *
 * @param sum its SHA-256, where this repository has it; else the one that was written down beside it counts
 */
export async function isKept(file: string, sum: string | undefined): Promise<boolean> {
  if (!existsSync(file)) return false;
  const expected = sum ?? writtenSum(file);
  if (expected === undefined) return false;
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch {
    // A folder, or a disk that cannot read it any more: it is fetched again, and takes its place.
    return false;
  }
  return hash.digest('hex') === expected;
}

/**
 * Puts a binary that was checked into its place, whole or not at all, and writes down its sum.
 * @throws OperatorError TERRAFORM_NOT_KEPT
 */
export function keep(file: string, binary: Uint8Array): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    // Its sum first: without one, it would be fetched again.
    putWhole(sumFile(file), `${createHash('sha256').update(binary).digest('hex')}\n`, 0o644);
    putWhole(file, binary, 0o755);
  } catch (cause) {
    throw notKept(cause as Error);
  }
}

function putWhole(file: string, content: Uint8Array | string, mode: number): void {
  const whileWriting = `${file}.${process.pid}`;
  try {
    writeFileSync(whileWriting, content);
    chmodSync(whileWriting, mode);
    if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) rmSync(file, { recursive: true });
    renameSync(whileWriting, file);
  } catch (error) {
    rmSync(whileWriting, { force: true });
    throw error;
  }
}

/** Removes what a process left that was killed while it wrote: files of `keep` with the id of none that runs. */
export function sweepUnfinished(file: string): void {
  const folder = dirname(file);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(`${basename(file)}.`))) {
    const [, pid] = /\.(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const sumFile = (file: string): string => `${file}.sha256`;

function writtenSum(file: string): string | undefined {
  try {
    return readFileSync(sumFile(file), 'utf8').trim();
  } catch {
    return undefined;
  }
}
