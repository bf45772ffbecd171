import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * An operator who has providers cached for all projects, as Terraform's TF_PLUGIN_CACHE_DIR does and as cdktf does in
 * the home directory without being asked. What a lab put there would be found by a deploy to real accounts.
 */
export class OperatorWithCache {
  private readonly home = mkdtempSync(join(tmpdir(), 'operator-'));

  /** From here on this process, and what it starts, is of that operator. */
  constructor() {
    const cache = join(this.home, 'plugins');
    mkdirSync(cache);
    Object.assign(process.env, { HOME: this.home, TF_PLUGIN_CACHE_DIR: cache });
  }

  /** What there is of others. */
  found(): string[] {
    return readdirSync(this.home, { recursive: true, encoding: 'utf8' }).filter((name) => name !== 'plugins');
  }

  end(): void {
    rmSync(this.home, { recursive: true });
  }
}
