import { keyTexts } from './row-key';
import { onSide, type Pair } from './sides';
import { differenceKind, type Sighting } from './suspect';
import { rowTextSql, type TablePlan } from './table-sql';
import type { Difference } from './types';

/** The finding as people read it. A row without a key is shown by its text, from the side that has more of it. */
export async function describeDifference(
  pair: Pair,
  plan: TablePlan,
  found: { readonly id: string; readonly sighting: Sighting; readonly lsn: string },
): Promise<Difference> {
  const { id, sighting, lsn } = found;
  if (plan.shape.key.length > 0) {
    const texts = keyTexts(id);
    const key = Object.fromEntries(plan.shape.key.map(({ name }, i) => [name, texts[i] ?? 'null']));
    return { key, kind: differenceKind(sighting), sourceLsn: lsn };
  }
  // The content of a row without a key is how often it occurs.
  const surplus = Number(sighting.target?.content ?? 0) > Number(sighting.source?.content ?? 0);
  const [row] = await onSide(pair, surplus ? 'target' : 'source', (session, side) =>
    session.query<{ text: string }>(rowTextSql(plan, side), [id]),
  );
  return {
    key: { row: row?.text ?? `hash ${id}` },
    kind: surplus ? 'extra on target' : 'missing on target',
    sourceLsn: lsn,
  };
}
