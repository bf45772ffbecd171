import { AwsError } from '../aws-error';
import { accessKeyOf, OPERATOR_ACCOUNT, sessionToken, type Caller } from '../caller';
import type { XmlValue } from '../protocols/xml';
import type { Account, World } from '../world';

export const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** STS serves callers without an account of their own in the world, so it gets the caller and not a scope. */
type Operation = (world: World, caller: Caller, form: URLSearchParams) => XmlValue;

export const stsOperations: Readonly<Record<string, Operation>> = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
};

const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(.+)$/;

function assumeRole(world: World, caller: Caller, form: URLSearchParams): XmlValue {
  const roleArn = form.get('RoleArn') ?? '';
  const sessionName = form.get('RoleSessionName') ?? '';
  const [, account = '', role = ''] = ROLE_ARN.exec(roleArn) ?? [];
  if (sessionName === '') throw new AwsError('ValidationError', 'RoleSessionName is required.');
  if (!trusts(world.accounts[account], role, form.get('ExternalId'))) {
    const message = `User: ${identityArn(caller)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    throw new AwsError('AccessDenied', message, 403);
  }
  return {
    Credentials: {
      AccessKeyId: accessKeyOf(account),
      SecretAccessKey: 'lab',
      SessionToken: sessionToken(role, sessionName),
      Expiration: new Date(Date.now() + Number(form.get('DurationSeconds') ?? 3600) * 1000).toISOString(),
    },
    AssumedRoleUser: {
      Arn: `arn:aws:sts::${account}:assumed-role/${role}/${sessionName}`,
      AssumedRoleId: `AROALAB${account}:${sessionName}`,
    },
  };
}

/**
 * A trust policy with a condition on sts:ExternalId matches only that; one without takes any, or none. Whether the role is
 * missing or does not trust the caller, the answer is the same (IAM user guide, "Access to AWS accounts owned by third
 * parties").
 */
function trusts(account: Account | undefined, role: string, externalId: string | null): boolean {
  if (account === undefined) return false;
  if (account.roles === undefined) return true;
  const trust = account.roles[role];
  return trust !== undefined && (trust.externalId === null || trust.externalId === externalId);
}

function getCallerIdentity(_world: World, caller: Caller): XmlValue {
  return { Account: caller.account, Arn: identityArn(caller), UserId: `AROALAB${caller.account}` };
}

export function identityArn({ account, session }: Caller): string {
  if (account === OPERATOR_ACCOUNT) return `arn:aws:iam::${account}:user/operator`;
  return session === null ? `arn:aws:iam::${account}:user/lab` : `arn:aws:sts::${account}:assumed-role/${session}`;
}
