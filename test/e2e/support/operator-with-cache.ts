import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * From here on this process, and what it starts, is of an operator who has providers cached for all projects, as
 * Terraform's TF_PLUGIN_CACHE_DIR does and as cdktf does in the home directory without being asked. What a lab put
 * there would be found by a deploy to real accounts.
 * @returns what is there by now
 */
export function operatorWithCache(): () => string[] {
  const home = mkdtempSync(join(tmpdir(), 'operator-'));
  const cache = join(home, 'plugins');
  mkdirSync(cache);
  Object.assign(process.env, { HOME: home, TF_PLUGIN_CACHE_DIR: cache });
  return () => readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => name !== 'plugins');
}
