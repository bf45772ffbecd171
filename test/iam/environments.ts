import { join } from 'node:path';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { policiesOf, type Policy } from '../../iam/policy/policies';
import type { StackJson } from '../../iam/policy/terraform/stack';
import { synthesize } from '../../stacks/synthesize';

const TESTS = join(__dirname, '..');

/** Environments that have between them every kind of thing that the stacks make. */
export const ENVIRONMENTS: readonly Environment[] = [
  environmentFile('demo'),
  environmentFile('example'),
  join(TESTS, 'stacks', 'modes', 'create.yaml'),
  join(TESTS, 'stacks', 'modes', 'adopt.yaml'),
  join(TESTS, 'stacks', 'modes', 'transit-gateway.yaml'),
  join(TESTS, 'stacks', 'modes', 'known-peering.yaml'),
  join(TESTS, 'stacks', 'modes', 'remote-dns.yaml'),
  join(TESTS, 'stacks', 'modes', 'runner.yaml'),
  join(TESTS, 'e2e', 'environments', 'owned.yaml'),
  join(TESTS, 'e2e', 'environments', 'guarded.yaml'),
].map((file) => loadEnvironment(file));

export interface Made {
  readonly environment: Environment;
  readonly stacks: { readonly source: StackJson; readonly target: StackJson };
  readonly policies: readonly Policy[];
}

export function made(environment: Environment): Made {
  const stacks = synthesize(environment);
  return { environment, stacks, policies: policiesOf(environment, stacks) };
}

/** A policy and its further parts. */
export const documentsOf = (policies: readonly Policy[], name: string) => {
  const found = policies.filter((policy) => policy.name.replace(/-\d+$/, '') === name);
  if (found.length === 0) throw new Error(`there is no policy ${name}`);
  return found.map(({ document }) => document);
};
