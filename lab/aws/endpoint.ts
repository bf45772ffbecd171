import { createServer, type IncomingMessage, type Server } from 'node:http';
import { describeOperatorError, OperatorError } from '../../errors/operator-error';
import { AwsError, unsupported } from './aws-error';
import { callerOf, OPERATOR_ACCOUNT, type Caller } from './caller';
import type { ClusterServers } from './cluster-servers';
import type { HttpAnswer, Scope } from './operation';
import { endInvitations } from './invitations';
import { jsonAnswer, jsonFailure, parseJsonBody } from './protocols/json';
import { ec2Answer, ec2Failure, parseQuery, queryAnswer, queryFailure, type QueryRequest } from './protocols/query';
import { cloudwatchOperations } from './services/cloudwatch';
import { EC2_NAMESPACE, EC2_VERSION, ec2Operations } from './services/ec2';
import { kmsOperations } from './services/kms';
import { RDS_NAMESPACE, rdsOperations } from './services/rds';
import { secretsManagerOperations } from './services/secrets-manager';
import { SNS_NAMESPACE, SNS_VERSION, snsOperations } from './services/sns';
import { ssmOperations } from './services/ssm';
import { identityArn, STS_NAMESPACE, stsOperations } from './services/sts';
import { terraformOperation, type TerraformRequest } from './terraform';
import type { World } from './world';

export interface EndpointOptions {
  readonly world: World;
  readonly servers: ClusterServers;
  /** Called after every request, before its answer is sent. */
  readonly save: () => void;
}

const JSON_SERVICES = {
  AmazonSSM: ssmOperations,
  secretsmanager: secretsManagerOperations,
  // What CloudWatch was called before it was.
  GraniteServiceVersion20100801: cloudwatchOperations,
  TrentService: kmsOperations,
} as const;
const STS_VERSION = '2011-06-15';
const NAMESPACES: Readonly<Record<string, string>> = { [STS_VERSION]: STS_NAMESPACE, [SNS_VERSION]: SNS_NAMESPACE };

/** The HTTP endpoint that plays AWS for both accounts, and the lab's Terraform provider's counterpart. */
export function createEndpoint(options: EndpointOptions): Server {
  return createServer((request, response) => {
    void answer(options, request)
      .catch((error: unknown) => jsonFailure(asAwsError(error)))
      .then(({ status, contentType, body }) => {
        options.save();
        // Whoever asks the lab itself waits for terraform in between: a kept connection would be closed by then.
        const connection = request.url?.startsWith('/_lab/') === true ? { connection: 'close' } : {};
        const headers = { 'content-type': contentType, 'x-amzn-requestid': 'lab', ...connection };
        response.writeHead(status, headers).end(body);
      });
  });
}

async function answer(options: EndpointOptions, request: IncomingMessage): Promise<HttpAnswer> {
  const body = await textOf(request);
  if (request.url === '/_lab/terraform') return terraform(options, body);
  if (request.url === '/_lab/expire') return jsonAnswer(endInvitations(options.world, 'expired'));
  if (request.url === '/_lab/decline') return jsonAnswer(endInvitations(options.world, 'rejected'));
  const target = request.headers['x-amz-target'];
  return typeof target === 'string' ? json(options, request, target, body) : query(options, request, parseQuery(body));
}

async function terraform(options: EndpointOptions, body: string): Promise<HttpAnswer> {
  const request = parseJsonBody(body) as unknown as TerraformRequest;
  const contentType = 'application/json';
  try {
    const scope = scopeOf(options, { account: request.account, region: request.region, session: null });
    const result = await terraformOperation(scope, request);
    return { status: 200, contentType, body: JSON.stringify(result) };
  } catch (error) {
    const { code, message } = asAwsError(error);
    const failure = { summary: `${request.operation} ${request.type}: ${code}`, detail: message };
    return { status: 400, contentType, body: JSON.stringify({ error: failure }) };
  }
}

async function json(
  options: EndpointOptions,
  request: IncomingMessage,
  target: string,
  body: string,
): Promise<HttpAnswer> {
  try {
    const [service = '', operation = ''] = target.split('.');
    const handler = JSON_SERVICES[service as keyof typeof JSON_SERVICES]?.[operation];
    if (handler === undefined) throw unsupported(target);
    return jsonAnswer(await handler(scopeOf(options, callerOf(request.headers)), parseJsonBody(body)));
  } catch (error) {
    return jsonFailure(asAwsError(error));
  }
}

async function query(
  options: EndpointOptions,
  request: IncomingMessage,
  { action, version, form }: QueryRequest,
): Promise<HttpAnswer> {
  const namespace = NAMESPACES[version] ?? RDS_NAMESPACE;
  try {
    const caller = callerOf(request.headers);
    if (version === STS_VERSION) {
      const operation = stsOperations[action] ?? fail(unsupported(`STS ${action}`));
      return queryAnswer(namespace, action, operation(options.world, caller, form));
    }
    if (version === SNS_VERSION) {
      const operation = snsOperations[action] ?? fail(unsupported(`SNS ${action}`));
      return queryAnswer(namespace, action, operation(scopeOf(options, caller), form));
    }
    if (version === EC2_VERSION) {
      const operation = ec2Operations[action] ?? fail(unsupported(`EC2 ${action}`));
      return ec2Answer(EC2_NAMESPACE, action, operation(scopeOf(options, caller), form));
    }
    const operation = rdsOperations[action] ?? fail(unsupported(`the call "${action}"`));
    return queryAnswer(namespace, action, operation(scopeOf(options, caller), form));
  } catch (error) {
    return version === EC2_VERSION ? ec2Failure(asAwsError(error)) : queryFailure(namespace, asAwsError(error));
  }
}

/** The caller's own account and nothing else; the operator has none, and a Region has only what was made there. */
function scopeOf({ world, servers, save }: EndpointOptions, caller: Caller): Scope {
  const account = world.accounts[caller.account];
  if (account === undefined) {
    const hint = caller.account === OPERATOR_ACCOUNT ? ' The operator of the lab may only assume a role.' : '';
    throw new AwsError(
      'AccessDenied',
      `User: ${identityArn(caller)} is not authorized to perform this action.${hint}`,
      403,
    );
  }
  if (caller.region !== world.region) {
    throw new AwsError(
      'AccessDenied',
      `The lab stands in for Region ${world.region} only, and was called for ${caller.region}.`,
      403,
    );
  }
  return { world, account, region: caller.region, servers, save };
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof OperatorError) return new AwsError(error.code, describeOperatorError(error));
  console.error(error);
  return new AwsError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
}

function fail(error: Error): never {
  throw error;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
