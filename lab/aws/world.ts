import type { Ended } from './ended';

/**
 * What the stand-in for AWS remembers: plain data, so that it can be written to
 * the lab's state file and read back by `lab status`. Nothing here acts.
 */
export interface World {
  readonly region: string;
  /** Accounts of one AWS Organization with RAM sharing enabled: shares need no acceptance. */
  readonly organization: boolean;
  readonly accounts: Record<string, Account>;
  /** RAM shares and peerings belong to two accounts, so they live outside both. By ARN and by id. */
  readonly shares: Record<string, ResourceShare>;
  readonly peerings: Record<string, Peering>;
  /** Of an account that is neither of both, and there before Terraform; absent: none. */
  readonly transitGateways?: Record<string, TransitGateway>;
}

export interface Account {
  readonly id: string;
  /** Roles that somebody may assume, by name with its path. Absent in labs of before: any name. */
  roles?: Record<string, AssumableRole>;
  readonly vpcs: Record<string, Vpc>;
  /** `cidr` is absent in labs of before. */
  readonly subnets: Record<string, { id: string; vpcId: string; availabilityZone: string; cidr?: string }>;
  readonly routeTables: Record<string, { id: string; vpcId: string; routes: Route[] }>;
  readonly securityGroups: Record<string, SecurityGroup>;
  readonly subnetGroups: Record<string, SubnetGroup>;
  readonly parameterGroups: Record<string, ParameterGroup>;
  readonly clusters: Record<string, Cluster>;
  readonly instances: Record<string, Instance>;
  /** By ARN. */
  readonly secrets: Record<string, Secret>;
  /** By identifier; absent: none. */
  blueGreenDeployments?: Record<string, BlueGreenDeployment>;
  readonly ssmParameters: Record<string, SsmParameter>;
  /** By ARN. */
  readonly kmsKeys: Record<string, KmsKey>;
  /** By ARN; absent in labs of before. */
  topics?: Record<string, Topic>;
  /** The newest point of each metric that was put, by namespace and name. Absent: none. */
  metrics?: Record<string, MetricPoint>;
  /** Things that the lab keeps as they are stated, by Terraform’s type and id; absent: none. */
  kept?: Record<string, Record<string, Record<string, unknown>>>;
}

export interface AssumableRole {
  /** sts:ExternalId of its trust policy; null: it asks for none. */
  readonly externalId: string | null;
}

export interface MetricPoint {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly unit: string;
  /** Seconds since 1970. */
  readonly at: number;
}

export interface BlueGreenDeployment {
  readonly identifier: string;
  readonly name: string;
  /** ARN of the blue cluster. */
  readonly source: string;
}

export type Tags = Record<string, string>;

export interface Vpc {
  readonly id: string;
  readonly cidr: string;
  /** Blocks that were added to it; absent: none. */
  readonly secondaryCidrs?: readonly string[];
  /** Account that shares its subnets with this one; absent: it is this account's own. */
  readonly ownerId?: string;
}

/** To one of the two. */
export interface Route {
  readonly cidr: string;
  readonly peeringId?: string;
  readonly transitGatewayId?: string;
}

export interface SecurityGroupRule {
  readonly id: string;
  readonly direction: 'ingress' | 'egress';
  readonly settings: Record<string, unknown>;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly rules: Record<string, SecurityGroupRule>;
}

export interface SubnetGroup {
  readonly name: string;
  description: string;
  vpcId: string;
  subnetIds: string[];
}

export interface ParameterGroup {
  readonly name: string;
  /** `aurora-postgresql17` */
  readonly family: string;
  readonly description: string;
  /** Only the values that differ from the engine's defaults. */
  parameters: Record<string, { value: string; applyMethod: string }>;
  tags: Tags;
}

