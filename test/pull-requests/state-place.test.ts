import type { MovedStack } from '../../pull-requests/removed';
import { fromTo, movesOf } from '../../pull-requests/moved-state';
import { placeOfState } from '../../pull-requests/state-place';

test.each([
  [{ backend: { local: { path: 'a' } } }, { backend: { local: { path: 'b' } } }],
  [{ backend: { s3: { bucket: 'a', key: 'k' } } }, { backend: { s3: { bucket: 'a', key: 'l' } } }],
  [{ backend: { s3: { bucket: 'a', key: 'k' } } }, { backend: { local: { path: 'k' } } }],
  [
    { cloud: { organization: 'o', workspaces: { name: 'a' } } },
    { cloud: { organization: 'o', workspaces: { name: 'b' } } },
  ],
  [{ cloud: { organization: 'o' } }, { cloud: { organization: 'p' } }],
  [{ cloud: { organization: 'o' } }, { cloud: { organization: 'o', hostname: 'terraform.example.com' } }],
])('%j and %j are two places', (one, other) => {
  expect(placeOfState({ terraform: one })).not.toBe(placeOfState({ terraform: other }));
});

test('who reads a bucket, and with which key, is no other place', () => {
  const s3 = { bucket: 'a', key: 'k' };
  const other = { ...s3, region: 'eu-west-1', kms_key_id: 'one', assume_role: { role_arn: 'two' } };
  expect(placeOfState({ terraform: { backend: { s3: other } } })).toBe(
    placeOfState({ terraform: { backend: { s3 } } }),
  );
});

test('to and from HCP Terraform no command is printed that Terraform would refuse', () => {
  const json = (terraform: object): string => JSON.stringify({ terraform });
  const [file, cloud] = [
    json({ backend: { local: { path: 'a' } } }),
    json({ cloud: { organization: 'o', workspaces: { name: 'w' } } }),
  ];
  const moved = (former: string, now: string): MovedStack => ({ name: 'a-source', base: '0123', former, json: now });
  expect(movesOf([moved(file, cloud)])).not.toContain('migrate-state');
  expect(movesOf([moved(cloud, file)])).not.toContain('migrate-state');
  expect(fromTo(moved(cloud, file))).toBe('from workspace w of o on app.terraform.io to the file a');
});
