import { join } from 'node:path';
import { estimate } from '../../cost/estimate/estimate';
import { resourcesOf, type StackJson } from '../../cost/estimate/resources';
import { TREATMENTS } from '../../cost/estimate/treatments';
import { synthesize } from '../../stacks/synthesize';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { loadEdited, type Edit } from '../environments/edited-environment';
import { WHOLE_TABLE } from './whole-table';

const INSTANCE = '    instanceClass: db.r6g.large\n';
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const edited = (...edits: Edit[]): Environment => loadEdited(...edits);
const way = (name: string): Environment => loadEnvironment(join(__dirname, '../stacks/modes', `${name}.yaml`));

/** Every kind of resource and of setting that the stacks can make. */
const FIXTURES: readonly (readonly [string, Environment])[] = [
  ['demo', loadEnvironment(environmentFile('demo'))],
  ['example', loadEnvironment(environmentFile('example'))],
  [
    'everything that a clone can have',
    edited(
      [
        INSTANCE,
        `${INSTANCE}    instanceCount: 3\n    storageType: io-optimized\n    backupRetentionDays: 7\n    iamAuthentication: true\n    logExports: [postgresql]\n    deletionProtection: true\n`,
      ],
      ['sharing:\n  mode: invitation', `kms:\n  sourceKeyArn: ${KEY}\n\nsharing:\n  mode: organization`],
      ['databases:', 'monitoring: { heartbeatSeconds: 300 }\n\ndatabases:'],
    ),
  ],
  ['sql-runner in the VPC', loadEnvironment(join(__dirname, '../stacks/modes/runner.yaml'))],
  [
    'Serverless v2',
    edited([INSTANCE, '    instanceClass: db.serverless\n    serverlessV2: { minCapacity: 0.5, maxCapacity: 8 }\n']),
  ],
  ['names over the peering', way('remote-dns')],
  ['a transit gateway', way('transit-gateway')],
  ['a peering of others', way('known-peering')],
];

test.each([
  ['transit-gateway', 'what goes through the transit gateway'],
  ['known-peering', 'traffic across zones'],
] as const)('what goes over a %s of others is in no total, and named', (name, what) => {
  const { total } = estimate(synthesize(way(name)), WHOLE_TABLE, {});
  expect(total.without.join()).toContain(what);
});

describe.each(FIXTURES)('%s', (_, environment) => {
  const stacks = synthesize(environment);
  const all = [...resourcesOf('source', stacks.source), ...resourcesOf('target', stacks.target)];

  test('each of its types has been looked at', () => {
    expect(all.length).toBeGreaterThan(15);
    expect(all.map(({ type }) => type).filter((type) => !Object.hasOwn(TREATMENTS, type))).toEqual([]);
  });

  test('each of its resources has a line, and no setting of the clone is one that nobody has looked at', () => {
    const { lines } = estimate(stacks, WHOLE_TABLE, {});
    const named = new Set(lines.map(({ side, type, name }) => `${side} ${type}.${name}`));
    expect(all.filter(({ side, type, name }) => !named.has(`${side} ${type}.${name}`))).toEqual([]);
    const missed = lines.filter(({ amount }) => amount.kind === 'unknown' && amount.missing === 'treatment');
    expect(missed).toEqual([]);
  });

  test('a resource of a new type is named, wherever it is added', () => {
    for (const side of ['source', 'target'] as const) {
      const more: StackJson = { resource: { ...(stacks[side] as StackJson).resource, aws_new_thing: { one: {} } } };
      const { total } = estimate({ ...stacks, [side]: more }, WHOLE_TABLE, {});
      expect(total.without).toContain('aws_new_thing: a type that nobody has priced');
    }
  });
});

test('no type is kept that no stack makes', () => {
  const made = new Set(
    FIXTURES.flatMap(([, environment]) => {
      const { source, target } = synthesize(environment);
      return [...resourcesOf('source', source), ...resourcesOf('target', target)].map(({ type }) => type);
    }),
  );
  expect(Object.keys(TREATMENTS).filter((type) => !made.has(type))).toEqual([]);
});

test('a second instance of the environment file costs as much as the first', () => {
  const total = (count: number) =>
    estimate(synthesize(edited([INSTANCE, `${INSTANCE}    instanceCount: ${count}\n`])), WHOLE_TABLE, {}).total;
  const [one, two, three] = [1, 2, 3].map((count) => total(count).from) as [number, number, number];
  expect([two - one, three - two]).toEqual([36_500, 36_500]);
});

test('a service of Fargate costs its vCPU and memory all month, by processor, and is unknown without a price', () => {
  const environment = loadEnvironment(join(__dirname, '../stacks/modes/runner.yaml'));
  const of = (architecture: 'x86_64' | 'arm64', prices = WHOLE_TABLE) => {
    const runner = { ...environment.target.runner!, cpu: 512 as const, memoryMb: 2048, architecture };
    const stacks = synthesize({ ...environment, target: { ...environment.target, runner } });
    return estimate(stacks, prices, {}).lines.filter(({ type }) => type === 'aws_ecs_service');
  };
  const cents = (lines: ReturnType<typeof of>) => lines.map(({ amount }) => 'from' in amount && amount.from);
  // 730 hours of half a vCPU, and of 2 GB.
  expect(cents(of('x86_64'))).toEqual([1460, 730]);
  expect(cents(of('arm64'))).toEqual([1095, 584]);
  const without = { ...WHOLE_TABLE, prices: WHOLE_TABLE.prices.filter(({ item }) => !item.startsWith('fargate')) };
  expect(of('x86_64', without).map(({ amount }) => amount)).toMatchObject([{ missing: 'price' }, { missing: 'price' }]);
});
