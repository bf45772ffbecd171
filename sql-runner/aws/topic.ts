import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { AccountContract } from '../../contract/contract';
import { callAws } from './aws-errors';
import { ownCredentials } from './clients';
import { withoutVersionNotice } from './sdk-notice';

export interface TopicMessage {
  readonly subject: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What a FIFO topic keeps in order, and what it takes once only. */
  readonly group: string;
  readonly id: string;
}

const ARN = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):(\d{12}):([\w-]{1,256}(?:\.fifo)?)$/;

/**
 * @param accounts of the environment, with the role that sql-runner assumes there; of another account, and where there is
 * no role, the ambient credentials publish
 */
export function topicPublisher(arn: string, accounts: readonly AccountContract[]) {
  const [, region = '', accountId = '', name = ''] = ARN.exec(arn)!;
  const account = accounts.find((one) => one.accountId === accountId);
  const credentials = account === undefined ? undefined : ownCredentials(account, region);
  withoutVersionNotice();
  // Whoever sends tries again by itself, and longer than the SDK would.
  const client = new SNSClient({ region, credentials, maxAttempts: 1 });
  return ({ subject, body, attributes, group, id }: TopicMessage): Promise<unknown> =>
    callAws('sns:Publish', accountId, () =>
      client.send(
        new PublishCommand({
          TopicArn: arn,
          Subject: subject,
          Message: body,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([key, StringValue]) => [key, { DataType: 'String', StringValue }]),
          ),
          ...(name.endsWith('.fifo') ? { MessageGroupId: group, MessageDeduplicationId: id } : {}),
        }),
      ),
    );
}
