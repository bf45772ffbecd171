import { checkSourceCapacity, checkTargetCapacity } from '../../../sql-runner/plan/gates/capacity';
import { sourceParameters } from '../../../stacks/constructs/cluster/sizing';
import { edit, following, prepared, type Draft } from '../support/observations';
import { surveyedSlot } from '../support/surveys';
import { after, contract, type Edit, oldPrepared, open, unconnected } from './provocations';

const codes = (change: Edit) => after(change).map(({ code }) => code);
const seen = (change: Edit) => after(change).map((finding) => finding.seen);

/** One stream, two sync workers, four workers at the most. */
test.each<[string, (server: Draft<Parameters<Edit>[0]['target']['server']>) => void, string[]]>([
  ['just enough processes', (server) => Object.assign(server, { maxWorkerProcesses: 21 }), []],
  [
    'processes for the launcher and the worker only',
    (server) =>
      Object.assign(server, {
        maxWorkerProcesses: 2,
        maxLogicalReplicationWorkers: 3,
        autovacuumMaxWorkers: 0,
        maxParallelWorkers: 0,
      }),
    ['TARGET_PROCESSES_SHARED'],
  ],
  ['just enough workers', (server) => (server.maxLogicalReplicationWorkers = 3), []],
  [
    'one worker and no reserve',
    (server) => (server.maxLogicalReplicationWorkers = 1),
    ['TARGET_WORKERS_WITHOUT_RESERVE'],
  ],
  ['no worker at all, which planning refuses', (server) => (server.maxLogicalReplicationWorkers = 0), []],
  ['just enough origins', (server) => (server.maxActiveReplicationOrigins = 1), []],
])('a clone with %s', (_, change, expected) => {
  expect(codes(({ target }) => void change(target.server))).toEqual(expected);
});

test('a worker for each stream is enough for planning, one fewer is not', () => {
  const target = (workers: number) =>
    edit(following(contract), (draft) => (draft.target!.server.maxLogicalReplicationWorkers = workers)).target!;
  expect(checkTargetCapacity(contract, target(1))).toEqual([]);
  expect(checkTargetCapacity(contract, target(0))).toHaveLength(1);
});

test('free slots are counted once the group is in effect, and not before', () => {
  const source = (change: (source: Draft<ReturnType<typeof prepared>>['source']) => void) =>
    edit(prepared(contract), (draft) => {
      draft.source.server.maxReplicationSlots = 2;
      change(draft.source);
    }).source;
  expect(
    checkSourceCapacity(
      contract,
      source(() => undefined),
      1,
    ),
  ).toEqual([]);
  expect(
    checkSourceCapacity(
      contract,
      source(() => undefined),
      2,
    ),
  ).toHaveLength(1);
  expect(
    checkSourceCapacity(
      { ...contract, parameterGroup: { ...contract.parameterGroup, parameters: sourceParameters(1) } },
      source(({ cluster }) => (cluster.parameterGroup = 'other')),
      2,
    ),
  ).toEqual([]);
  expect(
    checkSourceCapacity(
      { ...contract, parameterGroup: { ...contract.parameterGroup, parameters: sourceParameters(1) } },
      source(({ cluster }) => (cluster.parameterGroupStatus = 'pending-reboot')),
      2,
    ),
  ).toEqual([]);
});

test('sizes of a group that waits for its reboot are not judged', () => {
  expect(
    codes(({ source, contract: { parameterGroup } }) => {
      parameterGroup.parameters.max_wal_senders = '25';
      source.cluster.parameterGroupStatus = 'pending-reboot';
      source.server.maxWalSenders = 0;
    }),
  ).toEqual(['SOURCE_REBOOT_PENDING']);
});

test('sizes of a group that is in-sync are judged, also where WAL is not logical', () => {
  expect(
    codes(({ source }) => {
      source.server.walLevel = 'replica';
      source.server.maxWalSenders = 0;
    }),
  ).toEqual(expect.arrayContaining(['SOURCE_SENDERS_TOO_FEW', 'WAL_LEVEL_NOT_LOGICAL']));
});

test('slots that are still to be made count as well', () => {
  const missing = (limits: object) =>
    codes((world) => {
      Object.assign(world.source.server, limits);
      world.source.slots = [surveyedSlot('dms')];
    });
  expect(missing({ maxWalSenders: 2, maxReplicationSlots: 4 })).toEqual([]);
  expect(missing({ maxWalSenders: 1 })).toEqual(['SOURCE_SENDERS_TOO_FEW']);
  expect(missing({ maxReplicationSlots: 3 })).toEqual(['SOURCE_SLOTS_WITHOUT_RESERVE']);
});

test("the clone's own setting tells how many slots a copy takes; without a clone it is the default", () => {
  const needed = (sync: number) =>
    seen(({ source, target }) => {
      target.server.maxSyncWorkersPerSubscription = sync;
      target.server.maxLogicalReplicationWorkers = 20;
      source.server.maxReplicationSlots = 2;
    });
  expect(needed(5)[0]).toContain('with 5 for the copy of added tables 6 are needed');
});

test('a limit of no WAL at all is a limit too', () => {
  expect(codes(({ source }) => (source.server.maxSlotWalKeepSize = 0))).toEqual(['SLOT_WAL_LIMITED']);
});

