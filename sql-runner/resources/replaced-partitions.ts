import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';
import type { Observation, SourceDatabaseFacts, TableName } from '../model/observation';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { displayTable } from '../model/table-selection';
import { quoteQualified } from '../postgres/text/quoting';
import { partitionsMadeAgain } from './publication-rows';

/**
 * A partition that is published by what it is a partition of alone, under the name of one that the clone came with. Unlike a
 * table that its publication names, it is sent whatever it is: the clone needs the table, and no other clone.
 */
export interface ReplacedPartition extends TableName {
  /** On the source. */
  readonly oid: number;
  /** What the one that the clone came with is called on the source now; null: it was dropped. */
  readonly former: TableName | null;
}

/** @param database on the source; its tables are asked for only where there is one */
export function replacedPartitions(
  database: Pick<SourceDatabaseFacts, 'tables'>,
  of: Pick<StreamFacts, 'publication' | 'inherited' | 'subscriptionMark'>,
): ReplacedPartition[] {
  const again = partitionsMadeAgain(of.publication, of.inherited);
  // What is not connected has written nothing into the old one.
  if (again.size === 0 || of.subscriptionMark === null) return [];
  const { tables } = database;
  // What was made on the clone since has a number of its own there; the note of it has that of the source.
  const noted = new Map((of.subscriptionMark.added ?? []).map((one) => [displayTable(one), one.oid]));
  return tables.flatMap(({ oid, schema, name }) => {
    if (oid === undefined || !again.has(oid)) return [];
    const before = noted.get(displayTable({ schema, name })) ?? again.get(oid);
    const former = tables.find((table) => table.oid === before) ?? null;
    return [{ oid, schema, name, former: former === null ? null : { schema: former.schema, name: former.name } }];
  });
}

/** The worker goes by the name, and so one that is another table by now has been written into the old one on the clone. */
export function replacedFinding({ environment }: SourceContract, database: string, one: ReplacedPartition): Finding {
  const { former } = one;
  const left = former === null ? '' : `, and with it the rows that the source has in ${displayTable(former)} now`;
  return {
    code: 'NEW_TABLE_NOT_ADDED',
    severity: 'warn',
    seen:
      former === null
        ? `partition ${displayTable(one)} in database ${database} was dropped on the source, and another one made under its name; the clone has the rows of the one before`
        : `partition ${displayTable(one)} in database ${database} is another one on the source than on the clone: the one that the clone has, with its rows, is ${displayTable(former)} there now, and is not sent with its table any more`,
    why: `${former === null ? 'DROP is' : 'DETACH and RENAME are'} not replicated, and the apply worker goes by the name: rows of both are mixed there, or it stops at one that both have`,
    next: `sql-runner apply ${environment} makes it there and copies its rows once the old one is gone${left}, in database ${database} on the clone: DROP TABLE ${quoteQualified(one)};`,
  };
}

export const replacedFindings = (contract: SourceContract, observation: Observation): Finding[] =>
  streamFacts(contract, observation).flatMap((of) =>
    replacedIn(observation, of).map((one) => replacedFinding(contract, of.database, one)),
  );

/** By database, the oids of the source. */
export function replacedOids(contract: SourceContract, observation: Observation): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const of of streamFacts(contract, observation))
    found[of.database] = [...(found[of.database] ?? []), ...replacedIn(observation, of).map(({ oid }) => oid)];
  return found;
}

export function replacedIn({ source }: Pick<Observation, 'source'>, of: StreamFacts): ReplacedPartition[] {
  const database = source.databases[of.database];
  return database === undefined ? [] : replacedPartitions(database, of);
}
