import { DataAwsRdsCluster } from '@cdktf/provider-aws/lib/data-aws-rds-cluster';
import { DataAwsRdsClusters } from '@cdktf/provider-aws/lib/data-aws-rds-clusters';
import { DataAwsSsmParametersByPath } from '@cdktf/provider-aws/lib/data-aws-ssm-parameters-by-path';
import { TerraformLocal, TerraformResource, type Precondition } from 'cdktf';
import { Construct } from 'constructs';
import { parameterPath, ticketParameter } from '../../../contract/naming';

/** Of the clone: the nonce that it was made under. That of the stack is not known while a plan replaces it. */
const TICKET_TAG = 'CloneTicket';

/**
 * Keeps the clone from being made before the replication slots exist, and has
 * it made again when they were made anew. A deploy before there is a ticket
 * makes everything but the clone, so that share and peering are accepted early:
 * both end seven days after they were offered.
 *
 * The ticket is read by path, not by name: a data source for one parameter fails
 * with "not found" when there is none, while an empty list leaves it to the
 * precondition to say what to do. The provider marks all values as sensitive;
 * a nonce is no secret.
 */
export class CloneTicketGate extends Construct {
  /** Conditions for the lifecycle of the clone. Terraform does not check them when it destroys. */
  readonly preconditions: Precondition[];
  /** Address of a resource that changes with the nonce; what lists it in replace_triggered_by is replaced then. */
  readonly trigger: string;
  /** Expression for the nonce that the clone was made under. */
  readonly nonce: string;
  /** Expression that is true where there is a ticket, or a clone: without a ticket one that is there is refused, not destroyed. */
  readonly cloneWanted: string;
  /** Expression that is true where the clone that is there was made under another ticket than there is now: it gives way. */
  readonly cloneGivesWay: string;
  /** What says of a clone under which ticket it was made, as long as it is there. */
  readonly tags: Readonly<Record<string, string>>;

  /** @param subnetGroup that of the clone, by which it is known under whatever identifier */
  constructor(
    scope: Construct,
    id: string,
    { environment, subnetGroup }: { environment: string; subnetGroup: string },
  ) {
    super(scope, id);
    const parameters = new DataAwsSsmParametersByPath(this, 'parameters', { path: parameterPath(environment) });
    const parameter = ticketParameter(environment);
    const listed = `data.aws_ssm_parameters_by_path.${parameters.friendlyUniqueId}`;
    const [names, values] = [`${listed}.names`, `${listed}.values`];
    const ticket = new TerraformLocal(
      this,
      'ticket',
      `\${try(jsondecode(nonsensitive(${values})[index(${names}, "${parameter}")]), null)}`,
    );
    const local = `local.${ticket.friendlyUniqueId}`;
    const valid = `try(${local}.environment == "${environment}" && length(${local}.nonce) >= 16, false)`;

    const clones = this.clonesIn(subnetGroup);
    const wanted = new TerraformLocal(
      this,
      'wanted',
      `\${contains(${names}, "${parameter}") || length(${clones}) > 0}`,
    );
    this.cloneWanted = `local.${wanted.friendlyUniqueId}`;
    // Without a ticket, as after a teardown, nothing is taken anew; a clone without the tag is from before there was one.
    const givesWay = new TerraformLocal(
      this,
      'gives-way',
      `\${${valid} && anytrue([for one in ${clones} : try(one.tags["${TICKET_TAG}"] != ${local}.nonce, false)])}`,
    );
    this.cloneGivesWay = `local.${givesWay.friendlyUniqueId}`;

    // cdktf's own DataResource runs the terraform binary at every synth, to check its version.
    const holder = new TerraformResource(this, 'nonce', { terraformResourceType: 'terraform_data' });
    const nonce = `\${try(${local}.nonce, "")}`;
    this.tags = { [TICKET_TAG]: nonce };
    // Replaced, not updated: Terraform destroys what was made under the old nonce
    // before it, so a failure in between cannot lose the change.
    holder.addOverride('triggers_replace', nonce);
    holder.addOverride('input', nonce);
    this.trigger = `terraform_data.${holder.friendlyUniqueId}`;
    this.nonce = holder.getStringAttribute('output');
    this.preconditions = [
      { condition: `\${contains(${names}, "${parameter}")}`, errorMessage: missingTicket(environment) },
      {
        condition: `\${!contains(${names}, "${parameter}") || ${valid}}`,
        errorMessage: unreadableTicket(environment, parameter),
      },
    ];
  }

  /**
   * Expression: the clusters in the subnet group of the clone. Looked up among all, not by its identifier: that can be
   * another one in the file by now, and a cluster that is looked up by name and is not there is an error.
   */
  private clonesIn(subnetGroup: string): string {
    const clusters = new DataAwsRdsClusters(this, 'clusters', {
      filter: [{ name: 'engine', values: ['aurora-postgresql'] }],
    });
    const cluster = new DataAwsRdsCluster(this, 'cluster', { clusterIdentifier: '${each.value}' });
    const all = `data.aws_rds_clusters.${clusters.friendlyUniqueId}.cluster_identifiers`;
    cluster.addOverride('for_each', `\${toset(${all})}`);
    return `[for one in data.aws_rds_cluster.${cluster.friendlyUniqueId} : one if one.db_subnet_group_name == "${subnetGroup}"]`;
  }
}

/** Only where there is a clone; else none is made, which is no error. */
function missingTicket(environment: string): string {
  return `No clone ticket for environment ${environment}. Run: sql-runner apply ${environment} — it creates the replication slots that must exist before the clone is taken. The clone that is there stays as it is; to remove the environment, run cdktf destroy on this stack.`;
}

function unreadableTicket(environment: string, parameter: string): string {
  return `The SSM parameter ${parameter} does not hold a clone ticket of environment ${environment}. Delete it and run: sql-runner apply ${environment} — it issues a new ticket.`;
}
