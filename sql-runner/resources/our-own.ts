import type { SourceContract } from '../../contract/contract';
import { ddlSchema } from '../../contract/naming';
import { isHeartbeat, streamsOf } from '../model/streams';
import { historyTable } from './run-history';

/** A heartbeat, the log of DDL and the history of runs: how they have to be is known, and told by plan. */
export function isOurOwn(
  contract: SourceContract,
  database: string,
): (one: { readonly schema: string; readonly name: string }) => boolean {
  const schemas = new Set(ownSchemas(contract));
  return (one) => schemas.has(one.schema) || isHeartbeat(contract, database, one);
}

/** Schemas that sql-runner makes for itself, on either side. */
export function ownSchemas(contract: SourceContract): string[] {
  const publications = streamsOf(contract).map(({ stream }) => stream.publication);
  return [historyTable(contract.environment).schema, ...publications, ...publications.map(ddlSchema)];
}
