import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from './fault';

/** What is broken in a lab on purpose, by the name of the fault. Remembered in the lab's directory, and goes with it. */
export type BrokenNow = Readonly<Record<string, Facts>>;

export function brokenNow(directory: string): BrokenNow {
  try {
    return JSON.parse(readFileSync(fileOf(directory), 'utf8')) as BrokenNow;
  } catch (error) {
    // Nothing was broken yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** @param facts null: it was put back */
export function remember(directory: string, name: string, facts: Facts | null): void {
  const { [name]: _, ...others } = brokenNow(directory);
  const broken = facts === null ? others : { ...others, [name]: facts };
  writeFileSync(fileOf(directory), JSON.stringify(broken, null, 1), { mode: 0o600 });
}

function fileOf(directory: string): string {
  return join(directory, 'broken.json');
}
