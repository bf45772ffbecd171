import { join } from 'node:path';
import { environmentFile, listEnvironments, loadEnvironment } from '../../environments/loader';
import { describeOperatorError } from '../../environments/operator-error';
import { editedText, errorOf, loadEdited, loadText, placeIn, placeOf, type Edit } from './edited-environment';

const ENVIRONMENTS = join(__dirname, '../../environments');

test('every environment in the repository loads', () => {
  const names = listEnvironments(ENVIRONMENTS).map((file) => loadEnvironment(file).name);
  expect(names).toEqual(['demo', 'example']);
});

test('settings that are left out get their defaults', () => {
  const environment = loadEdited(['    tables: all\n', '']);
  expect(environment.target.clone.instanceCount).toBe(1);
  expect(environment.source.cluster.extraParameters).toEqual({});
  expect(environment.kms).toEqual({});
  expect(environment.databases[0]?.tables).toBeUndefined();
});

test('ENVIRONMENTS_DIR says where the files are', () => {
  process.env['ENVIRONMENTS_DIR'] = '/nowhere at all';
  try {
    expect(errorOf(() => listEnvironments())).toMatchObject({ code: 'ENVIRONMENT_UNREADABLE', seen: expect.stringContaining('/nowhere at all') });
  } finally {
    delete process.env['ENVIRONMENTS_DIR'];
  }
  expect(listEnvironments()).toContain(join(ENVIRONMENTS, 'demo.yaml'));
});

test('an unknown environment suggests the near one', () => {
  expect(environmentFile('demo', ENVIRONMENTS)).toBe(join(ENVIRONMENTS, 'demo.yaml'));
  expect(errorOf(() => environmentFile('demmo', ENVIRONMENTS))).toMatchObject({ code: 'ENVIRONMENT_UNKNOWN', next: 'Did you mean "demo"?' });
  expect(errorOf(() => environmentFile('zzzzzzz', ENVIRONMENTS)).next).toContain('demo, example');
});

test('a file that is not there is one clear error', () => {
  expect(errorOf(() => loadEnvironment('/nowhere/x.yaml'))).toMatchObject({ code: 'ENVIRONMENT_UNREADABLE' });
});

test('an empty file is told what belongs there', () => {
  expect(errorOf(() => loadText(''))).toMatchObject({ code: 'WRONG_TYPE', seen: 'The file is empty, but a mapping belongs there.' });
});

const arn = (text: string): Edit => ['roleArn: arn:aws:iam::111111111111:role/aurora-sync', `roleArn: ${text}`];
const cluster = (text: string): Edit => ['    majorVersion: 17\n', `    majorVersion: 17\n    ${text}\n`];
const kms = (text: string): Edit => ['sharing:\n', `kms: ${text}\nsharing:\n`];

