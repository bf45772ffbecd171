import fc from 'fast-check';
import { sourceParameters, targetParameters } from '../../../../stacks/constructs/cluster/sizing';

const streams = fc.integer({ min: 1, max: 200 });

test('a small environment stays at the defaults of RDS', () => {
  expect(sourceParameters(2)).toEqual({
    'rds.logical_replication': '1',
    max_replication_slots: '20',
    max_wal_senders: '25',
  });
});

test('values carried over stay, and larger numbers win over computed ones', () => {
  expect(sourceParameters(2, { max_wal_senders: 40, max_replication_slots: '5', 'rds.force_ssl': 1 })).toEqual({
    'rds.force_ssl': '1',
    'rds.logical_replication': '1',
    max_replication_slots: '20',
    max_wal_senders: '40',
  });
});

test('every stream has a slot, a sender, an apply worker and two of each while tables are added', () => {
  fc.assert(
    fc.property(streams, fc.integer({ min: 13, max: 18 }), (count, majorVersion) => {
      const source = sourceParameters(count);
      const target = targetParameters(count, majorVersion, { source });
      expect(Number(source['max_replication_slots'])).toBeGreaterThanOrEqual(3 * count);
      expect(Number(source['max_wal_senders'])).toBeGreaterThan(Number(source['max_replication_slots']));
      expect(Number(target['max_logical_replication_workers'])).toBeGreaterThanOrEqual(3 * count);
      expect(Number(target['max_worker_processes'])).toBeGreaterThan(Number(target['max_logical_replication_workers']));
      const origins = majorVersion >= 18 ? target['max_active_replication_origins'] : target['max_replication_slots'];
      expect(Number(origins)).toBeGreaterThanOrEqual(3 * count);
    }),
  );
});

test('the clone can hold every slot that it inherits', () => {
  fc.assert(
    fc.property(streams, fc.integer({ min: 0, max: 500 }), (count, slots) => {
      const source = sourceParameters(count, { max_replication_slots: slots });
      const target = targetParameters(count, 17, { source });
      expect(Number(target['max_replication_slots'])).toBeGreaterThanOrEqual(Number(source['max_replication_slots']));
      expect(target['rds.logical_replication']).toBe('1');
    }),
  );
});

test('the clone takes over what production sets, but for what cannot work there', () => {
  const source = sourceParameters(1, {
    max_prepared_transactions: 50,
    work_mem: 8192,
    shared_preload_libraries: 'pgaudit, pg_cron,pg_stat_statements',
    'cron.database_name': 'shop',
    'pgaudit.log': 'ddl',
    shared_buffers: 1_000_000,
    'aurora.enhanced_logical_replication': 1,
  });
  const target = targetParameters(1, 17, { source });
  expect(target).toMatchObject({
    max_prepared_transactions: '50',
    work_mem: '8192',
    shared_preload_libraries: 'pgaudit,pg_stat_statements',
    'pgaudit.log': 'ddl',
  });
  for (const name of ['cron.database_name', 'shared_buffers', 'aurora.enhanced_logical_replication'])
    expect(target).not.toHaveProperty([name]);
  expect(
    targetParameters(1, 17, { source: sourceParameters(1, { shared_preload_libraries: 'pg_cron' }) }),
  ).not.toHaveProperty('shared_preload_libraries');
});

test('the clone may have any of them otherwise, but no less than replication needs, or a copy to start', () => {
  const source = sourceParameters(1, { max_prepared_transactions: 50, work_mem: 8192 });
  const usual = targetParameters(1, 17, { source });
  const own = { work_mem: 65536, shared_buffers: 5000, max_prepared_transactions: 10, max_worker_processes: 2 };
  expect(targetParameters(1, 17, { source, own })).toEqual({ ...usual, work_mem: '65536', shared_buffers: '5000' });
  const more = { max_worker_processes: 500, max_replication_slots: 300, max_prepared_transactions: 60 };
  expect(targetParameters(1, 17, { source, own: more })).toMatchObject({
    max_worker_processes: '500',
    max_replication_slots: '300',
    max_prepared_transactions: '60',
  });
});

test('origins that the source has room for find room on the clone', () => {
  const source = sourceParameters(1, { max_active_replication_origins: 90 });
  expect(targetParameters(1, 18, { source })['max_active_replication_origins']).toBe('90');
});

test('the parameter for origins is only set where it exists', () => {
  expect(targetParameters(1, 17, { source: {} })).not.toHaveProperty('max_active_replication_origins');
  expect(targetParameters(1, 18, { source: {} })).toHaveProperty('max_active_replication_origins');
});

test('environments on one cluster come to one size, with room for all of them', () => {
  fc.assert(
    fc.property(fc.array(streams, { minLength: 2, maxLength: 5 }), (counts) => {
      const sizes = counts.map((count, index) => sourceParameters(count, {}, counts.toSpliced(index, 1)));
      for (const size of sizes) expect(size).toEqual(sizes[0]);
      const together = counts.reduce((sum, count) => sum + count, 0);
      expect(Number(sizes[0]!['max_replication_slots'])).toBeGreaterThanOrEqual(3 * together);
      // One that is alone needs no more than it did before the others came.
      expect(Number(sizes[0]!['max_replication_slots'])).toBeLessThanOrEqual(
        Math.max(3 * together, ...counts.map((count) => Number(sourceParameters(count)['max_replication_slots']))),
      );
    }),
  );
});
