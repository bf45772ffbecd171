import { streamOf } from '../../../sql-runner/model/streams';
import type { Observation } from '../../../sql-runner/model/observation';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { formatMark } from '../../../sql-runner/model/mark';
import { sourceContract, stream } from '../support/contract';
import { heartbeatForm } from '../support/heartbeat-forms';
import { role } from '../support/catalog-rows';
import { type Draft, edit, following, slot, untouched } from '../support/observations';
import { codes, outline } from '../support/plans';
import { UNIDENTIFIED } from '../support/tables';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';

const contract = sourceContract();
const COPY = 'pg_16500_sync_17000_7400000000000000001';

const planned = (...changes: ((draft: Draft<Observation>) => unknown)[]) =>
  planApply(
    contract,
    edit(following(contract), (draft) => changes.forEach((change) => void change(draft))),
  );
const told = (plan: ReturnType<typeof planned>) => plan.findings.map(({ code }) => code);

const subscriptionsOf = ({ target }: Draft<Observation>) => [
  ...target!.subscriptions,
  ...Object.values(target!.databases).flatMap(({ streams }) =>
    Object.values(streams).flatMap((one) => one.subscription ?? []),
  ),
];
/** The secret has a password that the clone has not got yet: what is done about it connects nothing. */
const rotated = (draft: Draft<Observation>) => {
  for (const one of subscriptionsOf(draft))
    one.comment = formatMark({ ...SUBSCRIPTION_MARK, secretVersion: 'version-0' });
};
const renamed = ({ target }: Draft<Observation>) => {
  for (const one of target!.subscriptions) one.name = `${one.database}_renamed`;
  for (const { streams } of Object.values(target!.databases))
    for (const name of Object.keys(streams)) streams[name] = { subscription: null, originProgress: null };
};
const CONNECTIONS = [
  '~ target/shop/subscription-connection/acas_demo_shop',
  '~ target/ledger/subscription-connection/acas_demo_ledger',
];

test('the plan of what follows, and of a password that was changed', () => {
  expect([told(planned()), outline(planned())]).toEqual([[], []]);
  expect([told(planned(rotated)), outline(planned(rotated))]).toEqual([[], CONNECTIONS]);
});

describe('a plan tells, and goes on with what that does not stop:', () => {
  test.each<[string, (draft: Draft<Observation>) => unknown, string]>([
    [
      'writes that production refuses because of ours',
      ({ source }) => Object.assign(source.databases.shop!.tables[0]!, UNIDENTIFIED),
      'SOURCE_REFUSES_WRITES',
    ],
    [
      'writes that production refuses because of others',
      ({ source }) => {
        const { publications, tables } = source.databases.shop!;
        const [first] = publications;
        tables.push({ ...tables[0]!, name: 'theirs', ...UNIDENTIFIED });
        publications.push({ ...first!, name: 'cdc', comment: null, tables: [{ schema: 'public', name: 'theirs' }] });
      },
      'FOREIGN_PUBLICATION_REFUSES_WRITES',
    ],
    [
      'partitions to come that production would refuse writes on',
      ({ source }) => Object.assign(source.databases.shop!.tables[0]!, { kind: 'root', keyFault: 'no primary key' }),
      'NEW_PARTITIONS_REFUSE_WRITES',
    ],
    [
      'a heartbeat that others are sent as well',
      ({ source }) => {
        const { publications } = source.databases.shop!;
        publications.push({ ...publications[0]!, name: 'cdc', comment: null, allTables: true, tables: [] });
        source.slots.push({ ...source.slots[0]!, name: 'cdc' });
      },
      'HEARTBEAT_SENT_TO_OTHERS',
    ],
    [
      'streams that were forgotten',
      ({ source }) => source.forgotten.push(streamOf('old', stream('old'))),
      'STREAM_FORGOTTEN',
    ],
    [
      'a role of before',
      ({ source }) =>
        source.markedRoles.push({
          name: 'former',
          comment: formatMark({ kind: 'role', environment: 'demo' }),
          connectGrants: [],
        }),
      'FORMER_ROLE_LEFT',
    ],
    [
      'a slot that is left of a copy of ours',
      (draft) => {
        draft.source.slots.push(slot(COPY, 'shop'));
        for (const one of subscriptionsOf(draft)) if (one.database === 'shop') one.oid = 16500;
      },
      'TABLE_COPY_SLOT_LEFT',
    ],
    [
      'a publication that was altered',
      ({ source }) => source.databases.shop!.publications[0]!.tables.shift(),
      'PUBLICATION_ALTERED',
    ],
    [
      'another major version, which stops a new connection only',
      ({ target }) => (target!.server.versionNum = 180_001),
      '',
    ],
  ])('%s', (_, change, code) => {
    const plan = planned(rotated, change);
    // A table that is not sent any more, or not at all, is told beside it.
    expect(told(plan).filter((one) => one !== 'TABLES_NOT_REPLICATED')).toEqual(code === '' ? [] : [code]);
    expect(outline(plan)).toEqual(CONNECTIONS);
  });
});

