import { existsSync, readFileSync } from 'node:fs';

const PRESSURE = '/proc/pressure/cpu';

/**
 * Milliseconds for which anything on this machine had to wait for a processor, since it was started: what it takes off a
 * time was none of whoever was asked. Linux tells it since 4.20 (pressure stall information), others do not.
 */
export function starvedMs(): number {
  if (!existsSync(PRESSURE)) return 0;
  const [, total = '0'] = /^some .*total=(\d+)/m.exec(readFileSync(PRESSURE, 'utf8')) ?? [];
  return Number(total) / 1_000;
}
