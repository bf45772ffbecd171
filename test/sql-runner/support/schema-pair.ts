import { compareDatabases, namesOf } from '../../../sql-runner/drift/compare';
import { compareRoles } from '../../../sql-runner/drift/compare-server';
import type { Difference } from '../../../sql-runner/drift/difference';
import { readSide } from '../../../sql-runner/observe/schema-facts';
import { sentTables } from '../../../sql-runner/postgres/catalog/replicated-tables';
import type { DriftingPair } from './drifting-pair';

/** What schema finds of a pair of servers. Partitioned tables above those that are sent are replicated as well. */
export async function lookAtBoth(pair: DriftingPair): Promise<Difference[]> {
  const { source, target } = pair.schemaSessions;
  const [there, here] = [await readSide(source, () => false), await readSide(target, () => false)];
  const sent = await sentTables(source);
  const parents = there.facts.tables.flatMap(({ parent }) => parent ?? []);
  const both = {
    database: 'shop',
    source: there.facts,
    clone: here.facts,
    isReplicated: namesOf([...sent, ...parents]),
  };
  return [...compareDatabases(both), ...compareRoles(there.facts.roles, here.facts.roles)];
}
