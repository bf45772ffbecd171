import { OWNER_HCL_OUTPUT } from '../../contract/production';
import { seenOf } from '../model/surroundings';
import type { ProductionCheck } from './check';
import { actionsDenied } from './key-statements';

/** A clone of an encrypted cluster is made with the key of production (Aurora user guide, cross-account cloning). */
const letsClone: ProductionCheck = {
  code: 'KEY_POLICY_LACKS',
  stops: ['slot', 'ticket'],
  holds: "the policy of production's key lets the target account make a clone",
  side: 'production',
  run: ({ production, keyPolicy }, { contract, connected }) => {
    const { sourceKeyArn } = production;
    const policy = keyPolicy === null ? null : seenOf(keyPolicy);
    if (sourceKeyArn === null) return [];
    if (policy === null) return null;
    const { denied, unjudged } = actionsDenied(policy, contract);
    const { accountId } = contract.targetAccount;
    if (denied.length === 0) {
      if (unjudged.length === 0) return [];
      return [
        {
          severity: 'info',
          seen: `whether the policy of ${sourceKeyArn} lets account ${accountId} do ${unjudged.join(', ')} depends on conditions that are not judged`,
          why: 'if not, RDS refuses to make the clone',
          next: 'nothing, where a clone was made before; otherwise compare the policy with docs/owner-terraform.md',
        },
      ];
    }
    return [
      {
        severity: connected ? 'warn' : 'block',
        seen: `the policy of ${sourceKeyArn} does not let account ${accountId} do ${denied.join(', ')}`,
        why: connected
          ? 'the clone that there is goes on by the grants that it has; the next one could not be made'
          : 'RDS would refuse to make the clone, after slots that keep WAL have been made for it',
        next: `the owner of the key applies what this prints, which is for their own Terraform: terraform -chdir=cdktf.out/stacks/${contract.stacks.source} output -raw ${OWNER_HCL_OUTPUT}`,
      },
    ];
  },
};

export const productionKeyChecks = [letsClone];
