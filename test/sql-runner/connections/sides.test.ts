import { refuseMixedSides } from '../../../sql-runner/connections/sides';
import { newWorld } from '../support/fake-world';

const { contracts } = newWorld();
const [source, target] = [contracts.source, contracts.target!];
const arn = (account: string, name = 'demo-clone') => `arn:aws:rds:eu-west-1:${account}:cluster:${name}`;

test('two clusters, each in the account that is stated, and a clone that is not there yet', () => {
  expect(() => refuseMixedSides(contracts)).not.toThrow();
  expect(() => refuseMixedSides({ source, target: null })).not.toThrow();
});

test('the same host may serve two clusters on different ports', () => {
  const cluster = { ...target.cluster, endpoint: source.cluster.endpoint, port: 5433 };
  expect(() => refuseMixedSides({ source, target: { ...target, cluster } })).not.toThrow();
});

test.each([
  ['the same ARN', { ...target.cluster, arn: source.cluster.arn }],
  ['the same address', { ...target.cluster, endpoint: source.cluster.endpoint }],
])('%s on both sides is one cluster', (_, cluster) => {
  expect(() => refuseMixedSides({ source, target: { ...target, cluster } })).toThrow(
    expect.objectContaining({ code: 'SAME_CLUSTER' }),
  );
});

test.each<[string, Parameters<typeof refuseMixedSides>[0]]>([
  [
    'a source cluster of another account',
    { source: { ...source, cluster: { ...source.cluster, arn: arn('333333333333') } }, target },
  ],
  [
    'a source account other than that of its cluster',
    { source: { ...source, account: { ...source.account, accountId: '333333333333' } }, target },
  ],
  [
    'a clone of another account',
    { source, target: { ...target, cluster: { ...target.cluster, arn: arn('333333333333') } } },
  ],
  [
    'a target account other than the stated one',
    { source, target: { ...target, account: { ...target.account, accountId: '333333333333' } } },
  ],
  [
    'another target account in the outputs of the source',
    { source: { ...source, targetAccount: { ...source.targetAccount, accountId: '333333333333' } }, target },
  ],
])('%s is refused', (_, mixed) => {
  expect(() => refuseMixedSides(mixed)).toThrow(expect.objectContaining({ code: 'SIDES_SWAPPED' }));
});
