import { isCtyObject, type CtyObject } from './cty/type';
import { ProviderError } from './diagnostics';
import { isOk, request } from './request';
import { START_THE_LAB } from './settings';

/**
 * Assumes the role of a provider block, as the provider does while it is configured: where STS refuses, nothing is
 * planned. What the lab's provider does afterwards it does in that account, so that the credentials are not needed.
 */
export async function assumeRole(config: CtyObject, endpoint: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const role = (Array.isArray(config.assume_role) ? config.assume_role : []).filter(isCtyObject).at(-1);
  if (role === undefined) return;
  const arn = String(role.role_arn);
  const form = new URLSearchParams({
    Version: '2011-06-15',
    Action: 'AssumeRole',
    RoleArn: arn,
    // The provider makes one up (aws-sdk-go-base).
    RoleSessionName: typeof role.session_name === 'string' ? role.session_name : `terraform-${process.pid}`,
  });
  if (typeof role.external_id === 'string') form.set('ExternalId', role.external_id);
  const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? 'eu-west-1';
  const key = environment.AWS_ACCESS_KEY_ID ?? '';
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/${region}/sts/aws4_request, SignedHeaders=host, Signature=lab`,
    ...(environment.AWS_SESSION_TOKEN ? { 'x-amz-security-token': environment.AWS_SESSION_TOKEN } : {}),
  };
  const answer = await request(endpoint, { method: 'POST', headers }, form.toString()).catch((error: Error) => {
    throw new ProviderError(
      'The lab does not answer',
      `No connection to ${endpoint} (${error.message}). ${START_THE_LAB}`,
    );
  });
  if (!isOk(answer)) throw refused(arn, answer.status, answer.body);
}

/** In the provider's words. */
function refused(arn: string, status: number, answer: string): ProviderError {
  const [code, message] = ['Code', 'Message'].map((tag) => new RegExp(`<${tag}>([^<]*)`).exec(answer)?.[1] ?? '');
  return new ProviderError(
    'Cannot assume IAM Role',
    `IAM Role (${arn}) cannot be assumed.

There are a number of possible causes of this - the most common are:
  * The credentials used in order to assume the role are invalid
  * The credentials do not have appropriate permission to assume the role
  * The role ARN is not valid

Error: operation error STS: AssumeRole, https response error StatusCode: ${status}, api error ${code}: ${message}`,
  );
}
