import type { MaterializedView } from '../../../sql-runner/postgres/catalog/materialized-views';
import type { ViewDependency } from '../../../sql-runner/postgres/catalog/view-dependencies';
import { viewOrder } from '../../../sql-runner/resources/view-order';
import { materializedView } from '../support/views';

const views = (...oids: number[]): MaterializedView[] => oids.map((oid) => materializedView(`v${oid}`, { oid }));
const reads = (from: string, to: string, unknown: string | null = null): ViewDependency => ({ from, to, unknown });
const order = (all: MaterializedView[], edges: ViewDependency[]) => viewOrder(all, edges).map(({ view }) => view.oid);

test('each comes once, after all that it reads, also through what lies between', () => {
  const edges = [reads('c1', 'c900'), reads('c900', 'p7'), reads('p7', 'c3'), reads('c3', 'c2'), reads('c1', 'c2')];
  expect(order(views(1, 2, 3), edges)).toEqual([2, 3, 1]);
  const [, , first] = viewOrder(views(1, 2, 3), edges);
  expect(first!.reads.map(({ oid }) => oid)).toEqual([2, 3]);
});

test('what lies behind another materialized view is that one’s own', () => {
  const [, first] = viewOrder(views(1, 2), [
    reads('c1', 'c2'),
    reads('c2', 'p5', 'public.f'),
    reads('c1', 'p6', 'public.g'),
  ]);
  expect(first).toMatchObject({ view: { oid: 1 }, unknown: ['public.g'] });
});

test('a circle keeps none of them out, and a chain may be long', () => {
  expect(
    order(views(1, 2, 3), [reads('c1', 'c2'), reads('c2', 'c1'), reads('c1', 'c1'), reads('c3', 'c1')]).sort(),
  ).toEqual([1, 2, 3]);
  const many = Array.from({ length: 20_000 }, (_, index) => index + 1);
  const chain = many.slice(1).map((oid) => reads(`c${oid - 1}`, `c${oid}`));
  expect(order(views(...many), chain)).toEqual([...many].reverse());
});

test('random graphs without circles come in an order that is right', () => {
  let state = 7;
  const random = (below: number) => (state = (state * 48271) % 2147483647) % below;
  for (let time = 0; time < 200; time += 1) {
    const number = 2 + random(12);
    const rank = Array.from({ length: number }, (_, index) => index).sort(() => random(3) - 1);
    const edges = Array.from({ length: random(30) }, () => [random(number), random(number)] as const)
      .filter(([a, b]) => rank[a]! < rank[b]!)
      .map(([a, b]) => reads(`c${a + 1}`, `c${b + 1}`));
    const at = order(views(...rank.map((_, index) => index + 1)), edges);
    expect(new Set(at).size).toBe(number);
    for (const { from, to } of edges)
      expect(at.indexOf(Number(to.slice(1)))).toBeLessThan(at.indexOf(Number(from.slice(1))));
  }
});
