import type { SequencesOfBoth } from '../model/sequences';
import type { Sequence } from '../postgres/catalog/sequences';
import { quoteIdent, quoteQualified, type QualifiedName } from '../postgres/text/quoting';
import { isSameColumn } from './sequence-verdict';

/** The clone's sequence of a column whose sequence on the source has another name by now. */
export interface SequenceRename {
  readonly clone: Sequence;
  readonly source: Sequence;
}

/**
 * Only those of columns: of others nothing tells that two of different names are the same. They stand in one schema, that
 * of their table (manual, CREATE SEQUENCE).
 */
export function renamedSequences({ source, clone }: SequencesOfBoth): SequenceRename[] {
  const found = source.flatMap((one) => {
    if (one.ownedBy === null || one.leftOut !== null) return [];
    const same = clone.filter((other) => other.ownedBy !== null && isSameColumn(one, other));
    const [only] = same;
    return same.length === 1 && only!.schema === one.schema && only!.name !== one.name
      ? [{ source: one, clone: only! }]
      : [];
  });
  const isFree = ({ source: one }: SequenceRename) =>
    clone.every((other) => !isNamed(other, one) || found.some((rename) => rename.clone === other));
  return found.filter(isFree);
}

export const isNamed = (one: QualifiedName, other: QualifiedName): boolean =>
  one.schema === other.schema && one.name === other.name;

/** Two that have exchanged their names are given others first. */
export function renamingStatements(renames: readonly SequenceRename[]): string[] {
  const takes = renames.map((rename) => renames.some(({ clone }) => isNamed(clone, rename.source)));
  const meanwhile = (index: number) => `sql_runner_renames_${index + 1}`;
  const away = renames.flatMap(({ clone }, index) =>
    takes[index] ? [`ALTER SEQUENCE ${quoteQualified(clone)} RENAME TO ${quoteIdent(meanwhile(index))};`] : [],
  );
  const to = renames.map(({ clone, source }, index) => {
    const from = takes[index] ? { schema: clone.schema, name: meanwhile(index) } : clone;
    return `ALTER SEQUENCE ${quoteQualified(from)} RENAME TO ${quoteIdent(source.name)};`;
  });
  return [...away, ...to];
}
