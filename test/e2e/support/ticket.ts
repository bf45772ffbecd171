import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ticketParameter } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';
import type { Lab } from '../../../lab/lab';

/** Issues a ticket as sql-runner does, where no slots are needed for what a test is about. */
export async function putTicket(lab: Lab, { name, target, region }: Environment): Promise<void> {
  const client = new SSMClient({
    region,
    endpoint: lab.env.AWS_ENDPOINT_URL,
    credentials: { accessKeyId: `LAB${target.accountId}`, secretAccessKey: 'lab' },
  });
  const ticket = {
    version: 1,
    environment: name,
    nonce: '00000000-0000-4000-8000-000000000000',
    issuedAt: new Date().toISOString(),
  };
  await client.send(
    new PutParameterCommand({ Name: ticketParameter(name), Value: JSON.stringify(ticket), Type: 'String' }),
  );
  client.destroy();
}
