import { join } from 'node:path';
import { startChild } from '../../../lab/demo/child';
import { PROJECT } from '../../../lab/demo/toolchain';
import type { Lab } from '../../../lab/lab';

/**
 * What people do beside typing the commands: they approve what cdktf shows, and have `terraform` and `aws` on their PATH.
 * What cdktf shows while it is at work is for a terminal; CI=1 leaves it out.
 */
const PEOPLE = `
set -eo pipefail
npx() {
  case "$1 $2" in
    'cdktf deploy'|'cdktf destroy') command npx "$@" --auto-approve ;;
    *) command npx "$@" ;;
  esac
}
terraform() { command "\${TERRAFORM_BINARY_NAME:-terraform}" "$@"; }
aws() { NODE_NO_WARNINGS=1 node "$GUIDE_TSX" "$GUIDE_AWS" "$@"; }
`;

export interface Ended {
  readonly exitCode: number | null;
  /** What a terminal would have shown, in its order. */
  readonly printed: string;
}

/** A prompt in a checkout, whose cloud is a lab. */
export class Shell {
  private readonly env: NodeJS.ProcessEnv;

  constructor(
    readonly folder: string,
    lab: Lab,
    private readonly log: string,
    profiles: Readonly<Record<string, string>>,
  ) {
    // The stacks are where they are with real accounts: in the checkout, which is the test's own.
    const { CDKTF_OUTPUT: _, STACKS_DIR: __, ...labEnv } = lab.env;
    const variables = {
      ...process.env,
      ...labEnv,
      CDKTF_OUTPUT: '',
      STACKS_DIR: '',
      CI: '1',
      NO_COLOR: '1',
      FORCE_COLOR: '0',
      AWS_PROFILES: JSON.stringify(profiles),
      GUIDE_TSX: join(PROJECT, 'node_modules', 'tsx', 'dist', 'cli.mjs'),
      GUIDE_AWS: join(PROJECT, 'test', 'support', 'aws-program.ts'),
      GIT_AUTHOR_NAME: 'A reader',
      GIT_AUTHOR_EMAIL: 'reader@example.com',
      GIT_COMMITTER_NAME: 'A reader',
      GIT_COMMITTER_EMAIL: 'reader@example.com',
    };
    // Whoever runs the tests by npm is in another folder than the reader.
    const own = ([name, value]: [string, string | undefined]) => value !== '' && !/^npm_|^ENVIRONMENTS_DIR$/.test(name);
    this.env = Object.fromEntries(Object.entries(variables).filter(own));
  }

  async run(commands: string): Promise<Ended> {
    const argv = ['bash', '-c', `exec 2>&1\n${PEOPLE}\n${commands}`];
    const { exitCode, stdout } = await startChild({ argv, cwd: this.folder, env: this.env, log: this.log }).result;
    return { exitCode, printed: stdout };
  }
}
