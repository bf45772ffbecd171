import { DataAwsKmsKey } from '@cdktf/provider-aws/lib/data-aws-kms-key';
import type { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';

/**
 * The keys of the clone, looked up by the target account: where a key's policy
 * does not let this account in, the plan ends here and names the key, instead of
 * the restore after the slots have been made. It shows that the account may look
 * at the key; whether it may use it, only the restore shows.
 */
export function readableKeys(scope: Construct, { kms }: Environment): void {
  for (const [side, keyId] of Object.entries({ source: kms.sourceKeyArn, target: kms.targetKeyArn })) {
    if (keyId === undefined) continue;
    new DataAwsKmsKey(scope, `${side}-key`, {
      keyId,
      lifecycle: {
        postcondition: [
          {
            condition: '${self.enabled && self.key_usage == "ENCRYPT_DECRYPT"}',
            errorMessage: `The key \${self.arn} is in state \${self.key_state} and for \${self.key_usage}. A clone needs one that is enabled and for ENCRYPT_DECRYPT. Enable it, or correct kms.${side}KeyArn in the environment file.`,
          },
        ],
      },
    });
  }
}
