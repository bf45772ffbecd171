import { OperatorError } from '../../errors/operator-error';
import type { FetchOptions } from './fetch';
import { fits, installed, type Installed } from './installed';
import { PINNED } from './release';

export interface Terraform {
  /** Path, or the name on PATH. */
  readonly binary: string;
  readonly version: string;
}

export interface EnsureOptions extends Partial<Omit<FetchOptions, 'announce'>> {
  /** Gets the one line that says what is fetched and why. */
  readonly say?: (line: string) => void;
}

/**
 * The terraform that everything here runs: the one that TERRAFORM_BINARY_NAME
 * names, else the one on PATH, else one that is fetched. A fetched one is put
 * into TERRAFORM_BINARY_NAME, which cdktf and every child process read too:
 * https://developer.hashicorp.com/terraform/cdktf/create-and-deploy/environment-variables
 *
 * @throws OperatorError TERRAFORM_MISSING, TERRAFORM_VERSION or one of fetchTerraform's
 */
export async function ensureTerraform(options: EnsureOptions = {}): Promise<Terraform> {
  const { environment = process.env, release = PINNED, say = onStderr } = options;
  const named = environment.TERRAFORM_BINARY_NAME;
  // Whoever names one has chosen: it is never replaced by another.
  const found = await installed(named || 'terraform', environment);
  if (found.version !== undefined && fits(found.version)) return { binary: found.binary, version: found.version };
  if (named || isOff(environment)) throw refused(found, named ? undefined : environment.TERRAFORM_FETCH);
  const announce = (host: string, damaged: boolean): void =>
    say(`${shortly(found)}${damaged ? DAMAGED : ''}; fetching ${release.version} from ${host}`);
  // With what it needs, only where it is needed.
  const { fetchTerraform } = await import('./fetch');
  const binary = await fetchTerraform({ ...options, environment, release, announce });
  environment.TERRAFORM_BINARY_NAME = binary;
  return { binary, version: release.version };
}

/** Anything but `on` was meant to prevent something. */
function isOff({ TERRAFORM_FETCH: setting }: NodeJS.ProcessEnv): boolean {
  return setting !== undefined && !['', 'on'].includes(setting);
}

const DAMAGED = ', and the one that was kept is not what was fetched';

function onStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

function shortly(found: Installed): string {
  if (found.version !== undefined) return `terraform ${found.version} on PATH does not fit`;
  return found.reason === undefined ? 'No terraform on PATH' : 'The terraform on PATH does not run';
}

/** @param setting of TERRAFORM_FETCH, where that is why none is fetched */
function refused(found: Installed, setting: string | undefined): OperatorError {
  const { binary } = found;
  const next =
    setting === undefined
      ? 'Install Terraform 1.10 or later from https://developer.hashicorp.com/terraform/install, or name another binary in TERRAFORM_BINARY_NAME.'
      : `Install Terraform 1.10 or later from https://developer.hashicorp.com/terraform/install; without TERRAFORM_FETCH=${setting}, one is fetched.`;
  if (found.version !== undefined) {
    return new OperatorError({
      code: 'TERRAFORM_VERSION',
      seen: `${binary} is version ${found.version}; >= 1.10 and < 2 is needed`,
      why: 'the stacks ask for it: their states in S3 are locked by a file there',
      next,
    });
  }
  const { reason, cause } = found;
  return new OperatorError({
    code: 'TERRAFORM_MISSING',
    seen: reason === undefined ? `${binary} is not on PATH, or may not be run` : `${binary} does not run: ${reason}`,
    why: 'the stacks are applied by Terraform',
    next,
    cause,
  });
}