test('what a slot has left, and holds back, is shown in megabytes', () => {
  const left = (safeWalSize: number | null) =>
    seen(({ source }) => Object.assign(source.slots[0]!, { walStatus: 'unreserved', safeWalSize }))[0];
  expect(left(3 * 1024 * 1024)).toContain('; 3 MB more of WAL');
  expect(left(-5)).toContain('; 0 MB more of WAL');
  expect(left(null)).toContain('; 0 MB more of WAL');
});

test.each([
  ['behind the end of the WAL', '0/2FF00000', 1],
  ['at the end of the WAL', '0/30000000', 0],
  ['far ahead of it', '0/40000000', 0],
])('a foreign slot %s', (_, restartLsn, megabytes) => {
  const [finding] = seen(({ source }) => source.slots.push(surveyedSlot('dms', { active: false, restartLsn })));
  expect(finding).toContain(`holds back ${megabytes} MB of WAL`);
});

test('a foreign slot on a server that tells no position holds nothing that could be counted', () => {
  const [finding] = seen(({ source }) => {
    source.server.flushLsn = null;
    source.slots.push(surveyedSlot('dms', { active: false }));
  });
  expect(finding).toContain('holds back 0 MB');
});

test('a slot of ours without a position holds nothing back, and one of others is not judged as ours', () => {
  expect(
    codes(({ source }) => {
      source.server.flushLsn = '3/30000000';
      Object.assign(source.slots[0]!, { restartLsn: null });
      source.slots.push(surveyedSlot('dms', { walStatus: 'unreserved' }));
    }),
  ).toEqual([]);
});

test('a copy of a slot is one also where a position is not known', () => {
  const copied = (copy: string | null, original: string | null) =>
    codes(({ source, target }) => {
      Object.assign(source.slots[0]!, { restartLsn: original });
      target.slots.push({ ...source.slots[0]!, active: false, restartLsn: copy });
    });
  expect(copied(null, '0/2F000000')).toEqual(['INHERITED_SLOT_LEFT']);
  expect(copied('0/2F000000', null)).toEqual(['INHERITED_SLOT_LEFT']);
});

test('only logical slots are invalidated by enhanced replication, and they are named', () => {
  const change =
    (slotType: 'logical' | 'physical'): Edit =>
    ({ source }) => {
      source.groupParameters['aurora.enhanced_logical_replication'] = '1';
      source.slots[0]!.slotType = slotType;
      source.slots.push(surveyedSlot('replica', { slotType: 'physical' }));
    };
  expect(codes(change('physical'))).toEqual([]);
  expect(after(change('logical'))[0]!.why).toMatch(/every logical slot: acas_demo_shop$/);
});

test('a long transaction is described by what is known of it', () => {
  const described = (change: object) =>
    seen(({ source }) => {
      source.slots = [];
      source.openWrites.push({ ...open, ageSeconds: 90, ...change });
    })[0];
  expect(described({})).toBe(
    'process 99 of app in database ledger (batch) has a writing transaction open for 90 s, idle',
  );
  expect(described({ state: 'active', statement: `UPDATE t SET a = 'secret'` })).toMatch(
    / open for 90 s, active, statement: UPDATE t SET a = …$/,
  );
  expect(described({ user: null, database: null, applicationName: null, state: null, ageSeconds: null })).toBe(
    'process 99 of (hidden) in database (hidden) (no name) has a writing transaction open for an unknown time',
  );
});

test('a prepared transaction delays a slot that is missing although the clone follows', () => {
  expect(
    codes(({ source }) => {
      source.slots = [];
      source.prepared.push(oldPrepared);
    }),
  ).toEqual(['PREPARED_TRANSACTION']);
});

test('rds.force_ssl is on in both spellings', () => {
  expect(codes(({ source }) => (source.aurora.forceSsl = 'on'))).toEqual([]);
});

test('details of what is found: when a password expires, which trigger, how old, which version', () => {
  const expired =
    (passwordExpires: string | null): Edit =>
    ({ source }) =>
      Object.assign(source.role!, { passwordExpires, passwordExpired: true });
  expect(seen(expired('2020-01-01'))[0]).toContain('expired at 2020-01-01');
  expect(seen(expired(null))[0]).toMatch(/has expired; the server gives no date$/);
  const trigger =
    (mode: 'always' | 'replica'): Edit =>
    ({ target }) =>
      target.databases.shop!.triggers.push({
        beforeRow: false,
        schema: 'public',
        table: 'orders',
        rootSchema: 'public',
        rootName: 'orders',
        name: 'audit',
        mode,
      });
  expect(seen(trigger('always'))[0]).toMatch(/is ENABLE ALWAYS$/);
  expect(seen(trigger('replica'))[0]).toMatch(/is ENABLE REPLICA$/);
  const old = { database: 'shop', transactions: 1.5e9, multixacts: 0 };
  const told = (side: string) =>
    `database shop on the ${side} has rows that were not frozen for 1500 million transactions`;
  expect(seen(({ source }) => (source.freezeAges = [old]))).toEqual([told('source')]);
  expect(seen(({ target }) => (target.freezeAges = [old]))).toEqual([told('clone')]);
  const upgraded: Edit = (world) => {
    unconnected(world);
    world.target.server.versionNum = 180001;
  };
  expect(seen(upgraded)).toEqual(['the source runs PostgreSQL 17, the clone 18']);
});
