import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { OperatorError } from '../../errors/operator-error';
import { cloneTicketSchema, type CloneTicket } from '../../contract/contract';
import { callAws, isAwsError } from './aws-errors';
import type { AccountClients } from './clients';

/** The clone ticket in the target account; null when there is none. */
export async function readTicket(clients: AccountClients, name: string): Promise<CloneTicket | null> {
  const text = await callAws('ssm:GetParameter', clients.accountId, async () => {
    try {
      return (await clients.parameters.send(new GetParameterCommand({ Name: name }))).Parameter?.Value ?? null;
    } catch (cause) {
      if (isAwsError(cause, 'ParameterNotFound')) return null;
      throw cause;
    }
  });
  if (text === null) return null;
  try {
    return cloneTicketSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new OperatorError({
      code: 'TICKET_MALFORMED',
      seen: `SSM parameter ${name} in account ${clients.accountId} is not a clone ticket of this version`,
      why: 'it alone tells whether the clone was taken after the slots',
      next: `if nobody else uses the parameter: aws ssm delete-parameter --name ${name}, then run the same command again`,
      cause,
    });
  }
}

export async function writeTicket(clients: AccountClients, name: string, ticket: CloneTicket): Promise<void> {
  await callAws('ssm:PutParameter', clients.accountId, () =>
    clients.parameters.send(
      new PutParameterCommand({ Name: name, Value: JSON.stringify(ticket), Type: 'String', Overwrite: true }),
    ),
  );
}

export async function deleteTicket(clients: AccountClients, name: string): Promise<void> {
  await callAws('ssm:DeleteParameter', clients.accountId, async () => {
    try {
      await clients.parameters.send(new DeleteParameterCommand({ Name: name }));
    } catch (cause) {
      if (!isAwsError(cause, 'ParameterNotFound')) throw cause;
    }
  });
}
