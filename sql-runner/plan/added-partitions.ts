import type { Plan } from '../model/plan';
import type { Survey } from '../model/survey';

/** Partitions that a plan makes and copies, by subscription; null: none. */
export function addedPartitions({ changes }: Plan): NonNullable<Survey['adding']> | null {
  const copies = changes.flatMap(({ operation }) =>
    operation.kind === 'copy-tables'
      ? [[operation.stream.subscription, operation.tables.filter(({ partition }) => partition === true)] as const]
      : [],
  );
  return copies.some(([, tables]) => tables.length > 0) ? Object.fromEntries(copies) : null;
}
