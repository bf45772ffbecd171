import { planApply } from '../../../sql-runner/plan/plan-apply';
import type { OptionName } from '../../../sql-runner/postgres/catalog/subscription-options';
import { obstacleOf } from '../../../sql-runner/resources/subscription-attributes';
import { sourceContract } from '../support/contract';
import { type Draft, edit, following, withStream, cloned, SEED } from '../support/observations';
import type { Observation } from '../../../sql-runner/model/observation';

/** What is planned where a subscription was altered; carried out on servers in test/e2e/drift and live-altered-subscription. */
const contract = sourceContract(['shop']);
const OF = 'acas_demo_shop';
const OPTIONS = `target/shop/subscription-options/${OF}`;
const PROOF = `target/shop/continuity/${OF}`;

function planned(observation: Observation, values: Partial<Record<OptionName, string | null>>, more?: object) {
  const altered = edit(observation, ({ target }: Draft<Observation>) => {
    const { options } = target!.databases.shop!.streams[OF]!;
    Object.assign(options!.values, values);
    Object.assign(options!, more);
  });
  return planApply(contract, altered);
}
const ids = (...args: Parameters<typeof planned>) =>
  planned(...args)
    .changes.map(({ id }) => id)
    .filter((id) => !id.includes('inherited'));
const textOf = (...args: Parameters<typeof planned>) => planned(...args).changes.flatMap(({ preview }) => preview);

test('what loses nothing is put back, and no rows are compared', () => {
  expect(ids(following(contract), { binary: 'true', streaming: 'off' })).toEqual([OPTIONS]);
  expect(textOf(following(contract), { binary: 'true', streaming: 'off' })).toEqual([
    'ALTER SUBSCRIPTION "acas_demo_shop" SET (binary = false);',
    'ALTER SUBSCRIPTION "acas_demo_shop" SET (streaming = on);',
  ]);
});

test.each(['origin', 'skip_lsn', 'slot_name'] as const)('%s: remembered first, then the rows are compared', (name) => {
  const [first, second] = textOf(following(contract), { [name]: 'none' });
  expect(first).toContain(`"unproven":{"altered":["${name}"]}`);
  expect(second).toMatch(/^ALTER SUBSCRIPTION "acas_demo_shop" S/);
  expect(ids(following(contract), { [name]: 'none' })).toEqual([OPTIONS, PROOF]);
});

test.each([
  ['binary', 'true', 'SET (binary = false)'],
  ['streaming', 'parallel', 'SET (streaming = on)'],
  ['synchronous_commit', 'on', 'SET (synchronous_commit = off)'],
  ['disable_on_error', 'true', 'SET (disable_on_error = false)'],
  ['run_as_owner', 'true', 'SET (run_as_owner = false)'],
  ['origin', 'none', 'SET (origin = any)'],
  ['skip_lsn', '0/5', 'SKIP (lsn = NONE)'],
  ['two_phase', 'true', 'SET (two_phase = false)'],
  ['failover', 'true', 'SET (failover = false)'],
  ['publication', '["x"]', 'SET PUBLICATION "acas_demo_shop" WITH (refresh = false)'],
] as const)('%s that is %s is put back by one statement', (name, value, clause) => {
  expect(textOf(following(contract), { [name]: value })).toContain(`ALTER SUBSCRIPTION "acas_demo_shop" ${clause};`);
  const reasons = planned(following(contract), { [name]: value }).changes.map(({ reason }) => reason);
  expect(reasons[0]).toMatch(`it was altered: ${name} is ${value} instead of `);
});

test('a password that need not be is put back where the login is a superuser', () => {
  const texts = textOf(following(contract), { password_required: 'false' }, { superuser: true });
  expect(texts).toEqual(['ALTER SUBSCRIPTION "acas_demo_shop" SET (password_required = true);']);
});

test('tables are taken up again by a statement of their own, without copying any', () => {
  const { changes } = planned(following(contract), { publication: '["x"]' });
  const tables = changes.find(({ id }) => id === `target/shop/subscription-tables/${OF}`)!;
  expect(tables.operation).toMatchObject({ alone: true });
});

test('what is as it was has nothing in its way', () => {
  const options = following(contract).target!.databases.shop!.streams[OF]!.options!;
  expect(obstacleOf([], { ...options, mayAlter: false })).toBeNull();
});

test('the owner is put back before anything else', () => {
  const texts = textOf(following(contract), { run_as_owner: 'true', owner: 'somebody' });
  expect(texts[0]).toBe('ALTER SUBSCRIPTION "acas_demo_shop" OWNER TO "master";');
});

test('a subscription that never began has lost nothing', () => {
  const never = withStream(contract, cloned(contract), 'shop', { enabled: false, progress: null });
  expect(ids(never, { slot_name: 'NONE' })).toEqual([
    OPTIONS,
    `target/shop/origin/${OF}`,
    `target/shop/subscription-enabled/${OF}`,
  ]);
  const atSeed = withStream(contract, cloned(contract), 'shop', { enabled: false, progress: SEED });
  expect(ids(atSeed, { slot_name: 'NONE' })).toEqual([OPTIONS, `target/shop/subscription-enabled/${OF}`]);
  expect(textOf(atSeed, { slot_name: 'NONE' }).join()).not.toContain('unproven');
});

test('one that had to be disabled for its slot is enabled again, and is remembered before', () => {
  const [options, slot, enabled, proof] = planned(following(contract), { failover: 'true' }).changes;
  expect(options!.preview).toEqual([
    expect.stringContaining('"unproven":{"altered":["failover"]}'),
    'ALTER SUBSCRIPTION "acas_demo_shop" DISABLE;',
  ]);
  expect(slot!.operation).toMatchObject({ alone: true });
  expect([enabled!.id, proof!.id]).toEqual([`target/shop/subscription-enabled/${OF}`, PROOF]);
});

test('a slot that our subscription made two-phase is no reason to make it anew', () => {
  const twoPhase = edit(following(contract), ({ source }) => {
    source.slots[0]!.twoPhase = true;
  });
  expect(planned(twoPhase, {}).findings.map(({ code }) => code)).toEqual(['SLOT_MISMATCH']);
  expect(ids(twoPhase, { two_phase: 'true' })).toContain(`target/shop/subscription-slot-options/${OF}`);
});

test.each([
  ['a login without the rights of the owner', { owner: 'somebody' }, { mayAlter: false }],
  ['an option that only a superuser may set', { password_required: 'false', binary: 'true' }, {}],
] as const)('nothing is planned that the server would refuse: %s', (_, values, more) => {
  expect(ids(following(contract), values, more)).toEqual([]);
});

test('what cannot be read, and what this major does not have, is not judged', () => {
  const unknown = { synchronous_commit: null, binary: undefined, failover: undefined } as unknown as object;
  expect(ids(following(contract), unknown)).toEqual([]);
});