const keyless = { form: heartbeatForm({ constraints: [] }) };
test.each<[string, (draft: Draft<Observation>) => unknown, string]>([
  [
    'a heartbeat of the source that was altered',
    ({ source }) => Object.assign(source.databases.shop!.heartbeats![0]!, keyless),
    'HEARTBEAT_ALTERED the heartbeat acas_demo_shop in database shop on the source',
  ],
  [
    'a heartbeat of the clone that was altered',
    ({ target }) => Object.assign(target!.databases.shop!.heartbeats![0]!, keyless),
    'HEARTBEAT_ALTERED the heartbeat acas_demo_shop in database shop on the clone',
  ],
  [
    // What it has is not looked at: nothing is said to be missing of it.
    'a database of the clone that has another name',
    ({ target }) => {
      target!.renamedDatabases = [{ database: 'shop', now: 'shop_old', taken: false, subscriptions: [] }];
      Object.assign(target!.databases.shop!, { exists: false, heartbeats: [], streams: {} });
      target!.subscriptions = target!.subscriptions.filter(({ database }) => database !== 'shop');
    },
    'DATABASE_RENAMED database shop of the source is named shop_old on the clone',
  ],
])('a plan tells %s', (_, change, expected) => {
  const { findings } = planned(change);
  expect(findings.map(({ code, seen }) => `${code} ${seen}`)).toEqual([expect.stringContaining(expected)]);
});

test('what is selected and cannot be found is told alone', () => {
  const lacking = sourceContract();
  const tables = [{ schema: 'public', name: 'unknown' }];
  lacking.links[0]!.streams[0]!.selection = { kind: 'tables', tables };
  const plan = planApply(
    lacking,
    edit(untouched(lacking), ({ source }) => (source.role = role("somebody else's"))),
  );
  expect([codes(plan), told(plan)]).toEqual([['TABLE_MISSING'], ['TABLE_MISSING']]);
});

describe('streams that follow under other names', () => {
  test('are not judged as if they had still to be connected', () => {
    const plan = planned(renamed, ({ target }) => {
      Object.assign(target!.databases.shop!, {
        writtenTables: [{ schema: 'public', name: 'orders' }],
        writesAreCertain: true,
      });
    });
    expect(told(plan)).toEqual(['SUBSCRIPTION_RENAMED', 'SUBSCRIPTION_RENAMED']);
  });

  const withoutTicket = (draft: Draft<Observation>) => {
    draft.ticket = null;
    for (const { publications } of Object.values(draft.source.databases))
      for (const one of publications)
        one.comment = formatMark({ kind: 'publication', environment: 'demo', slot: one.name });
  };
  test('have begun: no ticket for another clone is issued beside them', () => {
    const plan = planned(renamed, withoutTicket);
    expect(told(plan)).toEqual(['TICKET_INCOMPLETE', 'SUBSCRIPTION_RENAMED', 'SUBSCRIPTION_RENAMED']);
    expect([outline(plan), plan.nextStep]).toEqual([[], null]);
  });

  test('or in databases under other names have begun as well', () => {
    const plan = planned(withoutTicket, ({ target }) => {
      target!.subscriptions = [];
      target!.databases = {};
      target!.renamedDatabases = ['shop', 'ledger'].map((database) => ({
        database,
        now: `${database}_old`,
        taken: false,
        subscriptions: [],
      }));
    });
    expect(told(plan)).toEqual(['TICKET_INCOMPLETE', 'DATABASE_RENAMED', 'DATABASE_RENAMED']);
  });
});
