import type { TableFacts } from '../../../sql-runner/engine/observation';
import { table, type Draft } from './observations';

/** Of a table whose UPDATE and DELETE the server refuses once it is published. */
export const UNIDENTIFIED = { identityFault: 'no primary key', usableKey: false } as const;

/** A partition of a table of the schema public. */
export function partition(name: string, root: string, overrides: Partial<Draft<TableFacts>> = {}): Draft<TableFacts> {
  return table(name, { schema: 'parts', partition: true, parents: [{ schema: 'public', name: root }], ...overrides });
}
