import { TerraformResource, type TerraformCount } from 'cdktf';
import type { Construct } from 'constructs';
import type { Side } from '../../../contract/contract';
import { stackNames } from '../../../contract/naming';
import { endOf } from '../../../environments/left-stacks';
import type { Environment } from '../../../environments/schema';

export interface Shared {
  readonly environment: Environment;
  readonly side: Side;
  /** Absent: the mode counts from the first deploy on. */
  readonly count?: TerraformCount;
}

/**
 * Refuses a plan under another `sharing.mode` than the share was made under: to `organization` the target would leave the
 * share that it accepted, and from it there is no invitation to accept. Either way the next clone could not be taken, and
 * Terraform would find out after it had destroyed the present one.
 *
 * What the mode was stays written down, as in one-clone-per-ticket.ts. The source stack does not know whether there is a
 * clone; so it always refuses, and says how a choice is mended that nothing was taken under. The target stack knows.
 */
export function oneSharingMode(scope: Construct, id: string, { environment, side, count }: Shared): void {
  const { mode } = environment.sharing;
  const written = new TerraformResource(scope, id, {
    terraformResourceType: 'terraform_data',
    ...(count === undefined ? {} : { count }),
  });
  written.lifecycle = {
    ignoreChanges: ['input'],
    postcondition: [
      {
        condition: `\${self.output == "${mode}"}`,
        errorMessage: [
          `sharing.mode was \${self.output} when this stack was deployed, and is ${mode} now.`,
          WHY[mode],
          ...wayOut(environment),
          ...(side === 'source' ? [beforeTheClone(environment, `terraform_data.${written.friendlyUniqueId}`)] : []),
        ].join(' '),
      },
    ],
  };
  written.addOverride('input', mode);
}

/** What the change to it would do. */
const WHY = {
  organization:
    'The target account would leave the share that it has accepted, and no other clone could be taken after this one.',
  invitation:
    'The share was given without an invitation, so the target account finds none to accept, and no other clone could be taken after this one.',
};

function wayOut({ name, source }: Environment): string[] {
  return [
    'To keep the environment, take the change back.',
    `To begin anew with the other mode, take it back too, end the environment, and then change the file: ${endOf([name])}.`,
    ...(source.cluster.mode === 'existing'
      ? []
      : ['Let go of production before (docs/source-modes.md): it is in the state of the source stack.']),
  ];
}

/** A replacement takes over what the file says: it is planned without ignored changes. */
function beforeTheClone({ name }: Environment, address: string): string {
  return `Only where no clone was taken yet, this changes the mode: terraform -chdir=cdktf.out/stacks/${stackNames(name).source} apply -replace=${address}`;
}
