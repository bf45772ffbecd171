import type { SourceContract } from '../../contract/contract';
import { OWNER_HCL_OUTPUT, type Maker } from '../../contract/production';

/** Where what the owner of production adds is printed. */
export const ownersAdditions = ({ stacks }: SourceContract): string =>
  `terraform -chdir=cdktf.out/stacks/${stacks.source} output -raw ${OWNER_HCL_OUTPUT}`;

/**
 * How it comes back, and stays.
 * @param inline what removes it at each apply, where its owner's Terraform has such blocks
 */
export function againBy(contract: SourceContract, maker: Maker, what: string, inline: string): string {
  return maker === 'owner'
    ? `the owner of ${contract.cluster.identifier} applies what this prints, which is for their own Terraform: ${ownersAdditions(contract)}`
    : `cdktf deploy ${contract.stacks.source} makes the ${what} again; where its owner's Terraform has ${inline}, which remove it at each apply, it has to stand there (docs/owner-terraform.md)`;
}
