import type { Inheritable } from '../../../sql-runner/model/inheritable';
import { planCloneLeftovers } from '../../../sql-runner/resources/clone-leftovers';
import { streamsOf } from '../../../sql-runner/model/streams';
import { planInheritedIndexes } from '../../../sql-runner/resources/fresh-clone/inherited-indexes';
import { planInheritedPublications } from '../../../sql-runner/resources/fresh-clone/inherited-publications';
import { sourceContract } from '../support/contract';
import { INHERITABLE } from '../support/inheritables';
import { edit, following, slot } from '../support/observations';

/** Only what is a copy goes from the clone: never what was made on it, or is read there. */
const contract = sourceContract(['shop']);

test.each<[string, Partial<Inheritable['invalidIndexes'][number]>, number]>([
  ['as it is', {}, 1],
  ['of another id', { oid: 901 }, 0],
  ['of another name', { name: 'made_here' }, 0],
  ['of another database', { database: 'ledger' }, 0],
  ['of neither', { oid: 901, name: 'made_here' }, 0],
])('a half-built index %s is dropped %i times', (_, change, count) => {
  const target = edit(INHERITABLE, (draft) => Object.assign(draft.invalidIndexes[0]!, change));
  const { changes } = planInheritedIndexes(INHERITABLE, target, new Set(['shop', 'ledger']));
  expect(changes).toHaveLength(count);
});

type Copy = Inheritable['publications'][number];
const publications = (change: Partial<Copy>, slots: readonly ReturnType<typeof slot>[] = []) => {
  const inheritable = edit(INHERITABLE, (draft) => Object.assign(draft.publications[0]!, change));
  const target = edit(following(contract), (draft) => Object.assign(draft.target!, { inheritable, slots })).target!;
  const { changes, findings } = planInheritedPublications(contract, inheritable, target);
  return [
    ...changes.flatMap(({ preview }) => preview),
    ...findings.map(({ code, seen }) => `${code} ${seen.slice(-45)}`),
  ];
};

test('a publication that nobody reads on the clone is dropped, and nothing else said', () => {
  expect(publications({})).toEqual(['DROP PUBLICATION "cdc_all";']);
  for (const other of [slot('x', 'ledger', { active: true }), slot('x', 'shop', { active: true, plugin: 'wal2json' })])
    expect(publications({}, [other])).toEqual(['DROP PUBLICATION "cdc_all";']);
});

test('it is dropped as planned, without a second look at who reads it', () => {
  const target = edit(following(contract), (draft) =>
    Object.assign(draft.target!, { inheritable: INHERITABLE }),
  ).target!;
  const { changes } = planInheritedPublications(contract, INHERITABLE, target);
  expect(changes).toMatchObject([{ operation: { kind: 'sql', guards: [] } }]);
});

test('one that may be read there, or that we may not drop, stays and is told; ours is the record of the clone', () => {
  expect(publications({}, [slot('x', 'shop', { active: true })])).toEqual([
    expect.stringContaining('slot x of the clone may be read through it'),
  ]);
  expect(publications({ mayDrop: false, owner: 'dba' })).toEqual([
    expect.stringContaining('only its owner dba may drop it'),
  ]);
  expect(publications({ name: 'acas_demo_shop' })).toEqual([]);
});

test('of two databases, one with the id and name that a publication has in the other is no copy of it', () => {
  const two = sourceContract(['shop', 'ledger']);
  const there = edit(INHERITABLE, (draft) => (draft.publications[0]!.database = 'ledger'));
  const target = edit(following(two), (draft) => Object.assign(draft.target!, { inheritable: INHERITABLE })).target!;
  expect(planInheritedPublications(two, there, target)).toEqual({ changes: [], findings: [] });
  expect(planInheritedPublications(two, INHERITABLE, target).changes).toHaveLength(1);
});

test('of a clone that is production by another address nothing is dropped', () => {
  const { target } = following(contract);
  const plan = (isSourceServer: boolean) =>
    planCloneLeftovers(contract, { ...target!, isSourceServer }, streamsOf(contract)).changes.length;
  expect([plan(true), plan(false)]).toEqual([0, 3]);
});
