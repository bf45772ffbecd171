import type { IncomingMessage } from 'node:http';

/** A call of AWS, by the names that IAM policies use. */
export interface RecordedCall {
  readonly account: string;
  /** Name of the role that was assumed, with its path; null: none. */
  readonly role: string | null;
  /** `rds:DescribeDBClusters` */
  readonly action: string;
  /** ARNs that IAM looks at; `*` where the action knows no resources. */
  readonly resources: readonly string[];
  /** Condition keys that IAM would know of it. */
  readonly context: Readonly<Record<string, string>>;
}

/** What the lab's Terraform provider did. */
export interface RecordedOperation {
  readonly operation: 'create' | 'read' | 'update' | 'delete' | 'data';
  readonly type: string;
  readonly account: string;
  readonly config: Readonly<Record<string, unknown>> | null;
  readonly prior: Readonly<Record<string, unknown>> | null;
  readonly attributes: Readonly<Record<string, unknown>> | null;
}

/** Services of the query protocol, by the version of their API. */
const VERSIONS: Readonly<Record<string, string>> = { '2011-06-15': 'sts', '2016-11-15': 'ec2', '2010-03-31': 'sns' };
const SERVICES: Readonly<Record<string, string>> = {
  AmazonSSM: 'ssm',
  GraniteServiceVersion20100801: 'cloudwatch',
  secretsmanager: 'secretsmanager',
  TrentService: 'kms',
};

export function recordedCall(request: IncomingMessage, body: string): RecordedCall {
  const [, account = 'unknown', region = ''] =
    /Credential=LAB(\d{12})\/\d{8}\/([a-z0-9-]+)/.exec(request.headers.authorization ?? '') ?? [];
  const token = Buffer.from(String(request.headers['x-amz-security-token'] ?? ''), 'base64').toString();
  const role = /^lab:(.+)\/[^/]+$/.exec(token)?.[1] ?? null;
  const target = request.headers['x-amz-target'];
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  if (typeof target === 'string') {
    const [service = '', name = ''] = target.split('.');
    const input = JSON.parse(body) as Record<string, string>;
    const context: Record<string, string> =
      input.Namespace === undefined ? {} : { 'cloudwatch:namespace': input.Namespace };
    const action = `${SERVICES[service] ?? service}:${name}`;
    return { account, role, action, resources: jsonResources(input, arn), context };
  }
  const form = new URLSearchParams(body);
  const service = VERSIONS[form.get('Version') ?? ''] ?? 'rds';
  const action = `${service}:${form.get('Action')}`;
  return { account, role, action, resources: service === 'rds' ? rdsResources(form, arn) : ['*'], context: {} };
}

type MakeArn = (service: string, resource: string) => string;

/** Secrets and keys are named by ARN, parameters by name. */
function jsonResources({ SecretId, KeyId, Name }: Record<string, string>, arn: MakeArn): string[] {
  const found = [SecretId, KeyId, Name === undefined ? undefined : arn('ssm', `parameter${Name}`)];
  return found.filter((one) => one !== undefined).concat(found.every((one) => one === undefined) ? ['*'] : []);
}

const KINDS = {
  DBClusterIdentifier: 'cluster',
  DBClusterParameterGroupName: 'cluster-pg',
  DBInstanceIdentifier: 'db',
} as const;

function rdsResources(form: URLSearchParams, arn: MakeArn): string[] {
  if (form.get('Action') === 'DescribeBlueGreenDeployments') return ['*'];
  const named = Object.entries(KINDS).flatMap(([key, kind]) => {
    const name = form.get(key);
    if (name === null) return [];
    return [name.startsWith('arn:') ? name : arn('rds', `${kind}:${name}`)];
  });
  return named.length > 0 ? named : [arn('rds', 'db:*')];
}
