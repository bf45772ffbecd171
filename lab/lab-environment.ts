import { join } from 'node:path';
import { accessKeyOf, OPERATOR_ACCOUNT } from './aws/caller';

export interface LabEnvironmentParts {
  readonly port: number;
  readonly region: string;
  readonly caFile: string;
  /** The lab's own. */
  readonly directory: string;
  /** What the Terraform provider of the lab needs. */
  readonly provider: Record<string, string>;
  /** Another binary than the terraform on PATH. */
  readonly terraform?: string;
}

/** The variables that make AWS SDKs, Terraform and PostgreSQL clients work with the lab. Empty means: unset it. */
export function labEnvironment({
  port,
  region,
  caFile,
  directory,
  provider,
  terraform,
}: LabEnvironmentParts): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: accessKeyOf(OPERATOR_ACCOUNT),
    AWS_SECRET_ACCESS_KEY: 'lab',
    AWS_REGION: region,
    // A profile or a session of the operator's real accounts would win over the keys above.
    AWS_PROFILE: '',
    AWS_SESSION_TOKEN: '',
    PGSSLROOTCERT: caFile,
    // Stacks, and with them a local state, live and die with the lab: `cdktf deploy … --output "$CDKTF_OUTPUT"`.
    // In the project's own folder they would mix with the state of real accounts.
    CDKTF_OUTPUT: join(directory, 'cdktf.out'),
    STACKS_DIR: join(directory, 'cdktf.out', 'stacks'),
    // cdktf keeps providers for all of its projects in the home directory; there the lab's would stand for the real one,
    // and what one lab put there would end with it while another one uses it.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
    TF_PLUGIN_CACHE_DIR: '',
    CHECKPOINT_DISABLE: '1',
    DISABLE_VERSION_CHECK: '1',
    // A shell that reads these runs the terraform that the lab was started with, be it a fetched one.
    ...(terraform === undefined ? {} : { TERRAFORM_BINARY_NAME: terraform }),
    ...provider,
  };
}
