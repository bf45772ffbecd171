import fc from 'fast-check';
import { estimate, totalOf, type Estimate } from '../../cost/estimate/estimate';
import type { PriceTable } from '../../cost/estimate/price-table';
import type { Block, StackJson } from '../../cost/estimate/resources';
import { WHOLE_TABLE } from './whole-table';

const CLUSTER = { storage_type: 'aurora', backup_retention_period: 1, engine: 'aurora-postgresql' };
const SCALING = { min_capacity: 1, max_capacity: 16 };

function clone(classes: readonly string[], cluster: Block = CLUSTER): StackJson {
  const instances = classes.map((kind, index) => [
    `instance_${index + 1}`,
    { cluster_identifier: '${aws_rds_cluster.clone.id}', instance_class: kind },
  ]);
  return {
    resource: { aws_rds_cluster: { clone: cluster }, aws_rds_cluster_instance: Object.fromEntries(instances) },
  };
}

const of = (target: StackJson, prices = WHOLE_TABLE, stated = {}): Estimate =>
  estimate({ source: {}, target }, prices, stated);

const amounts = ({ lines }: Estimate, type: string) =>
  lines
    .filter((line) => line.type === type)
    .map(({ what, amount }) =>
      amount.kind === 'priced' ? [what, amount.from / 100, amount.to / 100] : [what, amount.kind],
    );

test('an instance costs the hours of its class, at the rate of the storage of its cluster', () => {
  const type = 'aws_rds_cluster_instance';
  expect(amounts(of(clone(['db.r6g.large'])), type)).toEqual([['hours of db.r6g.large', 365, 365]]);
  const optimized = clone(['db.r6g.large'], { ...CLUSTER, storage_type: 'aurora-iopt1' });
  expect(amounts(of(optimized), type)).toEqual([['hours of db.r6g.large', 547.5, 547.5]]);
  expect(amounts(of(clone(['db.r7g.large'])), type)).toEqual([['hours of db.r7g.large', 'unknown']]);
});

test('Serverless v2 costs from its lowest to its highest capacity', () => {
  const scaled = clone(['db.serverless'], { ...CLUSTER, serverlessv2_scaling_configuration: SCALING });
  expect(amounts(of(scaled), 'aws_rds_cluster_instance')).toEqual([['ACU hours, 1 to 16 ACU', 91.25, 1460]]);
  const unsaid = of(clone(['db.serverless']));
  expect(amounts(unsaid, 'aws_rds_cluster_instance')).toEqual([['ACU hours', 'unknown']]);
});

test('storage is unknown until it is stated, and then anything from none of it to all', () => {
  expect(amounts(of(clone([])), 'aws_rds_cluster')[0]).toEqual(['storage, Standard', 'unknown']);
  const stated = of(clone([]), WHOLE_TABLE, { 'storage-gb': 500, 'io-millions': 10 });
  expect(amounts(stated, 'aws_rds_cluster').slice(0, 2)).toEqual([
    ['storage, Standard, none to 500 GB', 0, 55],
    ['I/O requests', 2.1, 2.1],
  ]);
  const optimized = of(clone([], { ...CLUSTER, storage_type: 'aurora-iopt1' }), WHOLE_TABLE, { 'storage-gb': 500 });
  expect(amounts(optimized, 'aws_rds_cluster').slice(0, 2)).toEqual([
    ['storage, I/O-Optimized, none to 500 GB', 0, 110],
    ['I/O requests', 'free'],
  ]);
});

test('backups of a day are free, longer ones are not, and of an unsaid time unknown', () => {
  const backups = (days: number | undefined, stated = {}) =>
    amounts(of(clone([], { ...CLUSTER, backup_retention_period: days }), WHOLE_TABLE, stated), 'aws_rds_cluster').at(
      -1,
    );
  expect(backups(1)).toEqual(['backups of 1 day', 'free']);
  expect(backups(7)).toEqual(['backups of 7 days', 'unknown']);
  expect(backups(7, { 'backup-gb': 100 })).toEqual(['backups of 7 days', 3, 3]);
  expect(backups(undefined)).toEqual(['backups of unknown days', 'unknown']);
});

