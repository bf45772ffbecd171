import { RESOURCE_BEHAVIOUR } from '../../../lab/provider/resource-behaviour';
import { impliedType, type BlockSchema } from '../../../lab/provider/schema/model';
import { readProviderSchemas } from '../../../lab/provider/schema/schema-source';
import { RESOURCE_TYPES } from '../../../lab/provider/schema/types-in-use';

const schemas = readProviderSchemas();
const attribute = (schema: BlockSchema, name: string): unknown =>
  schema.attributes.find((found) => found.name === name);
const block = (schema: BlockSchema, name: string) => schema.blocks.find((found) => found.name === name)!;

test('attributes have the type and flags of the AWS provider', () => {
  const cluster = schemas.resources.aws_rds_cluster!;
  const flags = { required: false, optional: false, computed: false };
  expect(attribute(cluster, 'engine')).toEqual({ name: 'engine', type: 'string', ...flags, required: true });
  expect(attribute(cluster, 'arn')).toEqual({ name: 'arn', type: 'string', ...flags, computed: true });
  expect(attribute(cluster, 'port')).toEqual({
    name: 'port',
    type: 'number',
    ...flags,
    optional: true,
    computed: true,
  });
  expect(attribute(cluster, 'iam_roles')).toMatchObject({ type: ['set', 'string'] });
  expect(attribute(cluster, 'tags')).toMatchObject({ type: ['map', 'string'], computed: false });
  expect(attribute(cluster, 'master_user_secret')).toMatchObject({
    type: ['list', ['object', { kms_key_id: 'string', secret_arn: 'string', secret_status: 'string' }]],
    optional: false,
  });
  expect(attribute(schemas.dataSources.aws_ssm_parameters_by_path!, 'names')).toMatchObject({
    type: ['list', 'string'],
  });
});

test('nested sections are blocks with their limits, except computed ones, which are attributes', () => {
  const cluster = schemas.resources.aws_rds_cluster!;
  expect(block(cluster, 'restore_to_point_in_time')).toMatchObject({ nesting: 'list', minItems: 0, maxItems: 1 });
  expect(block(cluster, 'timeouts')).toMatchObject({ nesting: 'single' });
  expect(block(schemas.resources.aws_rds_cluster_parameter_group!, 'parameter')).toMatchObject({
    nesting: 'set',
    maxItems: 0,
  });
  const ingress = attribute(schemas.resources.aws_security_group!, 'ingress');
  expect(ingress).toMatchObject({
    type: ['set', ['object', { cidr_blocks: ['list', 'string'], self: 'bool' }]],
    computed: true,
  });
});

test('the provider block takes what the AWS provider takes', () => {
  expect(attribute(schemas.provider, 'allowed_account_ids')).toMatchObject({ type: ['set', 'string'], optional: true });
  expect(attribute(schemas.provider, 'alias')).toBeUndefined();
  expect(impliedType(block(schemas.provider, 'assume_role').block)[1]).toMatchObject({
    role_arn: 'string',
    policy_arns: ['set', 'string'],
  });
  expect(block(schemas.provider, 'endpoints').block.attributes.length).toBeGreaterThan(300);
});

test.each(RESOURCE_TYPES)('the table for %s names only arguments that it has', (type) => {
  const {
    forceNew = [],
    defaults = {},
    sensitive = [],
    writeOnly = [],
    computedBlocks = [],
    versionPrefix = [],
  } = RESOURCE_BEHAVIOUR[type];
  const schema = schemas.resources[type]!;
  const has = (name: string): boolean => {
    const [first, second] = name.split('.') as [string, string | undefined];
    if (second === undefined) return impliedType(schema)[1][first] !== undefined;
    return impliedType(block(schema, first).block)[1][second] !== undefined;
  };
  const all = [...forceNew, ...Object.keys(defaults), ...sensitive, ...writeOnly, ...computedBlocks, ...versionPrefix];
  expect(all.filter((name) => !has(name))).toEqual([]);
  const settable = schema.attributes.filter(({ optional, required }) => optional || required).map(({ name }) => name);
  expect(Object.keys(defaults).filter((name) => !name.includes('.') && !settable.includes(name))).toEqual([]);
});
