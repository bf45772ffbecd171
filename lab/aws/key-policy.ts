import { parseArn } from '../../environments/arn';
import { AwsError } from './aws-error';
import type { Scope } from './operation';
import type { KmsKey } from './world';

interface Statement {
  readonly Effect: string;
  readonly Principal?: { readonly AWS?: string | readonly string[] };
  readonly Action?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The key that an account calls by its ARN. @throws AwsError as KMS answers */
export function usableKey(scope: Scope, keyArn: string, action: string): KmsKey {
  const key = findKey(scope, keyArn);
  if (key === undefined) throw new AwsError('NotFoundException', `Key '${keyArn}' does not exist`);
  if (letsIn(scope, keyArn, action)) return key;
  const caller = `arn:aws:sts::${scope.account.id}:assumed-role/lab/terraform`;
  const message = `User: ${caller} is not authorized to perform: ${action} on resource: ${keyArn} because no resource-based policy allows the ${action} action`;
  throw new AwsError('AccessDeniedException', message);
}

/**
 * Whether a key's policy allows the caller's account an action.
 *
 * @param via the service that calls on the account's behalf; absent: the account itself
 */
export function letsIn(scope: Scope, keyArn: string, action: string, via?: string): boolean {
  const key = findKey(scope, keyArn);
  if (key === undefined) return false;
  const owner = parseArn(keyArn)?.accountId;
  if (key.policy === undefined || owner === scope.account.id) return true;
  const { Statement = [] } = JSON.parse(key.policy) as { Statement?: readonly Statement[] };
  return Statement.some(
    (statement) =>
      statement.Effect === 'Allow' &&
      list(statement.Principal?.AWS).some((principal) => parseArn(principal)?.accountId === scope.account.id) &&
      list(statement.Action).some((pattern) => matches(pattern, action)) &&
      conditionsHold(statement, scope.region, via),
  );
}

function conditionsHold({ Condition = {} }: Statement, region: string, via: string | undefined): boolean {
  const facts: Record<string, string> = {
    'kms:ViaService': via === undefined ? '' : `${via}.${region}.amazonaws.com`,
    // RDS makes its grants as a service; nobody else here makes any.
    'kms:GrantIsForAWSResource': String(via !== undefined),
  };
  return Object.values(Condition).every((test) =>
    Object.entries(test).every(([name, wanted]) => matches(wanted, facts[name] ?? '')),
  );
}

function findKey({ world }: Scope, keyArn: string): KmsKey | undefined {
  return world.accounts[parseArn(keyArn)?.accountId ?? '']?.kmsKeys[keyArn];
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function matches(pattern: string, action: string): boolean {
  return pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : pattern === action;
}
