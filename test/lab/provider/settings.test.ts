import type { CtyObject } from '../../../lab/provider/cty/type';
import { providerSettings } from '../../../lab/provider/settings';

const environment = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9/',
  AWS_ACCESS_KEY_ID: 'LAB111111111111',
  AWS_REGION: 'eu-west-1',
};
const role = (arn: string): CtyObject => ({ assume_role: [{ role_arn: arn }] });

test('the account is that of the role, else that of the access key', () => {
  expect(providerSettings({}, environment)).toEqual({
    account: '111111111111',
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:9',
    defaultTags: {},
  });
  const config = {
    ...role('arn:aws:iam::222222222222:role/sync'),
    region: 'us-east-1',
    default_tags: [{ tags: { a: 'b' } }],
  };
  expect(providerSettings(config, environment)).toMatchObject({
    account: '222222222222',
    region: 'us-east-1',
    defaultTags: { a: 'b' },
  });
});

test.each<[string, CtyObject, NodeJS.ProcessEnv, string]>([
  ['no endpoint', {}, { AWS_ENDPOINT_URL: undefined }, 'npm run lab -- up'],
  ['no region', {}, { AWS_REGION: undefined }, 'Set region in the provider block'],
  ['a malformed region', { region: 'Europe' }, {}, '"Europe" is not an AWS Region'],
  ['a malformed role', role('sync'), {}, '"sync" is not the ARN of an IAM role'],
  ['somebody’s real key', {}, { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE' }, 'access keys of the lab are LAB followed by'],
  [
    'an account that is not allowed',
    { allowed_account_ids: ['222222222222'] },
    {},
    'AWS account ID not allowed: 111111111111',
  ],
  ['a forbidden account', { forbidden_account_ids: ['111111111111'] }, {}, 'AWS account ID not allowed: 111111111111'],
])('refuses %s', (_case, config, overrides, message) => {
  expect(() => providerSettings(config, { ...environment, ...overrides })).toThrow(message);
});
