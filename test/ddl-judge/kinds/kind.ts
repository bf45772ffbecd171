import type { Random } from '../../../lab/workload/random';
import type { Names, Scene, SceneColumn, SceneTable } from '../scene';

/**
 * - follow: it must reach the clone; a stream that stops at it has failed
 * - stop: it may as well be refused before damage, with a finding that names it
 */
export type Claim = 'follow' | 'stop';

export interface Made {
  readonly sql: string;
  /** SET LOCAL, before it. */
  readonly settings?: readonly string[];
  /** A statement of DDL that it needs. */
  readonly first?: string;
  /** Cannot run inside a transaction. */
  readonly alone?: boolean;
  /** As it is sent it may stop the stream, whatever its kind and shape say. */
  readonly mayStop?: boolean;
}

export interface Kind {
  readonly name: string;
  readonly claim: Claim;
  /** How often it is taken, 1 where it is not said. */
  readonly weight?: number;
  /** Null where the scene has nothing for it. */
  make(dice: Dice): Made | string | null;
}

/** Ways to choose from the scene; each gives null where there is nothing. */
export class Dice {
  constructor(
    readonly random: Random,
    readonly scene: Scene,
    readonly names: Names,
  ) {}

  one<T>(items: readonly T[]): T | null {
    return items.length === 0 ? null : this.random.pick(items);
  }

  fresh(kind: string): string {
    return this.names.next(this.random, kind);
  }

  schema(): string {
    return this.random.pick(this.scene.schemas);
  }

  /** A new name in some schema. */
  place(kind: string): string {
    return `${this.schema()}.${this.fresh(kind)}`;
  }

  /** A table whose columns are its own. */
  table(fits: (table: SceneTable) => boolean = () => true): SceneTable | null {
    return this.one(this.scene.tables.filter((table) => table.parent === null && fits(table)));
  }

  plain(fits: (table: SceneTable) => boolean = () => true): SceneTable | null {
    return this.table((table) => !table.partitioned && fits(table));
  }

  /** A column that no key, constraint or partition key of the first tables needs. */
  column(fits: (column: SceneColumn, table: SceneTable) => boolean): { table: SceneTable; column: SceneColumn } | null {
    return this.one(
      this.scene.tables
        .filter(({ parent }) => parent === null)
        .flatMap((table) => table.columns.map((column) => ({ table, column })))
        .filter(({ table, column }) => !table.key?.includes(column.name) && fits(column, table)),
    );
  }
}

export const kind = (name: string, claim: Claim, make: Kind['make'], weight = 1): Kind => ({
  name,
  claim,
  make,
  weight,
});
