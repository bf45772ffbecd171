import { callAws } from './aws-errors';
import type { AccountClients } from './clients';

const PATIENCE_MS = 5_000;

/** The policy of a key, as JSON. KMS tells it in the account of the key alone. */
export async function keyPolicy(clients: AccountClients, keyArn: string): Promise<string> {
  return callAws('kms:GetKeyPolicy', clients.accountId, async () => {
    const [{ GetKeyPolicyCommand }, keys] = await Promise.all([import('@aws-sdk/client-kms'), clients.keys()]);
    const { Policy: policy } = await keys.send(new GetKeyPolicyCommand({ KeyId: keyArn }), {
      abortSignal: AbortSignal.timeout(PATIENCE_MS),
    });
    return policy ?? '{}';
  });
}
