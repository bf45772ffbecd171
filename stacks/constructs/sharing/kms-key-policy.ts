import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { parseArn } from '../../../environments/arn';
import type { Environment } from '../../../environments/schema';

/**
 * The statement that the policy of the source's key needs. The key is not ours,
 * and a stack that rewrote its policy could lock others out, so an operator
 * adds it by hand (Aurora user guide, cross-account cloning).
 */
export function kmsKeyPolicyOutput(scope: Construct, environment: Environment): void {
  const statements = keyPolicyStatementsOf(environment);
  if (statements.length === 0) return;
  new TerraformOutput(scope, 'kms_key_policy_statement', {
    description: 'Statements to add to the policy of kms.sourceKeyArn before the target stack is applied.',
    value: JSON.stringify(statements),
  });
}

/** None where production is not encrypted. */
export function keyPolicyStatementsOf({ kms, region, target }: Environment): readonly object[] {
  const partition = kms.sourceKeyArn === undefined ? undefined : parseArn(kms.sourceKeyArn)?.partition;
  if (partition === undefined) return [];
  return keyPolicyStatements(target.accountId, `arn:${partition}:iam::${target.accountId}:root`, region);
}

/**
 * Terraform looks at the key while it plans, as itself; everything else the account may do through RDS alone
 * (KMS developer guide, kms:ViaService; in China the name of a service ends with .cn).
 *
 * The key of production has those of every environment, and of two statements with one Sid
 * aws_iam_policy_document keeps the later (override_policy_documents) or refuses both: so each account has its own.
 */
function keyPolicyStatements(account: string, principal: string, region: string): object[] {
  const common = { Effect: 'Allow', Principal: { AWS: principal }, Resource: '*' };
  return [
    { Sid: `AuroraCloneLook${account}`, ...common, Action: ['kms:DescribeKey'] },
    {
      Sid: `AuroraCloneUse${account}`,
      ...common,
      Action: ['kms:CreateGrant', 'kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'],
      Condition: { StringLike: { 'kms:ViaService': `rds.${region}.amazonaws.com*` } },
    },
    {
      Sid: `AuroraCloneGrants${account}`,
      ...common,
      Action: ['kms:ListGrants', 'kms:RevokeGrant'],
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ];
}
