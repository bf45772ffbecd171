import type { LargeObjectsObserved } from './large-objects';
import type { RolesObserved } from './followed-roles';
import type { SequencesObserved } from './sequences';
import type { ViewsObserved } from './views';
import type { ReplicaTrigger } from '../postgres/catalog/apply-obstacles';
import type { TablesWanted } from './renewal';
import type { RowsSeen, RowsWanted } from './repair';
import type { StreamFailure } from './skip';

/** What is read for plans of some modes alone. */
export interface ObservedForMode {
  /** Absent: the plan is not about them. */
  readonly sequences?: SequencesObserved;
  /** Of a plan to refresh materialized views. */
  readonly views?: ViewsObserved;
  /** Of a plan to copy large objects. */
  readonly largeObjects?: LargeObjectsObserved;
  /** Of a plan to apply where roles are followed, and there is a clone. */
  readonly roles?: RolesObserved;
  /** Of a plan to copy tables anew: which. */
  readonly renewal?: TablesWanted;
  /** By database: triggers of the clone that fire for what is copied. */
  readonly firing?: Readonly<Record<string, readonly ReplicaTrigger[]>>;
  /** Of a plan to mend rows: which were named, and how they stand. */
  readonly repair?: { readonly wanted: RowsWanted; readonly seen: readonly RowsSeen[] };
  /** Of a plan to skip: by subscription, what each stream fails on. */
  readonly failures?: Readonly<Record<string, StreamFailure>>;
}
