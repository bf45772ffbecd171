import { streamOf } from '../../../sql-runner/model/streams';
import { checkCloneUnwritten, checkSameMajor } from '../../../sql-runner/plan/gates/clone';
import { checkSelectedTables } from '../../../sql-runner/plan/gates/selected-tables';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { formatMark } from '../../../sql-runner/model/mark';
import { sourceContract, stream } from '../support/contract';
import { cloned, edit, untouched } from '../support/observations';
import { table, UNIDENTIFIED } from '../support/tables';
import { expectBlocked } from '../support/plans';
import { findingsOf, healthy } from '../support/surveys';
import type { Edit } from './provocations';

const contract = sourceContract(['shop', 'ledger']);
const after: (change: Edit) => ReturnType<typeof findingsOf> = (change) => findingsOf(edit(healthy(contract), change));

test('two databases in good health', () => {
  expect(after(() => undefined)).toEqual([]);
});

test('a slot of one database does not stand for that of the other', () => {
  const [finding, ...others] = after(({ source }) => {
    source.slots = source.slots.filter(({ name }) => name === 'acas_demo_shop');
    source.openWrites.push({
      pid: 1,
      user: 'app',
      database: 'shop',
      applicationName: 'x',
      state: 'active',
      queryStart: null,
      statement: null,
      ageSeconds: 60,
    });
  });
  expect([finding?.code, others]).toEqual(['LONG_TRANSACTION', []]);
});

test('one stream that follows makes the environment connected', () => {
  const findings = after(({ target }) => {
    target.databases.ledger!.subscriptionOptions = [];
    target.server.versionNum = 180001;
  });
  expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['MAJOR_VERSIONS_DIFFER info']);
});

test("somebody else's subscription does not make it connected, nor is it judged as ours", () => {
  const findings = after(({ target }) => {
    for (const database of Object.values(target.databases)) database.subscriptionOptions[0]!.name = 'other';
    target.databases.shop!.subscriptionOptions[0]!.values.disable_on_error = 'true';
    target.server.versionNum = 180001;
  });
  expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['MAJOR_VERSIONS_DIFFER block']);
});

test('a subscription of ours that somebody renamed makes it connected all the same', () => {
  const mark = { kind: 'subscription', environment: 'demo', seedLsn: '0/1', secretVersion: '1' } as const;
  const comment = formatMark({ ...mark, nonce: '6f1d2c3b-0000-4000-8000-000000000001' });
  const findings = after(({ target }) => {
    for (const { subscriptionOptions: subscriptions } of Object.values(target.databases))
      Object.assign(subscriptions[0]!, { name: 'renamed', comment });
    target.server.versionNum = 180001;
  });
  expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toContain('MAJOR_VERSIONS_DIFFER info');
});

test('what is taken in one database is not looked for in another', () => {
  const findings = after((world) => {
    world.target.databases.ledger!.taken = [];
    const orders = { schema: 'public', name: 'orders', rootSchema: 'public', rootName: 'orders' };
    world.source.databases.ledger!.unmatchable.push({ ...orders, column: 'at', type: 'point' });
  });
  expect(findings).toEqual([]);
});

test('owners are named each with the tables of their own', () => {
  const theirs = (name: string, owner: string) => ({
    schema: 'public',
    name,
    rootSchema: 'public',
    rootName: name,
    owner,
  });
  const findings = after(({ target }) => {
    target.databases.shop!.notAppliable.push(theirs('a', 'anna'), theirs('b', 'bert'), theirs('c', 'anna'));
    const taken = ['a', 'b', 'c'].map((name) => ({
      schema: 'public',
      name,
      subscription: 'acas_demo_shop',
      table: 700,
      state: 'r',
    }));
    target.databases.shop!.taken.push(...taken);
  });
  expect(findings.map(({ code, seen }) => [code, /owns ([^,]+(?:, public\.\w+)*)/.exec(seen)?.[1]])).toEqual([
    ['TABLE_NOT_APPLIABLE', 'public.a, public.c'],
    ['TABLE_NOT_APPLIABLE', 'public.b'],
  ]);
});

test('what is selected no longer is judged as long as it is taken', () => {
  const findings = after(({ contract: { links }, source, target }) => {
    links[0]!.streams[0]!.selection = { kind: 'tables', tables: [{ schema: 'public', name: 'customers' }] };
    const orders = { schema: 'public', name: 'orders', rootSchema: 'public', rootName: 'orders' };
    source.databases.shop!.unmatchable.push({ ...orders, column: 'at', type: 'point' });
    target.databases.shop!.rowSecurity.push({ ...orders, owner: 'app' });
  });
  expect(findings.map(({ code }) => code)).toEqual(['FULL_IDENTITY_UNMATCHABLE', 'ROW_SECURITY_STOPS_APPLY']);
});

test('a subscription that reads one publication, but not ours', () => {
  const findings = after(
    ({ target }) => (target.databases.shop!.subscriptionOptions[0]!.values.publication = '["other"]'),
  );
  expect(findings.map(({ code }) => code)).toEqual(['SUBSCRIPTION_ALTERED']);
});

test('tables that another publication on the clone names are not ours to watch', () => {
  const of = streamOf('shop', stream('shop'));
  const { target } = edit(cloned(contract), (draft) => {
    const shop = draft.target!.databases.shop!;
    shop.publications.unshift({ ...shop.publications[0]!, name: 'other', tables: [{ schema: 'public', name: 'log' }] });
    shop.writtenTables.push({ schema: 'public', name: 'log' });
  });
  expect(checkCloneUnwritten(contract, target!, of)).toEqual([]);
});

test('the versions are named by their major number', () => {
  const { source, target } = edit(cloned(contract), (draft) => (draft.target!.server.versionNum = 180001));
  const [finding] = checkSameMajor(contract, source, target!);
  expect(finding!.seen).toBe('the source runs PostgreSQL 17, the clone 18');
});

test('a missing database, and what the master user may not do in one, stop a plan before anything is made', () => {
  const plan = (change: Parameters<typeof edit<ReturnType<typeof untouched>>>[1]) =>
    planApply(contract, edit(untouched(contract), change));
  expectBlocked(
    plan(({ source }) => (source.databases.shop!.exists = false)),
    'DATABASE_MISSING',
  );
  expectBlocked(
    plan(({ source }) => void delete source.databases.shop),
    'DATABASE_MISSING',
  );
  expectBlocked(
    plan(({ source }) => (source.databases.shop!.mayCreate = false)),
    'PUBLICATION_NOT_ALLOWED',
  );
  expectBlocked(
    plan(({ source }) => source.databases.shop!.tables.push(table('theirs', { mayPublish: false }))),
    'TABLE_NOT_OWNED',
  );
});

test('everything that the master user lacks in a database is told at once', () => {
  const { source } = edit(untouched(contract), (draft) => {
    draft.source.databases.shop!.mayCreate = false;
    draft.source.databases.shop!.tables.push(table('theirs', { mayPublish: false, ...UNIDENTIFIED, owner: 'App' }));
  });
  const findings = checkSelectedTables(contract, source, streamOf('shop', stream('shop')));
  expect(findings.map(({ code, next }) => [code, /GRANT[^;]*|ALTER TABLE \S+/.exec(next)![0]])).toEqual([
    ['PUBLICATION_NOT_ALLOWED', 'GRANT CREATE ON DATABASE "shop" TO "master"'],
    ['TABLE_NOT_OWNED', 'GRANT "App" TO "master" WITH INHERIT TRUE'],
    ['REPLICA_IDENTITY_MISSING', 'ALTER TABLE "public"."theirs"'],
  ]);
});
