import type { HeartbeatFacts } from '../../../sql-runner/model/heartbeat-facts';
import { planFor } from '../../../sql-runner/plan/plan-for';
import { sourceContract } from '../support/contract';
import { heartbeatForm } from '../support/heartbeat-forms';
import { edit, following } from '../support/observations';
import { codes, outline } from '../support/plans';

const contract = sourceContract();
const reset = (facts: Partial<HeartbeatFacts>) =>
  planFor(
    'reset',
    contract,
    edit(following(contract), ({ source }) => Object.assign(source.databases.shop!.heartbeats![0]!, facts)),
  );

test.each<[string, Partial<HeartbeatFacts>, string]>([
  ['was altered', { form: heartbeatForm({ rowSecurity: true }) }, 'HEARTBEAT_ALTERED'],
  ['cannot be read', { unread: { seen: 'permission denied', next: null } }, 'HEARTBEAT_UNREADABLE'],
])('a heartbeat that %s is told of, and keeps production from nothing that a reset frees it of', (_, facts, code) => {
  const plan = reset(facts);
  expect([codes(plan), codes(plan, 'warn')]).toEqual([[], ['CLONE_TO_BE_REPLACED', code]]);
  expect(outline(plan)).toEqual(outline(reset({})));
  expect(plan.nextStep).not.toBeNull();
});
