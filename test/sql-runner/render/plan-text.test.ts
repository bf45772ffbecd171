import { createColors } from 'picocolors';
import type { LookedAt, Plan } from '../../../sql-runner/model/plan';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { planTeardown } from '../../../sql-runner/plan/plan-teardown';
import { planText, summaryText } from '../../../sql-runner/render/plan-text';
import { planJson } from '../../../sql-runner/render/run-json';
import { sourceContract } from '../support/contract';
import { cloned, edit, following, slot, ticketed, untouched } from '../support/observations';
import { table } from '../support/tables';

const plain = createColors(false);
const contract = sourceContract(['shop']);
const text = (plan: Plan) => planText(plan, plain);

test('reads as people know it from Terraform', () => {
  const lines = text(planApply(contract, untouched(contract))).split('\n');
  expect(lines[0]).toBe('sql-runner will make these changes:');
  expect(lines).toEqual(
    expect.arrayContaining([
      '  ! ~ source/reboot/writer-1  needs --allow-reboot',
      '  + source/shop/publication/acas_demo_shop',
      '      2 tables; it must exist before the slot, or decoding fails',
      '        CREATE PUBLICATION "acas_demo_shop" FOR TABLE ONLY "public"."customers", ONLY "public"."orders", ONLY "acas_demo_shop"."acas_heartbeat";',
      'Plan: 6 to add, 2 to change, 0 to destroy.',
      'After that: cdktf deploy demo-target (takes the clone; then run sql-runner apply again; where demo-target was destroyed, first cdktf deploy demo-source, which shares the cluster with its account again)',
    ]),
  );
});

test('a replacement counts as both', () => {
  const plan = planApply(
    contract,
    edit(ticketed(contract), ({ source }) => (source.slots[0]!.confirmedFlushLsn = '0/3')),
  );
  expect(text(plan)).toContain('  -/+ source/clone-ticket');
  expect(summaryText(plan)).toBe('Plan: 1 to add, 0 to change, 1 to destroy.');
});

test('nothing to do is said in the words of where things stand', () => {
  const idle = planApply(contract, following(contract));
  expect(text(idle)).toBe('No changes. Whether the clone follows was not looked at.');
  const looked = (changed: Partial<LookedAt> = {}) =>
    text({ ...idle, looked: { streams: 2, following: 2, lost: 0, tables: 16, lagBytes: 0, unlooked: [], ...changed } });
  expect(looked()).toBe(
    'No changes. The clone follows the source: 2 of 2 streams stream, 16 tables, 0 B of WAL to go; rows are compared by sql-runner verify.',
  );
  expect(looked({ unlooked: ['whether somebody was there: why'] })).toMatch(
    /^No changes\. .*; rows are compared by sql-runner verify\. Not looked at: whether somebody was there: why\.$/,
  );
  expect(looked({ following: 1, lagBytes: null })).toContain(
    'Not every stream was seen to follow: 1 of 2 streams stream, 16 tables, an unknown lag;',
  );
  expect(looked({ following: 1, lost: 1 })).toContain('1 of 2 streams stream, 16 tables, 1 slot lost;');
  expect(looked({ streams: 1, following: 1, tables: 1 })).toContain('1 of 1 stream streams, 1 table,');
  expect(text(planApply(contract, ticketed(contract)))).toMatch(
    /^No changes\. All that can be done by now is done\.\n\nNext: cdktf deploy demo-target/,
  );
  expect(text(planTeardown(contract, untouched(contract)))).toContain(
    'No changes. Nothing of ours is left on the source. No clone was looked at: the outputs name none.',
  );
  const bare = edit(cloned(contract), (draft) => {
    Object.assign(draft, { ticket: null, source: untouched(contract).source });
    draft.target!.role = null;
    for (const database of Object.values(draft.target!.databases))
      Object.assign(database, { publications: [], heartbeats: [] });
  });
  expect(text(planTeardown(contract, bare))).toContain('No changes. Nothing of ours is left on either side.');
  const group = edit(bare, ({ source }) => {
    Object.assign(source.cluster, { parameterGroup: contract.parameterGroup.name });
    source.slots.push(slot('reports', 'shop'));
  });
  expect(text(planTeardown(contract, group))).toMatch(
    /until then, or until .* lacks, demo-source cannot be destroyed\n\nNo changes\. Nothing that can be removed by now is left; what stays is said above\.$/,
  );
});

test('a blocked plan shows what, why and what to do, and offers nothing', () => {
  const shown = text(
    planApply(
      contract,
      edit(cloned(contract), ({ target }) => (target!.seedLsn = null)),
    ),
  );
  expect(shown).toMatch(
    /^Error SEED_LSN_MISSING\n {2}aurora_volume.*\n {2}Why it matters: .*\n {2}What to do: .*\n\nBlocked: /,
  );
});

test('warnings come before the changes', () => {
  const warned = edit(cloned(contract), ({ source }) => source.databases.shop!.tables.push(table('late')));
  expect(text(planApply(contract, warned))).toMatch(
    /^Warning TABLES_NOT_REPLICATED[^]*sql-runner will make these changes:/,
  );
});

test('the connection string of a subscription is named, not shown', () => {
  const shown = text(planApply(contract, cloned(contract)));
  expect(shown).toContain(`current_setting('acas.conninfo')`);
  expect(shown).not.toMatch(/password=/);
});

test('colours are for terminals', () => {
  const plan = planApply(contract, untouched(contract));
  expect(text(plan)).not.toContain('\u001b[');
  expect(planText(plan, createColors(true))).toContain('\u001b[');
});

test('as JSON: changes without their operations', () => {
  const json = planJson(planApply(contract, untouched(contract))) as { changes: object[]; environment: string };
  expect(json.environment).toBe('demo');
  expect(json.changes[1]).toEqual({
    id: 'source/reboot/writer-1',
    action: 'update',
    side: 'source',
    consent: 'allow-reboot',
    reason: expect.stringContaining('wal_level is replica'),
    preview: ['rds:RebootDBInstance DBInstanceIdentifier=writer-1'],
  });
});
