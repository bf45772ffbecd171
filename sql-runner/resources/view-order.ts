import type { MaterializedView } from '../postgres/catalog/materialized-views';
import type { ViewDependency } from '../postgres/catalog/view-dependencies';

export interface OrderedView {
  readonly view: MaterializedView;
  /** Those that it reads, itself or through plain views and functions whose body is known. */
  readonly reads: readonly MaterializedView[];
  /** What it calls of which nobody knows what it reads. */
  readonly unknown: readonly string[];
}

/**
 * Every materialized view after those that it reads. Where they read each other in a circle, as a function that was
 * replaced can make them, no order is right: then it is any.
 */
export function viewOrder(views: readonly MaterializedView[], edges: readonly ViewDependency[]): OrderedView[] {
  const byKey = new Map(views.map((view) => [`c${view.oid}`, view]));
  const next = new Map<string, ViewDependency[]>();
  for (const edge of edges) next.set(edge.from, [...(next.get(edge.from) ?? []), edge]);
  const found = new Map(views.map((view) => [view.oid, readBy(view, byKey, next)]));
  const ordered: OrderedView[] = [];
  const begun = new Set<number>();
  for (const view of views) {
    const path = [{ view, left: [...found.get(view.oid)!.reads] }];
    if (begun.has(view.oid)) continue;
    begun.add(view.oid);
    // Without recursion: a chain of views may be longer than the stack.
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const read = top.left.shift();
      if (read === undefined) ordered.push(found.get(path.pop()!.view.oid)!);
      else if (!begun.has(read.oid)) {
        begun.add(read.oid);
        path.push({ view: read, left: [...found.get(read.oid)!.reads] });
      }
    }
  }
  return ordered;
}

/** What lies between a view and the next materialized views. */
function readBy(
  view: MaterializedView,
  byKey: ReadonlyMap<string, MaterializedView>,
  next: ReadonlyMap<string, readonly ViewDependency[]>,
): OrderedView {
  const [reads, unknown, seen] = [new Set<MaterializedView>(), new Set<string>(), new Set<string>()];
  const open = [`c${view.oid}`];
  for (let from = open.pop(); from !== undefined; from = open.pop())
    for (const { to, unknown: routine } of next.get(from) ?? []) {
      if (routine !== null) unknown.add(routine);
      if (seen.has(to)) continue;
      seen.add(to);
      const other = byKey.get(to);
      if (other === undefined) open.push(to);
      else if (other !== view) reads.add(other);
    }
  const byName = (a: MaterializedView, b: MaterializedView) => (nameOf(a) < nameOf(b) ? -1 : 1);
  return { view, reads: [...reads].sort(byName), unknown: [...unknown].sort() };
}

const nameOf = ({ schema, name }: MaterializedView): string => `${schema}.${name}`;
