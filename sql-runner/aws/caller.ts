import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { withoutVersionNotice } from './sdk-notice';

const ANSWER_MS = 3_000;

/** Who calls, as AWS knows it: needs no permission. null: it did not say so in time, or there are no credentials. */
export async function callerArn(region: string): Promise<string | null> {
  withoutVersionNotice();
  const client = new STSClient({ region, maxAttempts: 1 });
  try {
    const sent = client.send(new GetCallerIdentityCommand({}), { abortSignal: AbortSignal.timeout(ANSWER_MS) });
    return (await sent).Arn ?? null;
  } catch {
    return null;
  } finally {
    client.destroy();
  }
}