/** `place` is a text of the edited file, with ^ before the character that the error must point at. */
const CASES: ReadonlyArray<readonly [title: string, code: string, place: string, text: RegExp, ...edits: Edit[]]> = [
  ['YAML that does not parse', 'YAML_SYNTAX', 'type: ^local', /cannot be read as YAML/, ['backend:\n', 'backend: [\n']],
  ['a key that stands twice', 'DUPLICATE_KEY', 'eu-west-1\n^region: eu-west-1', /Remove one/, ['region: eu-west-1\n', 'region: eu-west-1\nregion: eu-west-1\n']],
  ['an unknown key', 'UNKNOWN_KEY', '^vpcCdir', /source\.network has no setting "vpcCdir"(.|\n)*Did you mean "vpcCidr"\?/, ['vpcCidr: 10.10', 'vpcCdir: 10.10']],
  ['an unknown key near nothing', 'UNKNOWN_KEY', '^zebras', /Known here: mode/, ['  mode: invitation', '  mode: invitation\n  zebras: 1']],
  ['an unknown key of one backend', 'UNKNOWN_KEY', '^bucketeering', /Known here: type, directory/, ['directory: terraform-state', 'directory: terraform-state\n  bucketeering: x']],
  ['a missing setting', 'MISSING_SETTING', '^name: demo', /region is missing/, ['region: eu-west-1\n', '']],
  ['a text where a number belongs', 'WRONG_TYPE', '^"17"', /Remove the quotes/, ['majorVersion: 17', 'majorVersion: "17"']],
  ['an account id without quotes', 'WRONG_TYPE', 'accountId: ^111111111111', /Put the value into quotes/, ['"111111111111"', '111111111111']],
  ['a mapping without content', 'WRONG_TYPE', '\n  ^network:\n\ntarget', /source\.network is empty, but a mapping/, ['  network:\n    vpcId: vpc-0a1111111111111a1\n    vpcCidr: 10.10.0.0/16\n    routeTableIds: [rtb-0a1111111111111b1]\n    securityGroupIds: [sg-0a1111111111111c1]\n', '  network:\n']],
  ['an unknown backend', 'UNKNOWN_OPTION', '^lokal', /takes local or s3 or remote(.|\n)*Did you mean "local"/, ['type: local', 'type: lokal']],
  ['a mode that does not exist', 'UNKNOWN_OPTION', '^friendly', /invitation or organization/, ['mode: invitation', 'mode: friendly']],
  ['a major version out of range', 'BAD_VALUE', 'majorVersion: ^9', /majorVersion is 9/, ['majorVersion: 17', 'majorVersion: 9']],
  ['too few subnets', 'TOO_FEW_ENTRIES', 'subnetIds: ^[', /1 of at least 2(.|\n)*two Availability Zones/, [', subnet-0b2222222222222d2', '']],
  ['a subnet listed twice', 'DUPLICATE_ENTRY', 'd1, ^subnet-0b2222222222222d1', /listed twice/, ['subnet-0b2222222222222d2', 'subnet-0b2222222222222d1']],
  ['an absolute state directory', 'BACKEND_PATH_NOT_RELATIVE', '^/var/state', /"\/var\/state"/, ['directory: terraform-state', 'directory: /var/state']],
  ['a state directory outside', 'BACKEND_PATH_NOT_RELATIVE', '^a/../../b', /path relative to the project/, ['directory: terraform-state', 'directory: a/../../b']],
  ['a malformed account id', 'BAD_ACCOUNT_ID', '^"1111"', /12 digits/, ['"111111111111"', '"1111"']],
  ['a malformed Region', 'BAD_REGION', '^Ireland', /eu-west-1/, ['region: eu-west-1', 'region: Ireland']],
  ['a malformed id', 'BAD_RESOURCE_ID', '^vpc-xyz', /hexadecimal/, ['vpc-0a1111111111111a1', 'vpc-xyz']],
  ['a CIDR block with host bits', 'BAD_CIDR', '^10.10.0.1/16', /10\.10\.0\.1\/16/, ['10.10.0.0/16', '10.10.0.1/16']],
  ['a malformed ARN', 'BAD_ARN', '^arn:aws:iam:1', /arn:aws:iam::111111111111:role\/aurora-sync/, arn('arn:aws:iam:111111111111:role/x')],
  ['an ARN of another service', 'BAD_ARN', '^arn:aws:s3', /not the ARN that belongs here/, arn('arn:aws:s3:eu-west-1:111111111111:role/x')],
  ['an identifier that RDS refuses', 'BAD_IDENTIFIER', '^demo--production', /single hyphens/, ['identifier: demo-production', 'identifier: demo--production']],
  ['a clone identifier too long for its instances', 'BAD_IDENTIFIER', '^aaaaa', /at most 60/, ['demo-clone', 'a'.repeat(61)]],
  ['a malformed instance class', 'BAD_INSTANCE_CLASS', '^r6g.large', /db\.r6g\.large/, ['db.r6g.large', 'r6g.large']],
  ['a reserved role name', 'BAD_ROLE_NAME', '^pg_repl', /pg_/, ['  sslRootCert: rds-ca.pem', '  role: pg_repl\n  sslRootCert: rds-ca.pem']],
  ['a database of RDS', 'RESERVED_DATABASE', '^rdsadmin', /rdsadmin/, ['name: shop', 'name: rdsadmin']],
  ['a database name that is cut off', 'BAD_NAME', '^xxxxx', /63 bytes/, ['name: shop', `name: ${'x'.repeat(64)}`]],
  ['a table without quotes in mixed case', 'BAD_TABLE_NAME', '^public.Orders', /double quotes/, ['tables: all', 'tables: [public.Orders]']],
  ['a table without a schema', 'BAD_TABLE_NAME', '[^orders', /schema\.table/, ['tables: all', 'tables: [orders]']],
  ['one table in two spellings', 'DUPLICATE_ENTRY', `^'public."orders"'`, /listed twice/, ['tables: all', `tables: [public.orders, 'public."orders"']`]],
  ['tables and schemas together', 'SELECTION_AMBIGUOUS', 'schemas: ^[', /both tables and schemas/, ['    schemas: [', '    tables: all\n    schemas: [']],
  ['overlapping VPCs', 'CIDR_OVERLAP', '^10.10.128.0/17', /10\.10\.0\.0\/16 in the source account and 10\.10\.128\.0\/17/, ['10.20.0.0/16', '10.10.128.0/17']],
  ['a key in another Region', 'REGION_MISMATCH', 'sourceKeyArn: ^"arn', /us-east-1(.|\n)*one Region/, kms('{ sourceKeyArn: "arn:aws:kms:us-east-1:111111111111:key/x" }')],
  ['a secret in another Region', 'REGION_MISMATCH', 'adminSecretArn: ^arn', /adminSecretArn is in eu-west-2/, cluster('adminSecretArn: arn:aws:secretsmanager:eu-west-2:111111111111:secret:x')],
  ['a role of another account', 'ACCOUNT_MISMATCH', '^arn:aws:iam::9', /999999999999, but source\.accountId is 111111111111/, arn('arn:aws:iam::999999999999:role/x')],
  ['the default aws/rds key', 'KMS_DEFAULT_KEY', '^alias/aws/rds', /no other account use it(.|\n)*Copy a snapshot(.|\n)*customer managed key/, kms('{ sourceKeyArn: alias/aws/rds }')],
  ['the ARN of the default key', 'KMS_DEFAULT_KEY', 'sourceKeyArn: ^"arn', /cannot be shared/, kms('{ sourceKeyArn: "arn:aws:kms:eu-west-1:111111111111:alias/aws/rds" }')],
  ['an alias instead of a key', 'BAD_ARN', 'targetKeyArn: ^"arn', /key\//, kms('{ targetKeyArn: "arn:aws:kms:eu-west-1:111111111111:alias/mine" }')],
  ['a key for the clone only', 'KMS_SOURCE_KEY_MISSING', 'targetKeyArn: ^"arn', /without kms\.sourceKeyArn/, kms('{ targetKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/x" }')],
  ['one account on both sides', 'SAME_ACCOUNT', 'target:\n  accountId: ^"1111', /both in account 111111111111/, ['"222222222222"', '"111111111111"'], ['arn:aws:iam::222222222222', 'arn:aws:iam::111111111111']],
  ['a database listed twice', 'DUPLICATE_DATABASE', 'all\n  - name: ^shop', /"shop" is listed twice/, ['name: ledger', 'name: shop']],
  ['a name other than the file name', 'NAME_MISMATCH', 'name: ^other', /Rename the file to other\.yaml/, ['name: demo', 'name: other']],
  ['a parameter group of another version', 'PARAMETER_GROUP_FAMILY', '^default.aurora-postgresql16', /version 16, but majorVersion is 17/, ['aurora-postgresql17', 'aurora-postgresql16']],
  ['a parameter that the stack sets', 'PARAMETER_RESERVED', '^rds.logical_replication', /rds\.logical_replication/, cluster('extraParameters: { rds.logical_replication: 0 }')],
  ['Serverless without a capacity', 'SERVERLESS_MISMATCH', 'clone:\n    ^identifier', /db\.serverless without serverlessV2/, ['db.r6g.large', 'db.serverless']],
  ['a capacity range upside down', 'BAD_CAPACITY', 'serverlessV2: ^{', /minCapacity is 4 and maxCapacity 2/, ['db.r6g.large', 'db.serverless\n    serverlessV2: { minCapacity: 4, maxCapacity: 2 }']],
  ['schemas on a version without them', 'SCHEMAS_NEED_15', 'schemas: ^[', /PostgreSQL 15/, ['majorVersion: 17', 'majorVersion: 14'], ['aurora-postgresql17', 'aurora-postgresql14']],
];

test.each(CASES.map(([title, code, place, text, ...edits]) => ({ title, code, place, text, edits })))('$title is $code', ({ code, place, text, edits }) => {
  const error = errorOf(() => loadEdited(...edits));
  expect({ code: error.code, place: placeOf(error) }).toEqual({ code, place: placeIn(editedText(...edits), place) });
  expect(describeOperatorError(error)).toMatch(text);
});

test('all problems of a file are reported at once, in file order, and a misspelt key only once', () => {
  const edits: Edit[] = [['region: eu', 'regoin: eu'], ['mode: invitation', 'mode: x'], ['vpc-0a1111111111111a1', 'vpc-1']];
  const error = errorOf(() => loadEdited(...edits));
  expect({ code: error.code, place: placeOf(error) }).toEqual({ code: 'UNKNOWN_KEY', place: placeIn(editedText(...edits), '^regoin') });
  const others = [...error.next.matchAll(/Also .*:(\d+:\d+)\n {4}([A-Z_]+)/g)].map(([, place, code]) => ({ place, code }));
  expect(others).toEqual([
    { place: placeIn(editedText(...edits), '^vpc-1'), code: 'BAD_RESOURCE_ID' },
    { place: placeIn(editedText(...edits), 'mode: ^x'), code: 'UNKNOWN_OPTION' },
  ]);
});
