import type { RdsCluster } from '@cdktf/provider-aws/lib/rds-cluster';
import { TerraformResource, type TerraformCount } from 'cdktf';
import type { Construct } from 'constructs';
import { stackNames } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';
import { addressOf } from './address';

export interface Made {
  readonly environment: Environment;
  readonly cluster: RdsCluster;
  /** As the file states it; undefined: the restore decides, and Terraform takes any. */
  readonly keyArn: string | undefined;
  readonly count: TerraformCount;
  /** Address of what changes with the ticket. */
  readonly ticket: string;
}

/**
 * Refuses a plan that would make the clone anew under the ticket that the present one was made under: once a clone
 * follows, its slots have moved on, and no other one can begin where the ticket says.
 *
 * Terraform does not tell a condition what it would replace. So what the clone was made from is written down beside it,
 * once it is there, and stays as it is until there is another ticket: `ignore_changes` keeps the input, and with it the
 * output is known at plan time. A new ticket replaces it together with the clone, and a replacement takes over what the
 * file says then (terraform, node_resource_abstract_instance.go: it is planned without ignored changes).
 */
export function oneClonePerTicket(scope: Construct, { environment, cluster, keyArn, count, ticket }: Made): void {
  const clone = `${addressOf(cluster)}[0]`;
  const source = `${clone}.restore_to_point_in_time[0].source_cluster_identifier`;
  // The key as AWS has it: stated later, the same one replaces nothing.
  const input = {
    identifier: `\${${clone}.cluster_identifier}`,
    source: `\${${source}}`,
    key: `\${${clone}.kms_key_id}`,
  };
  const same = {
    'target.clone.identifier': `self.output.identifier == ${clone}.cluster_identifier`,
    'the cluster that it is a clone of': `self.output.source == ${source}`,
    ...(keyArn === undefined ? {} : { 'its key, in kms': `self.output.key == "${keyArn}"` }),
  };
  const made = new TerraformResource(scope, 'made', {
    terraformResourceType: 'terraform_data',
    count,
    lifecycle: {
      ignoreChanges: ['input'],
      replaceTriggeredBy: [ticket],
      postcondition: [
        { condition: `\${${Object.values(same).join(' && ')}}`, errorMessage: ticketUsed(environment, same) },
      ],
    },
  });
  made.addOverride('input', input);
}

function ticketUsed({ name }: Environment, same: Readonly<Record<string, string>>): string {
  const changed = Object.entries(same).map(([what, isSame]) => `${isSame} ? "" : "${what}"`);
  return `The clone ticket was used by clone \${self.output.identifier}. A change of \${join(", ", compact([${changed.join(', ')}]))} Terraform can only do by deleting that clone with all of its data, and no other clone is connected under a used ticket. To keep the clone, take the change back. For a new one, run: sql-runner reset ${name}, which issues another ticket, then cdktf deploy ${stackNames(name).target}, then sql-runner apply ${name}.`;
}