export interface Cluster {
  readonly identifier: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly engineVersion: string;
  readonly port: number;
  readonly databases: string[];
  readonly masterUsername: string;
  /** Secret with the master user's password; null when the cluster has no managed password. */
  masterSecretArn: string | null;
  masterSecretKmsKeyId: string | null;
  /** Password of rdsadmin, the superuser that only RDS itself has. */
  readonly adminPassword: string;
  /** Password that the server does not have yet because it has never been started. */
  pendingMasterPassword: string | null;
  readonly directory: string;
  parameterGroup: string;
  /** Attached since the last restart: nothing of the group applies before the next one. Absent: no. */
  groupAttachedSince?: boolean;
  /** Dynamic parameters that wait for a restart, with what is in force until then; null: the default. Absent: none. */
  waitingParameters?: Record<string, { value: string; applyMethod: string } | null>;
  subnetGroup: string;
  securityGroupIds: string[];
  deletionProtection: boolean;
  /** Absent in labs of before. */
  settings?: ClusterSettings;
  /** Arguments of the provider that the lab only remembers; absent: none. */
  remembered?: Record<string, unknown>;
  readonly kmsKeyId: string | null;
  /** ARN of the cluster that this one is a clone of. */
  readonly sourceArn: string | null;
  /** A clone's seed LSN, known after its first start. */
  seedLsn: string | null;
  everStarted: boolean;
  tags: Tags;
}

export interface ClusterSettings {
  /** Empty: Standard. */
  readonly storageType: string;
  /** Days. */
  readonly backupRetention: number;
  readonly iamAuthentication: boolean;
  readonly logExports: readonly string[];
}

export interface Instance {
  readonly identifier: string;
  readonly arn: string;
  readonly resourceId: string;
  readonly clusterIdentifier: string;
  instanceClass: string;
  readonly writer: boolean;
  readonly availabilityZone: string;
  /** Arguments of the provider that the lab only remembers; absent: none. */
  remembered?: Record<string, unknown>;
  status: 'available' | 'rebooting' | 'failed';
  parameterStatus: 'in-sync' | 'pending-reboot';
  tags: Tags;
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  description: string;
  kmsKeyId: string | null;
  /** Set when RDS manages the secret. */
  readonly owningService: string | null;
  readonly createdAt: string;
  deletedAt: string | null;
  /** Newest last. */
  versions: { id: string; secretString: string; createdAt: string }[];
  tags: Tags;
}

export interface SsmParameter {
  readonly name: string;
  readonly arn: string;
  type: string;
  value: string;
  version: number;
  modifiedAt: string;
  description: string;
}

/** A topic of SNS, and what was published to it. */
export interface Topic {
  readonly arn: string;
  readonly displayName?: string;
  /** In JSON; absent: that of a new topic. */
  readonly policy?: string;
  readonly tags?: Tags;
  readonly messages: {
    readonly id: string;
    readonly subject: string;
    readonly message: string;
    readonly attributes: Readonly<Record<string, string>>;
    /** Of a FIFO topic. */
    readonly group: string | null;
  }[];
}

export interface KmsKey {
  readonly arn: string;
  readonly grants: Record<string, { id: string; token: string; settings: Record<string, unknown> }>;
  /** As its owner has put it, in JSON; absent: one that lets in both accounts of the lab. */
  policy?: string;
}

export interface ResourceShare {
  readonly arn: string;
  readonly name: string;
  readonly owner: string;
  readonly allowExternalPrincipals: boolean;
  readonly permissionArns: string[];
  resources: string[];
  readonly principals: Record<string, { status: 'pending' | 'accepted' | Ended; invitationArn: string | null }>;
  tags: Tags;
}

export interface Peering {
  readonly id: string;
  readonly requester: { accountId: string; vpcId: string };
  readonly accepter: { accountId: string; vpcId: string; region: string };
  status: 'pending-acceptance' | 'active' | Ended;
  /** Whose public names mean private addresses in the other VPC; absent: nobody's. */
  remoteDns?: { requester: boolean; accepter: boolean };
  tags: Tags;
}

export interface TransitGateway {
  readonly id: string;
  /** By id. */
  readonly attachments: Record<string, { id: string; accountId: string; vpcId: string; state: string }>;
}
