import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { callAws } from './aws-errors';
import type { AccountClients } from './clients';

const PATIENCE_MS = 5_000;

/** The policy of a key, as JSON. KMS tells it in the account of the key alone. */
export async function keyPolicy(clients: AccountClients, keyArn: string): Promise<string> {
  return callAws('kms:GetKeyPolicy', clients.accountId, async () => {
    const { Policy: policy } = await clients.keys.send(new GetKeyPolicyCommand({ KeyId: keyArn }), {
      abortSignal: AbortSignal.timeout(PATIENCE_MS),
    });
    return policy ?? '{}';
  });
}
