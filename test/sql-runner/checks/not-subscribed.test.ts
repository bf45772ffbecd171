import { runChecks } from '../../../sql-runner/checks/preflight';
import type { Survey } from '../../../sql-runner/model/survey';
import { formatMark } from '../../../sql-runner/model/mark';
import { edit } from '../support/observations';
import { healthy } from '../support/surveys';
import { after, contract, definition, foreignKey, sent, type Edit } from './provocations';

/** What is sent, is on the clone, and is not known to our subscription; or known, and not copied. */
const SUBSCRIPTION = 'acas_demo_shop';
const another = { ...sent, schema: 'public', name: 'refunds' };
const published =
  (...changes: Edit[]): Edit =>
  (world) => {
    world.source.databases.shop!.sent.push(sent, another);
    world.target.databases.shop!.definitions.push(definition, {
      ...definition,
      oid: 16410,
      schema: 'public',
      name: 'refunds',
    });
    world.target.databases.shop!.taken = [];
    for (const change of changes) change(world);
  };
const codes = (change: Edit) => after(change).map(({ code }) => code);
const taking =
  (state: string): Edit =>
  ({ target }) =>
    target.databases.shop!.taken.push(
      ...[sent, another].map((table) => ({ ...table, subscription: SUBSCRIPTION, table: 700, state })),
    );
const options: (
  change: (shop: Parameters<Edit>[0]['target']['databases'][string]['subscriptionOptions'][0]) => void,
) => Edit =
  (change) =>
  ({ target }) =>
    change(target.databases.shop!.subscriptionOptions[0]!);

test('every step names every table, and each schema once', () => {
  const [finding] = after(published());
  const list = '"parts"."orders_9", "public"."refunds"';
  expect(finding!.next).toContain(`GRANT USAGE ON SCHEMA "parts", "public" TO "acas_demo"; GRANT SELECT ON ${list} TO`);
  expect(finding!.next).toContain('TRUNCATE ONLY "parts"."orders_9", ONLY "public"."refunds"; ALTER SUBSCRIPTION');
  expect(finding!.next).toContain(
    `REVOKE SELECT ON ${list} FROM "acas_demo"; REVOKE USAGE ON SCHEMA "parts", "public"`,
  );
  const [unfinished] = after(published(taking('d')));
  expect(unfinished).toMatchObject({ code: 'TABLE_NOT_COPIED', standing: true });
  expect(unfinished!.next).toMatch(/GRANT USAGE ON SCHEMA "parts", "public" TO "acas_demo"; GRANT SELECT ON "parts"/);
});

/** The first is a partition of a table that the clone has. */
const attached: Edit = ({ target }) => {
  const { definitions } = target.databases.shop!;
  definitions[0] = { ...definition, parent: 7 };
  definitions.push({ ...definition, oid: 7, schema: 'public', name: 'orders', parent: null });
};
const referencing =
  (...names: string[]): Edit =>
  ({ target }) =>
    target.databases.shop!.foreignKeys.push(
      ...names.map((name) => ({ ...foreignKey, referenced: { schema: 'public', name } })),
    );
const TRUNCATED = 'TRUNCATE ONLY "parts"."orders_9", ONLY "public"."refunds";';
const fired = (statements: string) =>
  `SET session_replication_role = replica; ${statements} RESET session_replication_role;`;
const DELETED = 'DELETE FROM ONLY "parts"."orders_9";';

test.each<[string, Edit[], string]>([
  ['nothing references them', [attached], TRUNCATED],
  ['another table is referenced', [attached, referencing('lines')], TRUNCATED],
  [
    'the root of one is referenced',
    [attached, referencing('orders')],
    `TRUNCATE ONLY "public"."refunds"; ${fired(DELETED)}`,
  ],
  [
    'one of them is referenced itself',
    [attached, referencing('refunds')],
    `TRUNCATE ONLY "parts"."orders_9"; ${fired('DELETE FROM ONLY "public"."refunds";')}`,
  ],
  [
    'all are referenced',
    [attached, referencing('orders', 'refunds')],
    fired(`${DELETED} DELETE FROM ONLY "public"."refunds";`),
  ],
])('before they are copied, tables are emptied so that nothing else loses rows: %s', (_, changes, statements) => {
  const [finding] = after(published(...changes)).filter(({ code }) => code === 'TABLE_NOT_SUBSCRIBED');
  const emptied = /database shop on the clone: (.*) ALTER SUBSCRIPTION/.exec(finding!.next)![1];
  expect(emptied).toBe(statements);
});

test.each([
  ['r', []],
  ['s', []],
  ['f', ['TABLE_NOT_COPIED']],
  ['d', ['TABLE_NOT_COPIED']],
  ['i', ['TABLE_NOT_COPIED']],
])('a table that is taken in state %s', (state, expected) => {
  expect(codes(published(taking(state)))).toEqual(expected);
});

test('what another publication sends is not for our subscription', () => {
  const others: Edit = ({ source }) => {
    const { sent: tables } = source.databases.shop!;
    source.databases.shop!.sent = tables.map((table) => ({ ...table, publication: 'theirs' }));
  };
  expect(codes(published(others))).toEqual([]);
});

test('a subscription whose publication list is altered, or was put back a moment ago, is told as that alone', () => {
  const altered = options((one) => (one.values.publication = '["other"]'));
  expect(codes(published(altered))).toEqual(['SUBSCRIPTION_ALTERED']);
  const other = options((one) => (one.values.binary = 'true'));
  expect(codes(published(other))).toContain('TABLE_NOT_SUBSCRIBED');
  const mark = (altered: string[]) =>
    options((one) => {
      const ours = { kind: 'subscription', environment: contract.environment, nonce: 'n', seedLsn: '0/1' } as const;
      one.comment = formatMark({ ...ours, secretVersion: 'v1', unproven: { altered } });
    });
  expect(codes(published(mark(['publication'])))).not.toContain('TABLE_NOT_SUBSCRIBED');
  expect(codes(published(mark(['owner'])))).toContain('TABLE_NOT_SUBSCRIBED');
});

test.each([
  ['TABLE_NOT_SUBSCRIBED', published()],
  ['TABLE_NOT_COPIED', published(taking('d'))],
])('%s: both sides are needed to tell, their definitions are not', (code, change) => {
  const { contract: ours, ...survey } = edit(healthy(contract), change);
  const found = (more: Partial<Survey>) =>
    runChecks(ours, { ...survey, ...more }).find(({ check }) => check.code === code)!.findings;
  expect(found({ source: null })).toBeNull();
  expect(found({ shapes: undefined })).toHaveLength(1);
});
