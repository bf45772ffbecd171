import type { Proposal } from '../../../../sql-runner/model/change';
import { NOTHING_INHERITABLE, type Inheritable } from '../../../../sql-runner/model/inheritable';
import { streamsOf } from '../../../../sql-runner/model/streams';
import { planApply } from '../../../../sql-runner/plan/plan-apply';
import { planTeardown } from '../../../../sql-runner/plan/plan-teardown';
import { planInheritedCronJobs } from '../../../../sql-runner/resources/fresh-clone/inherited-cron-jobs';
import { planInheritedEventTriggers } from '../../../../sql-runner/resources/fresh-clone/inherited-event-triggers';
import { planInheritedPrepared } from '../../../../sql-runner/resources/fresh-clone/inherited-prepared-transactions';
import { planInheritedTriggers } from '../../../../sql-runner/resources/fresh-clone/inherited-triggers';
import { parseMark } from '../../../../sql-runner/model/mark';
import { sourceContract, stream } from '../../support/contract';
import { INHERITABLE } from '../../support/inheritables';
import { cloned, edit, following, withStream, SEED } from '../../support/observations';
import { outline } from '../../support/plans';

const contract = sourceContract(['shop', 'ledger']);
const only = <K extends keyof Inheritable>(kind: K, change: Partial<Inheritable[K][number]> = {}): Inheritable => ({
  ...NOTHING_INHERITABLE,
  [kind]: INHERITABLE[kind].map((item) => ({ ...item, ...change })),
});
const summary = ({ changes, findings }: Proposal): string[] => [
  ...changes.map(({ id }) => id),
  ...findings.map(({ code, severity }) => `${severity} ${code}`),
];

test('hygiene comes before the first subscription, and not again once the clone follows', () => {
  const fresh = edit(cloned(contract), (draft) => {
    Object.assign(draft.source, { inheritable: INHERITABLE });
    Object.assign(draft.target!, { inheritable: INHERITABLE, slots: [] });
  });
  const expected = [
    '~ target/shop/inherited-event-trigger/ddl_audit',
    '~ target/ledger/inherited-cron-job/7',
    '- target/shop/inherited-prepared-transaction/order 1',
    '- target/inherited-origin/pg_12000',
    '~ target/shop/inherited-trigger/"public"."orders"."totals"',
    '- target/shop/inherited-publication/cdc_all',
    '- target/shop/inherited-index/"public"."orders_note"',
  ];
  expect(outline(planApply(contract, fresh)).slice(0, 8)).toEqual([
    ...expected,
    '+ target/shop/subscription/acas_demo_shop',
  ]);
  // One of the two streams is connected already: the other still needs it.
  const half = withStream(contract, fresh, 'shop', { enabled: true, progress: SEED });
  expect(outline(planApply(contract, half)).slice(0, 7)).toEqual(expected);
  const later = edit(following(contract), (draft) => {
    Object.assign(draft.source, { inheritable: INHERITABLE });
    Object.assign(draft.target!, { inheritable: INHERITABLE });
  });
  expect(planApply(contract, later)).toMatchObject({ changes: [], findings: [] });
});

describe('a prepared transaction on the clone', () => {
  const linked = new Set(['shop']);
  const plan = (source: Inheritable, target: Inheritable) => summary(planInheritedPrepared(source, target, linked));
  const rolledBack = ['target/shop/inherited-prepared-transaction/order 1'];
  const young = only('preparedTransactions', { beforeStart: false });

  test('is a copy if the source has it, or if it is older than the server', () => {
    expect(plan(INHERITABLE, young)).toEqual(rolledBack);
    expect(plan(NOTHING_INHERITABLE, INHERITABLE)).toEqual(rolledBack);
    for (const other of [{ gid: 'x' }, { transaction: '801' }, { database: 'ledger' }, { owner: 'x' }])
      expect(plan(only('preparedTransactions', other), young)).toEqual(['warn PREPARED_TRANSACTION_LEFT']);
  });

  test('stays in a database that is not replicated, and blocks where we may not end it', () => {
    const elsewhere = only('preparedTransactions', { database: 'other' });
    expect(plan(elsewhere, elsewhere)).toEqual(['warn PREPARED_TRANSACTION_LEFT']);
    expect(plan(INHERITABLE, only('preparedTransactions', { mayEnd: false }))).toEqual([
      'block PREPARED_TRANSACTION_STUCK',
    ]);
  });
});

describe('a pg_cron job on the clone', () => {
  const plan = (target: Inheritable) => planInheritedCronJobs(INHERITABLE, target);
  const target = (
    access: Partial<Inheritable['cron'][number]>,
    job: Partial<Inheritable['cronJobs'][number]> = {},
  ) => ({
    ...only('cronJobs', job),
    cron: INHERITABLE.cron.map((table) => ({ ...table, ...access })),
  });

  test('is deactivated in the way that this login may', () => {
    expect(plan(target({})).changes[0]!.preview).toEqual([
      'SET LOCAL row_security = on;',
      `UPDATE cron.job SET active = false WHERE jobid = '7';`,
    ]);
    expect(plan(target({ deactivate: 'alter_job' })).changes[0]!.preview.at(-1)).toBe(
      `SELECT cron.alter_job(job_id := '7', active := false);`,
    );
    expect(summary(plan(target({ deactivate: null })))).toEqual(['warn CRON_JOB_LEFT']);
  });

  test('stays when it is another one than on the source, or inactive', () => {
    expect(summary(plan(target({}, { digest: 'other' })))).toEqual(['warn CRON_JOB_LEFT']);
    expect(summary(plan(target({}, { active: false })))).toEqual([]);
  });

  test('that we may not see is warned about', () => {
    expect(summary(plan({ ...target({ mayRead: false }), cronJobs: [] }))).toEqual(['warn CRON_JOBS_HIDDEN']);
    expect(summary(plan({ ...target({ ownOnly: true }), cronJobs: [] }))).toEqual(['warn CRON_JOBS_HIDDEN']);
  });
});