test.each<[string, StackJson, string]>([
  ['a type that nobody has priced', { resource: { aws_nat_gateway: { one: {} } } }, 'aws_nat_gateway: a type'],
  ['a name of every object', { resource: { constructor: { one: {} } } }, 'constructor: a type'],
  [
    'a setting of the cluster',
    clone([], { ...CLUSTER, global_cluster_identifier: 'x' }),
    'the setting global_cluster_identifier',
  ],
  [
    'several of one',
    { resource: { aws_secretsmanager_secret: { one: { count: 3 } } } },
    'aws_secretsmanager_secret: several of it',
  ],
  ['other storage', clone([], { ...CLUSTER, storage_type: 'io2' }), 'storage of type io2'],
  [
    'an alarm of high resolution',
    { resource: { aws_cloudwatch_metric_alarm: { one: { period: 10, namespace: 'AWS/RDS' } } } },
    'alarm of high resolution',
  ],
  [
    'an instance of another cluster',
    {
      resource: { aws_rds_cluster_instance: { one: { cluster_identifier: 'other', instance_class: 'db.r6g.large' } } },
    },
    'of a cluster that is not in the stack',
  ],
])('what nobody has looked at is unknown and never free: %s', (_, stack, named) => {
  const { total } = of(stack);
  expect(total.without.join('\n')).toContain(named);
});

test('several of what is free are free', () => {
  const several = { resource: { aws_route: { one: { count: 3 } } } };
  expect(amounts(of(several), 'aws_route')).toEqual([['no charge of its own', 'free']]);
});

const classes = fc.constantFrom('db.r6g.large', 'db.t4g.medium', 'db.serverless', 'db.x9g.huge');
const table: fc.Arbitrary<PriceTable> = fc
  .subarray(WHOLE_TABLE.prices)
  .map((prices) => ({ ...WHOLE_TABLE, prices: [...prices] }));
const cluster = fc.record({
  storage_type: fc.constantFrom('aurora', 'aurora-iopt1', 'io2'),
  backup_retention_period: fc.integer({ min: 1, max: 35 }),
  serverlessv2_scaling_configuration: fc.record({
    min_capacity: fc.integer({ min: 1, max: 8 }),
    max_capacity: fc.integer({ min: 8, max: 256 }),
  }),
});
const stated = fc.record({ 'storage-gb': fc.nat(100_000), 'io-millions': fc.nat(10_000) }, { requiredKeys: [] });

test('the total is the sum of its parts, and names each part that it leaves out', () => {
  fc.assert(
    fc.property(fc.array(classes), cluster, table, stated, (kinds, block, prices, amount) => {
      const { lines, total } = of(clone(kinds, block), prices, amount);
      const sum = (end: 'from' | 'to') =>
        lines.reduce((all, line) => all + (line.amount.kind === 'priced' ? line.amount[end] : 0), 0);
      expect([total.from, total.to]).toEqual([sum('from'), sum('to')]);
      expect(total).toEqual(totalOf(lines));
      expect(total.from).toBeLessThanOrEqual(total.to);
      const unknown = lines.filter(({ amount: { kind } }) => kind === 'unknown');
      expect(total.without).toEqual([...new Set(unknown.map(({ type, what }) => `${type}: ${what}`))]);
    }),
  );
});

test('one more instance never makes it cheaper, and is unknown where its price is', () => {
  fc.assert(
    fc.property(fc.array(classes), classes, cluster, table, (kinds, more, block, prices) => {
      const [before, after] = [of(clone(kinds, block), prices), of(clone([...kinds, more], block), prices)];
      expect(after.total.from).toBeGreaterThanOrEqual(before.total.from);
      expect(after.total.to).toBeGreaterThanOrEqual(before.total.to);
      const added = after.lines.at(-1)!;
      expect(added.amount.kind).not.toBe('free');
      if (added.amount.kind === 'priced') expect(after.total.from).toBeGreaterThan(before.total.from);
      else expect(after.total.without).toContain(`${added.type}: ${added.what}`);
    }),
  );
});
