import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../../lab/demo/toolchain';
import type { Lab } from '../../lab/lab';
import type { ClusterContract, SourceContract, TargetContract } from '../../contract/contract';

type Attributes = Record<string, unknown>;
type Blocks = Record<string, Record<string, Attributes>>;
interface StackJson {
  resource: Blocks;
  output: { contract: { value: Attributes } };
}

/**
 * Deploys what the two committed stacks say, straight through the lab's Terraform interface: a clone in a second
 * instead of half a minute, hundreds of times.
 */
export class Deployment {
  private readonly stacks = { source: stackJson('demo-source'), target: stackJson('demo-target') };

  constructor(private readonly lab: Lab) {}

  async deploySource(port: number): Promise<SourceContract> {
    const { resource, output } = this.stacks.source;
    const production = await this.source('data', 'aws_rds_cluster', { cluster_identifier: 'demo-production' });
    const group = this.source(
      'create',
      'aws_rds_cluster_parameter_group',
      only(resource, 'aws_rds_cluster_parameter_group'),
    );
    const share = await this.source('create', 'aws_ram_resource_share', only(resource, 'aws_ram_resource_share'));
    const shared = { resource_share_arn: share.arn };
    await this.source('create', 'aws_ram_resource_association', { ...shared, resource_arn: production.arn });
    await this.source('create', 'aws_ram_principal_association', {
      ...shared,
      principal: this.lab.state.targetAccount,
    });
    await this.target('create', 'aws_ram_resource_share_accepter', { share_arn: share.arn });
    await this.prepareTarget();
    const contract: SourceContract = {
      ...(structuredClone(output.contract.value) as unknown as SourceContract),
      budget: null,
      // The rules and routes around production are not made here.
      production: null,
    };
    contract.cluster = clusterContract(production, port);
    contract.parameterGroup.name = String((await group).name);
    contract.replication.secretArn = await this.createSecret();
    return contract;
  }

  private async prepareTarget(): Promise<void> {
    for (const type of ['aws_db_subnet_group', 'aws_rds_cluster_parameter_group'])
      await this.target('create', type, only(this.stacks.target.resource, type));
  }

  /** Takes the place of a former clone, as a new ticket makes Terraform do. */
  async replaceClone(source: SourceContract, port: number): Promise<TargetContract> {
    const nonce = this.ticketNonce(source);
    // As the precondition on the clone in the target stack.
    if (nonce === undefined) throw new Error('there is no clone ticket: no clone may be taken');
    await this.destroyClone();
    const { resource, output } = this.stacks.target;
    const { vpc_security_group_ids: _, depends_on: __, ...cluster } = only(resource, 'aws_rds_cluster');
    const made = await this.target('create', 'aws_rds_cluster', {
      ...cluster,
      db_subnet_group_name: only(resource, 'aws_db_subnet_group').name,
      db_cluster_parameter_group_name: only(resource, 'aws_rds_cluster_parameter_group').name,
      restore_to_point_in_time: [
        { ...(cluster.restore_to_point_in_time as object), source_cluster_identifier: source.cluster.arn },
      ],
    });
    const instance = { ...only(resource, 'aws_rds_cluster_instance'), cluster_identifier: made.id };
    await this.target('create', 'aws_rds_cluster_instance', instance);
    const contract = structuredClone(output.contract.value) as unknown as TargetContract;
    contract.cluster = clusterContract(made, port);
    contract.ticketNonce = nonce;
    return contract;
  }

  async destroyClone(): Promise<void> {
    const { world, targetAccount } = this.lab.state;
    const { clusters, instances } = world.accounts[targetAccount]!;
    for (const id of Object.keys(instances)) await this.target('delete', 'aws_rds_cluster_instance', null, { id });
    for (const id of Object.keys(clusters))
      await this.target('delete', 'aws_rds_cluster', null, { id, skip_final_snapshot: true });
  }

  /** An empty secret in the place of the former one. */
  async renewSecret(contract: SourceContract): Promise<void> {
    const id = contract.replication.secretArn;
    await this.source('delete', 'aws_secretsmanager_secret', null, { id, recovery_window_in_days: 0 });
    contract.replication.secretArn = await this.createSecret();
  }

  private async createSecret(): Promise<string> {
    const wanted = only(this.stacks.source.resource, 'aws_secretsmanager_secret');
    return String((await this.source('create', 'aws_secretsmanager_secret', wanted)).arn);
  }

  ticketNonce({ ticketParameter }: SourceContract): string | undefined {
    const { world, targetAccount } = this.lab.state;
    const ticket = world.accounts[targetAccount]?.ssmParameters[ticketParameter];
    return ticket === undefined ? undefined : (JSON.parse(ticket.value) as { nonce: string }).nonce;
  }

  private source = (...args: TerraformArguments): Promise<Attributes> =>
    this.terraform(this.lab.state.sourceAccount, ...args);
  private target = (...args: TerraformArguments): Promise<Attributes> =>
    this.terraform(this.lab.state.targetAccount, ...args);

  private async terraform(
    account: string,
    ...[operation, type, config, prior]: TerraformArguments
  ): Promise<Attributes> {
    const { env, world } = this.lab.state;
    const body = JSON.stringify({ operation, type, account, region: world.region, config, prior: prior ?? null });
    const response = await fetch(`${env.AWS_ENDPOINT_URL}/_lab/terraform`, { method: 'POST', body });
    const answer = (await response.json()) as { attributes: Attributes; error?: { summary: string; detail: string } };
    if (answer.error !== undefined) throw new Error(`${answer.error.summary} ${answer.error.detail}`);
    return answer.attributes;
  }
}

type TerraformArguments = [operation: string, type: string, config: Attributes | null, prior?: Attributes];

function stackJson(stack: string): StackJson {
  return JSON.parse(readFileSync(join(PROJECT, 'cdktf.out', 'stacks', stack, 'cdk.tf.json'), 'utf8')) as StackJson;
}

/** The one resource of a type, without what only Terraform itself reads. */
function only(resources: Blocks, type: string): Attributes {
  const [found] = Object.values(resources[type] ?? {});
  const { '//': _, lifecycle: __, ...attributes } = found!;
  return attributes;
}

function clusterContract(attributes: Attributes, port: number): ClusterContract {
  const [secret] = attributes.master_user_secret as { secret_arn: string }[];
  return {
    identifier: String(attributes.cluster_identifier),
    arn: String(attributes.arn),
    endpoint: String(attributes.endpoint),
    port,
    engineVersion: String(attributes.engine_version_actual ?? attributes.engine_version),
    adminSecretArn: secret!.secret_arn,
  };
}