test('event triggers of extensions, of other owners and of the clone itself stay, with the reason', () => {
  const plan = (change: Partial<Inheritable['eventTriggers'][number]>) =>
    planInheritedEventTriggers(contract, INHERITABLE, only('eventTriggers', change));
  expect(summary(plan({}))).toEqual(['target/shop/inherited-event-trigger/ddl_audit']);
  expect(summary(plan({ enabled: false }))).toEqual([]);
  for (const [change, severity, reason] of [
    [{ extension: 'pgaudit' }, 'info', 'it belongs to extension pgaudit'],
    [{ mayAlter: false, owner: 'dba' }, 'warn', 'only its owner dba may alter it'],
    [{ oid: 601 }, 'warn', 'the source has not the same one'],
    [{ name: 'other' }, 'warn', 'the source has not the same one'],
  ] as const)
    expect(plan(change)).toMatchObject({
      changes: [],
      findings: [{ code: 'EVENT_TRIGGER_LEFT', severity, seen: expect.stringContaining(reason) }],
    });
});

test('an extension that makes DDL fail until it is preloaded stops everything, once for all its triggers', () => {
  const [own] = INHERITABLE.eventTriggers;
  const plan = (preloaded: string | null, extension = 'pgaudit') => {
    const trigger = { ...own!, extension, preloaded };
    const two = [trigger, { ...trigger, oid: 601, name: 'other' }];
    return planInheritedEventTriggers(contract, INHERITABLE, { ...INHERITABLE, eventTriggers: two });
  };
  for (const libraries of ['', 'pg_stat_statements', 'pgaudit_other'])
    expect(plan(libraries)).toMatchObject({
      changes: [],
      findings: [
        { code: 'EXTENSION_NOT_PRELOADED', severity: 'block', next: expect.stringContaining('add pgaudit to') },
      ],
    });
  for (const libraries of ['pgaudit', 'pg_stat_statements, pgaudit', '/opt/lib/pgaudit.so', null])
    expect(plan(libraries).findings.map(({ code }) => code)).not.toContain('EXTENSION_NOT_PRELOADED');
  expect(plan('', 'postgis').findings.map(({ code }) => code)).not.toContain('EXTENSION_NOT_PRELOADED');
});

test('a trigger is a copy by its id and name in the same database', () => {
  for (const change of [{ oid: 701 }, { name: 'other' }, { database: 'ledger' }])
    expect(summary(planInheritedTriggers(contract, INHERITABLE, only('triggers', change)))).toEqual([
      'warn TRIGGERS_FIRE_ON_APPLY',
    ]);
});

test('a trigger made on the clone that may leave rows out stops its connection', () => {
  const { findings } = planInheritedTriggers(contract, INHERITABLE, only('triggers', { oid: 701, beforeRow: true }));
  expect(findings).toMatchObject([{ code: 'TRIGGERS_FIRE_ON_APPLY', severity: 'block', stops: ['connect'] }]);
});

describe('the read-only fence', () => {
  const wanted = edit(following(contract), ({ target }) => (target!.fence = true));
  const fences = ['+ target/shop/read-only-fence/acas_demo_shop', '+ target/ledger/read-only-fence/acas_demo_ledger'];

  test('is raised on a clone that follows already, and not where somebody made it read-only', () => {
    expect(outline(planApply(contract, wanted))).toEqual(fences);
    const foreign = edit(wanted, ({ target }) => target!.readOnlyDatabases.push('shop'));
    expect(outline(planApply(contract, foreign))).toEqual(fences.slice(1));
    const unwanted = edit(foreign, ({ target }) => (target!.fence = false));
    expect(outline(planApply(contract, unwanted))).toEqual([]);
    expect(JSON.stringify(planTeardown(contract, unwanted))).not.toContain('ALTER DATABASE');
  });

  test('keeps what else the mark says, and what the same plan writes into it before', () => {
    const rotated = edit(wanted, ({ source }) => (source.secretVersion = 'version-2'));
    const last = planApply(contract, rotated)
      .changes.filter(({ id }) => id.startsWith('target/shop/'))
      .at(-1)!;
    expect(last.id).toContain('read-only-fence');
    const comment = / IS '(.*)';$/.exec(last.preview.at(-1)!)![1]!;
    expect(parseMark(comment)).toMatchObject({ secretVersion: 'version-2', seedLsn: SEED, fence: true });
  });

  test('is one for a database, however many streams it has', () => {
    const two = sourceContract(['shop']);
    const more = { ...stream('more'), selection: two.links[0]!.streams[0]!.selection };
    const split = { ...two, links: [{ database: 'shop', streams: [...two.links[0]!.streams, more] }] };
    const base = edit(cloned(two), (draft) => {
      draft.target!.fence = true;
      draft.target!.slots = [];
      const { publications } = draft.source.databases['shop']!;
      const copy = { ...publications[0]!, name: more.publication };
      copy.comment = copy.comment!.replaceAll('acas_demo_shop', 'acas_demo_more');
      publications.push(copy);
      draft.target!.databases['shop']!.publications = publications;
      draft.source.slots.push({ ...draft.source.slots[0]!, name: more.slot });
    });
    const ids = outline(planApply(split, base));
    expect(ids.filter((id) => id.includes('subscription-enabled'))).toHaveLength(2);
    expect(ids.filter((id) => id.includes('read-only-fence'))).toEqual([fences[0]]);
    expect(streamsOf(split)).toHaveLength(2);
  });
});
