import { AwsError } from '../aws-error';
import { applyGroup } from '../clusters';
import { arn } from '../ids';
import type { Scope } from '../operation';
import { checkParameter, clustersUsing } from '../parameter-groups';
import type { ParameterGroup } from '../world';
import { blocks, nameFrom, optionalText, tagsOf, text, type Attributes, type ResourceHandler } from './handler';

function parametersIn(
  config: Attributes,
  family: string,
  before: ParameterGroup['parameters'] = {},
): ParameterGroup['parameters'] {
  const parameters: ParameterGroup['parameters'] = {};
  for (const block of blocks(config, 'parameter')) {
    const name = text(block, 'name');
    const applyMethod = optionalText(block, 'apply_method') ?? 'immediate';
    const value = String(block.value);
    checkParameter(family, name, value, applyMethod);
    // RDS does not register another method for a value that stays (provider, aws_db_parameter_group, the note on apply_method).
    const kept = before[name]?.value === value ? before[name] : undefined;
    parameters[name] = kept ?? { value, applyMethod };
  }
  return parameters;
}

function attributes({ account, region }: Scope, group: ParameterGroup): Attributes {
  return {
    id: group.name,
    name: group.name,
    arn: arn('rds', region, account.id, `cluster-pg:${group.name}`),
    family: group.family,
    description: group.description,
    parameter: Object.entries(group.parameters).map(([name, { value, applyMethod }]) => ({
      name,
      value,
      apply_method: applyMethod,
    })),
  };
}

export const rdsClusterParameterGroup: ResourceHandler = {
  create(scope, config) {
    const { account } = scope;
    const name = nameFrom(config).toLowerCase();
    const family = text(config, 'family');
    if (!/^aurora-postgresql1\d$/.test(family)) {
      throw new AwsError(
        'InvalidParameterValue',
        `ParameterGroupFamily ${family} is not a valid parameter group family`,
      );
    }
    if (account.parameterGroups[name] !== undefined) {
      throw new AwsError('DBParameterGroupAlreadyExists', `Parameter group ${name} already exists`);
    }
    const description = optionalText(config, 'description') ?? 'Managed by Terraform';
    const group = { name, family, description, parameters: parametersIn(config, family), tags: tagsOf(config) };
    account.parameterGroups[name] = group;
    return attributes(scope, group);
  },

  read(scope, prior) {
    const group = scope.account.parameterGroups[text(prior, 'id')];
    return group === undefined ? null : attributes(scope, group);
  },

  async update(scope, config, prior) {
    const group = scope.account.parameterGroups[text(prior, 'id')];
    if (group === undefined)
      throw new AwsError('DBClusterParameterGroupNotFound', `DBClusterParameterGroup not found: ${prior.id}`, 404);
    const before = group.parameters;
    group.parameters = parametersIn(config, group.family, before);
    group.tags = tagsOf(config);
    await applyGroup(scope, group.name, before);
    return attributes(scope, group);
  },

  delete({ account }, prior) {
    const name = text(prior, 'id');
    if (clustersUsing(account, name).length > 0) {
      const message = `One or more database clusters are still members of this parameter group ${name}, so the group cannot be deleted`;
      throw new AwsError('InvalidDBParameterGroupState', message);
    }
    delete account.parameterGroups[name];
  },
};
