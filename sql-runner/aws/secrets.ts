import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { OperatorError } from '../../errors/operator-error';
import { keepSecret } from '../explain/redaction';
import { callAws, isAwsError } from './aws-errors';
import type { AccountClients } from './clients';

/** The shape RDS gives its managed secrets, and ours follow. */
const loginSchema = z.object({ username: z.string().min(1), password: z.string().min(1) });
export type Login = z.infer<typeof loginSchema>;

/** A login as it stands in a secret; the version changes with every new value. */
export interface StoredLogin extends Login {
  readonly version: string;
}

/**
 * The login in a secret; null while the secret has no value yet.
 * @param version one that it had before, which Secrets Manager keeps for a while; null: it does not any more
 */
export async function readLogin(
  clients: AccountClients,
  secretArn: string,
  version?: string,
): Promise<StoredLogin | null> {
  const answer = await callAws('secretsmanager:GetSecretValue', clients.accountId, async () => {
    try {
      return await clients.secrets.send(new GetSecretValueCommand({ SecretId: secretArn, VersionId: version }));
    } catch (cause) {
      // Also what AWS answers for a secret without any version.
      if (isAwsError(cause, 'ResourceNotFoundException')) return null;
      throw cause;
    }
  });
  if (answer?.SecretString === undefined) return null;
  return { ...parseLogin(answer.SecretString, secretArn), version: answer.VersionId ?? '' };
}

/** The content is never part of the error. */
function parseLogin(text: string, secretArn: string): Login {
  try {
    const login = loginSchema.parse(JSON.parse(text));
    keepSecret(login.password);
    return login;
  } catch {
    throw new OperatorError({
      code: 'SECRET_MALFORMED',
      seen: `secret ${secretArn} is not a JSON object with username and password`,
      why: 'sql-runner cannot log in to the database without both',
      next: 'store {"username": "…", "password": "…"} in it, as RDS does for managed master passwords',
    });
  }
}

/** @param version 32 to 64 characters; where the secret had such a version before, the new one gets another */
export async function writeLogin(
  clients: AccountClients,
  secretArn: string,
  login: Login,
  version: string,
): Promise<void> {
  keepSecret(login.password);
  const value = { SecretId: secretArn, SecretString: JSON.stringify(login) };
  await callAws('secretsmanager:PutSecretValue', clients.accountId, async () => {
    try {
      await clients.secrets.send(new PutSecretValueCommand({ ...value, ClientRequestToken: version }));
    } catch (cause) {
      // Somebody has put an older value back into place, and it is followed for the second time.
      if (!isAwsError(cause, 'ResourceExistsException')) throw cause;
      await clients.secrets.send(new PutSecretValueCommand(value));
    }
  });
}
