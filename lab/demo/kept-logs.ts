import { cpSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Copies the logs out of a lab that is about to be removed. Returns where they are, or undefined when there are none. */
export function keepLogs(logs: string): string | undefined {
  if (!existsSync(logs) || readdirSync(logs).length === 0) return undefined;
  const kept = mkdtempSync(join(tmpdir(), 'aurora-demo-logs-'));
  cpSync(logs, kept, { recursive: true });
  return kept;
}
