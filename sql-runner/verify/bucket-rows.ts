import type { Session } from '../postgres/session';
import { bothSides, type Pair } from './sides';
import { bucketRowsSql, type TablePlan } from './table-sql';
import type { Side } from './types';

/** Ids of the rows in these buckets that are not the same on both sides at first sight. */
export async function suspectsInBuckets(pair: Pair, plan: TablePlan, buckets: readonly bigint[]): Promise<string[]> {
  const { source, target } = await bothSides(pair, (session, side) => rowsOf(session, side, plan, buckets));
  return suspects(source, target);
}

/** Id to content. Ids are unique on the source; where they are not on the target, the contents are joined. */
export type Rows = ReadonlyMap<string, string>;

async function rowsOf(session: Session, side: Side, plan: TablePlan, buckets: readonly bigint[]): Promise<Rows> {
  const rows = await session.query<{ id: string; content: string }>(bucketRowsSql(plan, side, buckets));
  const byId = new Map<string, string>();
  for (const { id, content } of rows) {
    const other = byId.get(id);
    byId.set(id, other === undefined ? content : `${other} ${content}`);
  }
  return byId;
}

/** Pure. */
export function suspects(source: Rows, target: Rows): string[] {
  const differing = [...source].filter(([id, content]) => target.get(id) !== content).map(([id]) => id);
  const extra = [...target.keys()].filter((id) => !source.has(id));
  return [...differing, ...extra];
}
