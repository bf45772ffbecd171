import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import { stackNames } from '../../contract/naming';
import type { Environment } from '../../environments/schema';
import { buildApp } from '../../stacks/app';

type Block = Record<string, unknown>;

/** The parts of a stack's Terraform JSON that tests look at. */
export interface TerraformJson {
  readonly data: Record<string, Record<string, Block>>;
  readonly locals: Record<string, string>;
  readonly output: Record<string, { value: unknown; depends_on?: string[] }>;
  readonly provider: { aws: Block[] };
  readonly resource: Record<string, Record<string, Block>>;
  readonly terraform: { backend: Record<string, Block>; cloud?: Block; required_version: string };
}

export function committed(name: 'demo' | 'example'): Environment {
  return loadEnvironment(environmentFile(name));
}

/**
 * The text of cdk.tf.json for both stacks, synthesised in this process.
 *
 * @param beside the other environments that there are files of
 */
export function synthesizeText(
  environment: Environment,
  beside: readonly Environment[] = [],
): { source: string; target: string } {
  const outdir = mkdtempSync(join(tmpdir(), 'synth '));
  try {
    buildApp([environment, ...beside], outdir).synth();
    const read = (stack: string) => readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8');
    const names = stackNames(environment.name);
    return { source: read(names.source), target: read(names.target) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

export function synthesize(environment: Environment): { source: TerraformJson; target: TerraformJson } {
  const { source, target } = synthesizeText(environment);
  return { source: JSON.parse(source) as TerraformJson, target: JSON.parse(target) as TerraformJson };
}

/** The one resource of a type. */
export function only(json: TerraformJson, type: string): Block {
  const found = Object.values(json.resource[type] ?? {});
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} resources of type ${type}`);
  return found[0];
}
