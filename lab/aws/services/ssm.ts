import { AwsError } from '../aws-error';
import { arn } from '../ids';
import type { Scope } from '../operation';
import type { Account, SsmParameter } from '../world';

type Operation = (scope: Scope, input: Record<string, unknown>) => unknown;

export const ssmOperations: Readonly<Record<string, Operation>> = {
  GetParameter: getParameter,
  GetParametersByPath: getParametersByPath,
  PutParameter: putParameter,
  DeleteParameter: deleteParameter,
};

const NAME = /^[\w./-]{1,2048}$/;
const TYPES = ['String', 'StringList', 'SecureString'];

function getParameter({ account }: Scope, input: Record<string, unknown>): unknown {
  return { Parameter: shape(find(account, input)) };
}

function getParametersByPath({ account }: Scope, input: Record<string, unknown>): unknown {
  const path = String(input.Path ?? '');
  return { Parameters: parametersUnder(account, path, input.Recursive === true).map(shape) };
}

/** The parameters below a path, direct children only unless `recursive`, by name. */
export function parametersUnder(account: Account, path: string, recursive: boolean): SsmParameter[] {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return Object.values(account.ssmParameters)
    .filter(({ name }) => name.startsWith(prefix) && (recursive || !name.slice(prefix.length).includes('/')))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function putParameter({ account, region }: Scope, input: Record<string, unknown>): unknown {
  const name = String(input.Name ?? '');
  if (!NAME.test(name)) throw new AwsError('ValidationException', `Parameter name "${name}" is not valid.`);
  if (typeof input.Value !== 'string' || input.Value === '')
    throw new AwsError('ValidationException', 'Value must not be empty.');
  const existing = account.ssmParameters[name];
  if (existing !== undefined && input.Overwrite !== true) {
    const message =
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.';
    throw new AwsError('ParameterAlreadyExists', message);
  }
  const type = String(input.Type ?? existing?.type ?? '');
  if (!TYPES.includes(type))
    throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
  const version = (existing?.version ?? 0) + 1;
  account.ssmParameters[name] = {
    name,
    arn: arn('ssm', region, account.id, `parameter${name.startsWith('/') ? '' : '/'}${name}`),
    type,
    value: input.Value,
    version,
    modifiedAt: new Date().toISOString(),
    description: String(input.Description ?? existing?.description ?? ''),
  };
  return { Version: version, Tier: 'Standard' };
}

function deleteParameter({ account }: Scope, input: Record<string, unknown>): unknown {
  delete account.ssmParameters[find(account, input).name];
  return {};
}

function find(account: Account, input: Record<string, unknown>): SsmParameter {
  const parameter = account.ssmParameters[String(input.Name ?? '')];
  // The real service sends this error without a message, too.
  if (parameter === undefined) throw new AwsError('ParameterNotFound', '');
  return parameter;
}

function shape(parameter: SsmParameter): unknown {
  const { name, arn: parameterArn, type, value, version, modifiedAt } = parameter;
  const LastModifiedDate = Date.parse(modifiedAt) / 1000;
  return {
    Name: name,
    ARN: parameterArn,
    Type: type,
    Value: value,
    Version: version,
    LastModifiedDate,
    DataType: 'text',
  };
}
