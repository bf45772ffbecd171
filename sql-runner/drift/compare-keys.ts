import { displayTable } from '../model/table-selection';
import { quoteIdent } from '../postgres/text/quoting';
import type { TableShape } from '../postgres/catalog/table-shapes';
import { renamedColumns } from './column-pairs';
import type { Difference } from './difference';
import { adopt, keyDifference } from './row-key';
import { alter, ofTable, type TablePair } from './table-pair';

/** How rows are identified that are updated or deleted. */
export function compareKeys(pair: TablePair): Difference[] {
  const object = `key of ${displayTable(pair.there.relation)}`;
  const keys = keyDifference(pair.shapes);
  const above = new Set<string>();
  for (let next = pair.parent; next !== null; next = next.parent)
    for (const { key } of keyDifference(next.shapes)) above.add(key);
  const found = keys
    .filter(({ key }) => !above.has(key))
    .map(({ sent, own }) =>
      ofTable(pair, {
        kind: 'key',
        object,
        source: sent.join(', '),
        clone: own === null ? 'nothing' : own.join(', '),
        survives: 'stops',
        consequence: 'the worker stops at the next UPDATE or DELETE, or meets another row',
        when: 'stopped or in sync',
        statements: adopt(pair.shapes, sent).map((text) => text.replace(/;$/, '')),
      }),
    );
  return keys.length > 0 ? found : replicaIdentity(pair);
}

/** Where both find rows alike: what the clone would publish. */
function replicaIdentity(pair: TablePair): Difference[] {
  const [there, here] = [identityOf(pair.shapes.there), identityOf(pair.shapes.here)];
  if (there.words === here.words || renamedColumns(pair.shapes).length > 0) return [];
  const index = pair.shapes.here.indexes.find(({ name }) => name === there.index);
  const reachable = there.index === null || index?.valid === true;
  return [
    ofTable(pair, {
      kind: 'replica-identity',
      object: `replica identity of ${displayTable(pair.there.relation)}`,
      source: there.words,
      clone: here.words,
      consequence: 'the worker finds rows as before; it decides what the clone itself would publish',
      statements: reachable
        ? [
            alter(
              pair,
              `REPLICA IDENTITY ${there.index === null ? there.words : `USING INDEX ${quoteIdent(there.index)}`}`,
            ),
          ]
        : [],
      next: reachable ? null : 'it is an index that the clone has not yet: see there, and run it again afterwards',
    }),
  ];
}

function identityOf({ identity, indexes }: TableShape): { words: string; index: string | null } {
  if (identity === 'f') return { words: 'FULL', index: null };
  if (identity === 'n') return { words: 'NOTHING', index: null };
  if (identity === 'd') return { words: 'DEFAULT', index: null };
  const chosen = indexes.find(({ replicaIdentity: is }) => is);
  return { words: `index ${chosen?.name ?? 'that is gone'}`, index: chosen?.name ?? '' };
}
