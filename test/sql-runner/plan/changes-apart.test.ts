import fc from 'fast-check';
import { changeOf, type Change } from '../../../sql-runner/model/change';
import { changesApart } from '../../../sql-runner/plan/changes-apart';

const change = (name: string, reason = 'as ever'): Change =>
  changeOf({
    address: { side: 'source', kind: 'replication-slot', name },
    action: 'create',
    reason,
    preview: [],
    operation: { kind: 'reboot-writer', cluster: 'demo', expectLogical: true },
  });

test('what is no more to be done, what is as well and what otherwise are named apart', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => change(name)) as [Change, Change, Change];
  expect(changesApart([a, b], [a, b])).toBeNull();
  expect(changesApart([a, b], [a, c])).toBe(`not to be done any more: ${b.id}; to be done as well: ${c.id}`);
  expect(changesApart([a], [change('a', 'for another reason')])).toBe(`to be done otherwise: ${a.id}`);
  expect(changesApart([a, b], [b, a])).toBe('the same, in another order');
});

test('it is silent of equal plans alone, also of one that was read from a file', () => {
  const some = fc.uniqueArray(fc.constantFrom(...'abcdef'), { maxLength: 6 });
  fc.assert(
    fc.property(some, some, (before, now) => {
      const [then, today] = [before, now].map((names) => names.map((name) => change(name))) as [Change[], Change[]];
      const saved = JSON.parse(JSON.stringify(then)) as Change[];
      expect(changesApart(saved, today) === null).toBe(before.join() === now.join());
    }),
  );
});
