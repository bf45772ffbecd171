import fc from 'fast-check';
import {
  groupInEffect,
  groupStays,
  lacking,
  restartNeeded,
  type AttachedGroup,
} from '../../../sql-runner/resources/attached-group';
import { sourceParameters } from '../../../stacks/constructs/cluster/sizing';
import { sourceContract } from '../support/contract';

const wanted = { ...sourceParameters(2), work_mem: '65536' };
const contract = sourceContract(['shop'], { parameterGroup: { name: 'ours', previous: 'theirs', parameters: wanted } });

/** Another group that has exactly what ours would set, and a server that runs with it. */
function other(change: (group: Editable) => void = () => undefined): AttachedGroup {
  const group: Editable = {
    cluster: {
      status: 'available',
      writer: 'writer-1',
      resourceId: null,
      parameterGroup: 'other',
      parameterGroupStatus: 'in-sync',
    },
    server: { walLevel: 'logical', maxReplicationSlots: 20, maxWalSenders: 25, maxPreparedTransactions: 0 },
    groupParameters: { ...wanted },
  };
  change(group);
  return group;
}
interface Editable extends AttachedGroup {
  settings?: Record<string, string>;
  readonly cluster: { -readonly [K in keyof AttachedGroup['cluster']]: AttachedGroup['cluster'][K] };
  readonly server: { -readonly [K in keyof AttachedGroup['server']]: AttachedGroup['server'][K] };
  readonly groupParameters: Record<string, string>;
}

test.each<[string, boolean, (group: Editable) => void]>([
  ['exactly what is wanted', true, () => undefined],
  [
    'more room, and settings of its own',
    true,
    ({ server, groupParameters }) => {
      Object.assign(server, { maxReplicationSlots: 50, maxWalSenders: 60 });
      Object.assign(groupParameters, { max_replication_slots: '50', max_wal_senders: '60', timezone: 'UTC' });
    },
  ],
  [
    'enough room by default',
    true,
    ({ server, groupParameters }) => {
      server.maxReplicationSlots = 30;
      delete groupParameters.max_replication_slots;
    },
  ],
  [
    'a change of its own that waits for a restart',
    true,
    ({ cluster, groupParameters }) => {
      cluster.parameterGroupStatus = 'pending-reboot';
      groupParameters.max_connections = '500';
    },
  ],
  ['logical replication that waits for a restart', false, ({ server }) => (server.walLevel = 'replica')],
  [
    'logical replication only until the next restart',
    false,
    ({ groupParameters }) => {
      groupParameters['rds.logical_replication'] = '0';
    },
  ],
  [
    'no logical replication of its own',
    false,
    ({ groupParameters }) => {
      delete groupParameters['rds.logical_replication'];
    },
  ],
  ['too few slots now', false, ({ server }) => (server.maxReplicationSlots = 19)],
  [
    'too few slots after the next restart',
    false,
    ({ groupParameters }) => {
      groupParameters.max_replication_slots = '19';
    },
  ],
  ['too few senders', false, ({ server }) => (server.maxWalSenders = 24)],
  [
    'room that nobody knows after the next restart',
    false,
    ({ cluster, groupParameters }) => {
      cluster.parameterGroupStatus = 'pending-reboot';
      delete groupParameters.max_wal_senders;
    },
  ],
  [
    'room by a formula',
    false,
    ({ groupParameters }) => {
      groupParameters.max_wal_senders = 'GREATEST({DBInstanceVCPU},25)';
    },
  ],
  [
    'another value of what is carried over',
    false,
    ({ groupParameters }) => {
      groupParameters.work_mem = '4096';
    },
  ],
  [
    'nothing of what is carried over',
    false,
    ({ groupParameters }) => {
      delete groupParameters.work_mem;
    },
  ],
])('another group with %s stays: %s', (_, stays, change) => {
  expect(groupStays(contract, other(change))).toBe(stays);
  // Ours stays whatever it has: what it lacks then waits for a restart.
  const ours = other(change);
  expect(groupStays(contract, { ...ours, cluster: { ...ours.cluster, parameterGroup: 'ours' } })).toBe(true);
});

test.each<[string, boolean, (group: Editable) => void]>([
  ['whose values all run', false, () => undefined],
  ['of which more room runs', false, ({ server }) => (server.maxReplicationSlots = 50)],
  ['of which a carried over value does not run', true, ({ settings }) => (settings!.work_mem = '4096')],
  ['of which one is not known to run', true, ({ settings }) => delete settings!.work_mem],
  ['of which too few slots run', true, ({ server }) => (server.maxReplicationSlots = 19)],
  ['that is not logical yet', true, ({ server }) => (server.walLevel = 'replica')],
])('our group, attached since the last restart, %s, needs another one: %s', (_, needed, change) => {
  const ours = other((group) => {
    Object.assign(group.cluster, { parameterGroup: 'ours', parameterGroupStatus: 'pending-reboot' });
    group.settings = { ...wanted };
    change(group);
  });
  expect(restartNeeded(contract, ours)).toBe(needed);
  expect(groupInEffect(contract, ours)).toBe(!needed);
});

test.each<[string, (group: Editable) => void]>([
  [
    'of another one, which waits for a restart of its own',
    ({ cluster }) => (cluster.parameterGroupStatus = 'pending-reboot'),
  ],
  ['of another one', () => undefined],
  ['of ours, which RDS has applied', ({ cluster }) => (cluster.parameterGroup = 'ours')],
])('for a value %s production is not restarted', (_, change) => {
  const group = other((draft) => {
    draft.settings = { ...wanted, work_mem: '4096' };
    change(draft);
  });
  expect(restartNeeded(contract, group)).toBe(false);
});

test('what is lacking is named with what is there', () => {
  const group = other(({ groupParameters }) => {
    groupParameters.work_mem = '4096';
    delete groupParameters['rds.logical_replication'];
  });
  expect(lacking(contract, group)).toEqual([
    { name: 'rds.logical_replication', wanted: '1', has: null },
    { name: 'work_mem', wanted: '65536', has: '4096' },
  ]);
});

test('of two environments with the same settings to carry over, the larger one has room for both', () => {
  const streams = fc.integer({ min: 1, max: 60 });
  fc.assert(
    fc.property(streams, streams, (one, two) => {
      const [smaller, larger] = [sourceParameters(Math.min(one, two)), sourceParameters(Math.max(one, two))];
      const group = other(({ server, groupParameters }) => {
        server.maxReplicationSlots = Number(larger.max_replication_slots);
        server.maxWalSenders = Number(larger.max_wal_senders);
        Object.assign(groupParameters, larger);
      });
      const parameterGroup = { name: 'ours', previous: 'theirs', parameters: { ...smaller, work_mem: '65536' } };
      expect(lacking(sourceContract(['shop'], { parameterGroup }), group)).toEqual([]);
    }),
  );
});
