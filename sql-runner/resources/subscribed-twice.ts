import type { SourceContract } from '../../contract/contract';
import type { TableName, TakenTable } from '../model/observation';
import { streamsOf } from '../model/streams';

/** Another subscription of the clone, and what it takes of the tables of one of ours. */
export interface TakenBeside {
  readonly subscription: string;
  readonly tables: readonly TableName[];
}

/**
 * Each change of such a table arrives twice, as each subscription applies what its own slot sends.
 * @param ours subscriptions of the environment: no table is in two of them
 */
export function takenBeside(taken: readonly TakenTable[], own: string, ours: ReadonlySet<string>): TakenBeside[] {
  const known = new Set(taken.filter(({ subscription }) => subscription === own).map(({ table }) => table));
  const others = new Map<string, TableName[]>();
  for (const { subscription, table, schema, name } of taken) {
    if (ours.has(subscription) || !known.has(table)) continue;
    const tables = others.get(subscription) ?? [];
    tables.push({ schema, name });
    others.set(subscription, tables);
  }
  return [...others].map(([subscription, tables]) => ({ subscription, tables }));
}

export const TWICE_WHY =
  'each change arrives twice: rows of a table without a key are there twice, and where there is a key one of both subscriptions stops at the conflict';

export const oursOf = (contract: SourceContract): ReadonlySet<string> =>
  new Set(streamsOf(contract).map(({ stream }) => stream.subscription));
