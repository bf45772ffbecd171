import {
  planInheritedSlots,
  planInheritedSubscriptions,
} from '../../../../sql-runner/resources/fresh-clone/inherited-leftovers';
import { sourceContract } from '../../support/contract';
import { CONFIRMED, FLUSH, SEED, cloned, edit, slot, subscription } from '../../support/observations';

const { source, target } = edit(cloned(sourceContract(['shop'])), (draft) => {
  draft.source.subscriptions.push({ oid: 900, name: 'upstream' });
  draft.target!.slots = [
    slot('acas_demo_shop', 'shop'),
    slot('at_seed', 'reports', { restartLsn: SEED }),
    slot('unreserved', 'shop', { restartLsn: null }),
    slot('made_on_clone', 'shop', { restartLsn: FLUSH }),
    slot('in_use', 'shop', { restartLsn: CONFIRMED, active: true }),
    slot('temporary', 'shop', { temporary: true }),
  ];
  draft.target!.subscriptions = [
    subscription('upstream', 'shop', { oid: 900, enabled: true }),
    subscription('upstream_of_clone', 'shop', { oid: 901 }),
    subscription('acas_demo_shop', 'shop', { oid: 902 }),
  ];
});

test("copies of the source's slots and subscriptions go, what was made on the clone stays", () => {
  const changes = [
    ...planInheritedSubscriptions(source, target!, new Set(['acas_demo_shop'])).changes,
    ...planInheritedSlots(target!, 'shop').changes,
  ];
  expect(changes.map((change) => change.id)).toEqual([
    'target/shop/inherited-subscription/upstream',
    'target/inherited-slot/acas_demo_shop',
    'target/inherited-slot/at_seed',
    'target/inherited-slot/unreserved',
  ]);
  expect(changes.map((change) => change.operation)).toContainEqual(
    expect.objectContaining({ place: { side: 'target', database: 'reports' } }),
  );
});

test('an inherited subscription is detached first, so that the slot on its upstream is not touched', () => {
  const { changes, findings } = planInheritedSubscriptions(source, target!, new Set());
  const [drop] = changes;
  expect(drop!.preview).toEqual([
    'ALTER SUBSCRIPTION "upstream" DISABLE;',
    'ALTER SUBSCRIPTION "upstream" SET (slot_name = NONE);',
    `ALTER SUBSCRIPTION "upstream" CONNECTION 'host=127.0.0.1 port=1 user=nobody password=none dbname=none connect_timeout=2';`,
    'DROP SUBSCRIPTION "upstream";',
  ]);
  expect(findings.map((finding) => finding.code)).toEqual(['INHERITED_SUBSCRIPTION_ENABLED']);
});

test('without a seed LSN nothing tells which slots are copies', () => {
  expect(planInheritedSlots({ ...target!, seedLsn: null }, 'shop')).toEqual({ changes: [], findings: [] });
});

test('a copy of a slot that somebody reads stays, and is named', () => {
  const { findings } = planInheritedSlots(target!, 'shop');
  expect(findings.map((finding) => [finding.code, finding.seen])).toEqual([
    ['INHERITED_SLOT_IN_USE', expect.stringContaining('slot in_use')],
  ]);
});
