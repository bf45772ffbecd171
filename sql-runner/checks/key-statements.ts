import type { SourceContract } from '../../contract/contract';

/** What RDS does with the key in the name of the target account, and Terraform, which looks at it. */
const NEEDED = [
  'kms:DescribeKey',
  'kms:CreateGrant',
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:ListGrants',
  'kms:RevokeGrant',
] as const;

type Verdict = 'yes' | 'perhaps' | 'no';

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Condition?: unknown;
}

export interface Denied {
  /** What no statement allows. */
  readonly denied: readonly string[];
  /** What depends on conditions, principals or denials that only AWS can judge. */
  readonly unjudged: readonly string[];
}

/** What a policy keeps from the target account. An `Allow` counts only where it is sure to be one. */
export function actionsDenied(policy: string, contract: SourceContract): Denied {
  const statements = statementsIn(policy);
  const verdicts = NEEDED.map((action) => [action, verdictOf(statements, action, contract)] as const);
  const those = (wanted: Verdict) => verdicts.filter(([, verdict]) => verdict === wanted).map(([action]) => action);
  return { denied: those('no'), unjudged: those('perhaps') };
}

function statementsIn(policy: string): Statement[] {
  try {
    return list((JSON.parse(policy) as { Statement?: Statement | Statement[] }).Statement);
  } catch {
    return [];
  }
}

function verdictOf(statements: readonly Statement[], action: string, contract: SourceContract): Verdict {
  const matching = statements.filter((statement) => concernsAction(statement, action));
  const verdicts = matching
    .filter(({ Effect }) => Effect === 'Allow')
    .map((statement) => worst(concerns(statement, contract), conditionHolds(statement, contract)));
  const mayBeDenied = matching.some(
    (statement) => statement.Effect === 'Deny' && concerns(statement, contract) !== 'no',
  );
  if (verdicts.includes('yes')) return mayBeDenied ? 'perhaps' : 'yes';
  return verdicts.includes('perhaps') ? 'perhaps' : 'no';
}

const worst = (one: Verdict, other: Verdict): Verdict =>
  one === 'no' || other === 'no' ? 'no' : one === 'perhaps' || other === 'perhaps' ? 'perhaps' : 'yes';

function concernsAction({ Action, NotAction }: Statement, action: string): boolean {
  if (NotAction !== undefined) return !texts(NotAction).some((pattern) => matches(pattern, action));
  return texts(Action).some((pattern) => matches(pattern, action));
}

/** A role or user of the account is one that may be the caller. */
function concerns({ Principal, NotPrincipal }: Statement, { targetAccount }: SourceContract): Verdict {
  if (NotPrincipal !== undefined) return 'perhaps';
  const named = Principal === '*' ? ['*'] : texts((Principal as { AWS?: unknown } | undefined)?.AWS);
  const { accountId, roleArn, terraformRoleArn = roleArn } = targetAccount;
  const whole = new RegExp(`^(\\*|${accountId}|arn:aws[a-z-]*:iam::${accountId}:root)$`);
  if (named.some((principal) => whole.test(principal) || principal === terraformRoleArn)) return 'yes';
  return named.some((principal) => principal.includes(`::${accountId}:`)) ? 'perhaps' : 'no';
}

/** Those of the statements that the source stack prints are known to hold; a service calls for the rest. */
function conditionHolds({ Condition }: Statement, { region, targetAccount }: SourceContract): Verdict {
  const tests = Object.values((Condition ?? {}) as Record<string, Record<string, unknown>>);
  const verdicts = tests
    .flatMap((test) => Object.entries(test))
    .map(([key, value]): Verdict => {
      const wanted = texts(value);
      if (key === 'kms:ViaService')
        return wanted.some((pattern) => matches(pattern, `rds.${region}.amazonaws.com`)) ? 'yes' : 'no';
      if (key === 'kms:CallerAccount') return wanted.includes(targetAccount.accountId) ? 'yes' : 'no';
      return key === 'kms:GrantIsForAWSResource' ? 'yes' : 'perhaps';
    });
  return verdicts.reduce(worst, 'yes');
}

const texts = (value: unknown): string[] => list(value).map(String);

function list<T>(value: T | readonly T[] | undefined): T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? [...(value as readonly T[])] : [value as T];
}

/** As IAM compares: `*` is any text, `?` any character, and the case of actions does not matter. */
function matches(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i').test(text);
}
