import type { Finding } from '../../../sql-runner/model/change';
import type { Observation } from '../../../sql-runner/model/observation';
import { planTeardown, withHeld } from '../../../sql-runner/plan/plan-teardown';
import { formatMark } from '../../../sql-runner/model/mark';
import { sourceContract } from '../support/contract';
import { edit, following, publication, subscription, ticketed, untouched, type Draft } from '../support/observations';
import { codes, findingOf, outline } from '../support/plans';
import { table, UNIDENTIFIED } from '../support/tables';

/** What of ours has another name by now, or is not ours and is told of all the same. */
const contract = sourceContract();
const plan = (change: (draft: Draft<Observation>) => void) => planTeardown(contract, edit(following(contract), change));
const usual = planTeardown(contract, following(contract));
const comment = formatMark({ kind: 'role', environment: 'demo' });

test.each<[string, string, (draft: Draft<Observation>) => void]>([
  [
    'a subscription in a database that was renamed on the clone',
    '- target/moved/subscription/acas_demo_old',
    ({ target }) => {
      const subscriptions = [subscription('acas_demo_old', 'moved')];
      Object.assign(target!, { renamedDatabases: [{ database: 'shop', now: 'moved', taken: true, subscriptions }] });
    },
  ],
  [
    'a heartbeat that was renamed on the source',
    '- source/shop/renamed-heartbeat',
    ({ source }) =>
      Object.assign(source.databases.shop!, { heartbeatsElsewhere: [{ schema: 'elsewhere', table: null }] }),
  ],
  [
    'a role that the environment had before',
    '- source/role/former',
    ({ source }) => void source.markedRoles.push({ name: 'former', comment, connectGrants: [] }),
  ],
])('%s is dropped too', (_, line, change) => {
  const added = outline(plan(change)).filter((one) => !outline(usual).includes(one));
  expect(added).toEqual([line]);
});

test('a subscription that two databases of the source have by its name is dropped once', () => {
  const subscriptions = [subscription('acas_demo_shop', 'shop')];
  const renamed = plan(({ target }) =>
    Object.assign(target!, { renamedDatabases: [{ database: 'ledger', now: 'shop', taken: true, subscriptions }] }),
  );
  expect(outline(renamed)).toEqual(outline(usual));
  // Nothing of it is left for another one.
  expect(findingOf(renamed, 'DATABASE_RENAMED').why).toMatch(/is dropped, so that production is freed of the slot$/);
});

test('a database that was renamed on the clone is told of, and stops nothing', () => {
  const { changes, findings } = plan(({ target }) =>
    Object.assign(target!, { renamedDatabases: [{ database: 'shop', now: 'moved', taken: true, subscriptions: [] }] }),
  );
  expect(changes).toHaveLength(usual.changes.length);
  expect(findings).toMatchObject([
    { code: 'DATABASE_RENAMED', severity: 'warn', why: expect.stringMatching(/once it has its name again$/) },
  ]);
});

test('that writes fail because of what others publish is told, for a teardown does not end that', () => {
  const { findings } = plan(({ source: { databases } }) => {
    const [orders] = databases.shop!.tables.splice(0, Infinity, table('orders', UNIDENTIFIED));
    databases.shop!.publications.push(
      publication('theirs', null, { comment: null, tables: [{ schema: orders!.schema, name: 'orders' }] }),
    );
  });
  expect(findings).toMatchObject([{ code: 'FOREIGN_PUBLICATION_REFUSES_WRITES', severity: 'warn' }]);
});

test('a teardown that looked at no clone says that only the source is without what is ours', () => {
  expect(planTeardown(contract, ticketed(contract)).onlySource).toBe(true);
  expect(planTeardown(contract, untouched(contract)).onlySource).toBe(true);
  expect(usual).not.toHaveProperty('onlySource');
});

test('what holds a step is told beside what the plan says, and keeps all from being begun where it blocks', () => {
  const made = planTeardown(contract, ticketed(contract));
  const held: Finding = { code: 'ROLE_NOT_DROPPABLE', severity: 'warn', seen: 's', why: 'w', next: 'n' };
  const told = ['CLONE_NOT_LOOKED_AT', 'ROLE_NOT_DROPPABLE'];
  const all = ({ findings }: typeof made) => findings.map(({ code }) => code);
  const warned = withHeld(made, [held]);
  expect(warned).toEqual({ ...made, findings: warned.findings });
  expect(all(warned)).toEqual(told);
  const blocked = withHeld(made, [{ ...held, severity: 'block' }]);
  expect(blocked).toMatchObject({ changes: [], nextStep: null });
  expect([all(blocked), codes(blocked)]).toEqual([told, ['ROLE_NOT_DROPPABLE']]);
});
