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
  ['a cluster that the source stack makes', way('create')],
  ['a cluster that the source stack takes over', way('adopt')],
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

test('production that the stack makes holds all data, and is billed nothing that was stated of the clone', () => {
  const created = way('create');
  const cluster = { ...created.source.cluster, create: { ...created.source.cluster.create!, storage: undefined } };
  const stacks = synthesize({ ...created, source: { ...created.source, cluster } });
  const stated = { 'storage-gb': 1000, 'io-millions': 50, 'backup-gb': 100 };
  const { lines } = estimate(stacks, WHOLE_TABLE, stated);
  const of = (side: string, text: string) =>
    lines
      .filter((line) => line.side === side && line.type === 'aws_rds_cluster' && line.what.includes(text))
      .map(({ what, amount }) => [what, amount.kind === 'priced' ? [amount.from, amount.to] : amount.kind]);
  expect(of('source', 'storage')).toEqual([['storage, Standard, 1000 GB', [11_000, 11_000]]]);
  expect(of('target', 'storage')).toEqual([['storage, Standard, none to 1000 GB', [0, 11_000]]]);
  expect(of('source', 'I/O')).toEqual([['I/O requests', 'unknown']]);
  expect(of('target', 'I/O')).toEqual([['I/O requests', [1050, 1050]]]);
  expect(of('source', 'backups')).toEqual([['backups of 21 days', 'unknown']]);
  expect(of('source', 'secret of')).toEqual([["secret of production's master user", [41, 41]]]);
  expect(of('target', 'secret of')).toEqual([["secret of the clone's master user", [41, 41]]]);
  // No option would state it.
  const options = lines.flatMap(({ side, amount }) => (side === 'source' && 'option' in amount ? [amount.option] : []));
  expect(new Set(options)).toEqual(new Set([undefined, 'peering-gb']));
});

test('readers that the file lists are as many, each of its class', () => {
  const { lines } = estimate(synthesize(way('create')), WHOLE_TABLE, {});
  const hours = lines.filter(({ side, what }) => side === 'source' && what.startsWith('hours of db.'));
  expect(hours.map(({ name, what }) => [name, what])).toEqual([
    ['production_readers["2"]', 'hours of db.r6g.xlarge'],
    ['production_readers["3"]', 'hours of db.r6g.large'],
    ['production_writer', 'hours of db.r6g.xlarge'],
  ]);
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
