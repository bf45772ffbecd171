import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Side } from '../contract/contract';
import { stackNames } from '../contract/naming';
import type { Environment } from '../environments/schema';
import { buildApp } from './app';

/**
 * Both stacks as the environment file makes them now. What is committed in cdktf.out may be older than the file, and what
 * is said of it would be said of another environment.
 */
export function synthesize(environment: Environment): Readonly<Record<Side, object>> {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    buildApp([environment], outdir).synth();
    const names = stackNames(environment.name);
    const read = (side: Side) =>
      JSON.parse(readFileSync(join(outdir, 'stacks', names[side], 'cdk.tf.json'), 'utf8')) as object;
    return { source: read('source'), target: read('target') };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
