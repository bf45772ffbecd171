import type { CatalogTable } from '../../../sql-runner/postgres/catalog/tables';
import type { Draft } from './observations';

export function table(name: string, overrides: Partial<Draft<CatalogTable>> = {}): Draft<CatalogTable> {
  return {
    schema: 'public',
    name,
    kind: 'table',
    persistence: 'permanent',
    partition: false,
    parents: [],
    extension: null,
    replicaIdentity: 'd',
    identityFault: null,
    keyFault: null,
    rowsIdentify: true,
    uniqueIndex: null,
    owner: 'app_owner',
    mayPublish: true,
    ownerGrantable: true,
    estimatedRows: 1_000_000,
    ...overrides,
  };
}

/** Of a table whose UPDATE and DELETE the server refuses once it is published. */
export const UNIDENTIFIED = { identityFault: 'no primary key', keyFault: 'no primary key' } as const;

/** A partition of a table of the schema public. */
export function partition(
  name: string,
  root: string,
  overrides: Partial<Draft<CatalogTable>> = {},
): Draft<CatalogTable> {
  return table(name, { schema: 'parts', partition: true, parents: [{ schema: 'public', name: root }], ...overrides });
}
