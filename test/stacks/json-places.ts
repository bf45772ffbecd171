/** Names of places in the JSON of both stacks, as jsonDifference gives them. */

export const contract = 'source.output.contract.value';
/** What the owner of production adds, in both syntaxes. */
export const ownerTexts = ['source.output.owner_hcl.value', 'source.output.owner_json.value'];
export const group = (stack: string) => `${stack}.resource.aws_rds_cluster_parameter_group.logical_replication`;
export const subnetConditions = (...numbers: number[]) =>
  numbers.flatMap((number) =>
    ['condition', 'error_message'].map(
      (part) => `target.resource.aws_db_subnet_group.clone_subnets.lifecycle.precondition.${number}.${part}`,
    ),
  );
/** What the group depends on is sorted by address, so another route or rule is at a place of its own. */
export const dependsOn = `${group('source')}.depends_on`;
export const production = 'source.data.aws_rds_cluster.production';
/** What keeps the mode of sharing as it was. */
export const sharingModes = [
  'source.resource.terraform_data.cluster_mode',
  'target.resource.terraform_data.sharing_mode',
] as const;
/** Imports and overrides stand in cdktf's notes as well. */
export const adopted = [
  '+source.//.metadata.imports',
  '+source.import',
  '+source.output.contract.value.owned',
  '+source.resource.aws_rds_cluster',
  '-source.removed.12',
  ...[9, 10, 11].map((number) => `source.removed.${number}.from`),
  // An end of the environment has to leave production.
  ...sharingModes.map((place) => `${place}.lifecycle.postcondition.0.error_message`),
];
/** What the state is to forget, behind what it has of production in other modes. */
export const forgotten = (...numbers: number[]) => numbers.map((number) => `+source.removed.${number}`);
export const cloneCluster = 'target.resource.aws_rds_cluster.clone_cluster';
export const oneClone = 'target.resource.terraform_data.clone_made.lifecycle.postcondition.0';
export const cloneContract = 'target.output.contract.value';
export const cloneEvents = 'target.resource.aws_cloudwatch_event_rule.monitoring_events_cluster.event_pattern';
export const instance = (number: number) => `target.resource.aws_rds_cluster_instance.clone_instance_${number}`;
export const statesIn = (backend: string) => [
  `source.terraform.backend.${backend}`,
  'target.data.terraform_remote_state.source.config',
  `target.terraform.backend.${backend}`,
];
export const s3 = statesIn('s3');
export const CLOUD = [
  'source.terraform.cloud',
  'target.data.terraform_remote_state.source.config',
  'target.terraform.cloud',
];
export const onceEach = (places: readonly string[], argument: string) => places.map((place) => `${place}.${argument}`);
/** Where the VPC of production stands. */
export const sourceVpc = [
  'source.data.aws_db_subnet_group.production_subnets.lifecycle.postcondition.0.condition',
  'source.data.aws_db_subnet_group.production_subnets.lifecycle.postcondition.0.error_message',
  'source.data.aws_vpc_peering_connections.active_peering.filter.0.values.0',
  'source.resource.aws_vpc_peering_connection.peering.lifecycle.precondition.0.error_message',
  'source.resource.aws_vpc_peering_connection.peering.vpc_id',
];
