import type { SourceContract } from '../../contract/contract';
import { changeOf, NOTHING, propose, type Proposal } from '../model/change';
import type { SourceObservation, TargetObservation } from '../model/observation';
import type { Plan } from '../model/plan';
import type { RenameFacts } from '../model/renames';
import type { StreamFacts } from '../model/stream-state';
import type { Survey } from '../model/survey';
import { displayTable, sameTable } from '../model/table-selection';
import { judgeContinuity } from '../resources/continuity';
import { renameStatements } from '../resources/rename-statements';
import { swappedTables } from '../resources/swapped-tables';

/**
 * Tables and columns of the clone get the names of the source's. Not in a stream of which a table took the name of another
 * one: rows may have arrived in the wrong one, and nothing tells when it was.
 */
export function planRenames(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation,
  of: StreamFacts,
): Proposal {
  const tables = target.renames?.[of.stream.subscription] ?? [];
  const database = source.databases[of.database];
  if (tables.length === 0 || database === undefined || swappedTables(database, of).length > 0) return NOTHING;
  const continuity = judgeContinuity(contract, { source, target }, of);
  if (continuity === null || continuity.kind === 'broken') return NOTHING;
  return propose([
    changeOf({
      address: { ...of.subscriber, kind: 'renamed-tables', name: of.stream.subscription },
      action: 'update',
      reason: `${tables.flatMap(inWords).join(', ')}; each once its stream comes to it or is past it, so that no change misses its table`,
      preview: tables.flatMap(renameStatements).map((text) => `${text};`),
      operation: {
        kind: 'follow-renames',
        of: { database: of.database, stream: of.stream, publisher: of.publisher, subscriber: of.subscriber },
        environment: contract.environment,
        tables,
      },
    }),
  ]);
}

const inWords = ({ here, there, columns }: RenameFacts): string[] => [
  ...(sameTable(here, there) ? [] : [`${displayTable(here)} is ${displayTable(there)} on the source`]),
  ...columns.map(({ from, to }) => `column ${from} of ${displayTable(there)} is ${to} there`),
];

/** Tables whose names a plan brings over, by database their numbers; null: none. */
export function renamedByPlan({ changes }: Plan): NonNullable<Survey['renaming']> | null {
  const all = changes.flatMap(({ operation }) => (operation.kind === 'follow-renames' ? [operation] : []));
  if (all.length === 0) return null;
  const found: Record<string, number[]> = {};
  for (const { of, tables } of all)
    found[of.database] = [...(found[of.database] ?? []), ...tables.map(({ oid }) => oid)];
  return found;
}
