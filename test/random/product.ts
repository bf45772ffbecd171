import { openConnections } from '../../sql-runner/connections/open';
import { OperatorError } from '../../errors/operator-error';
import { Connections } from '../../sql-runner/connections/connections';
import { run } from '../../sql-runner/actions/run';
import type { TableVerdict } from '../../sql-runner/verify/types';
import { verifyTables } from '../../sql-runner/verify/verify-tables';
import type { Database } from './database';
import type { Contracts } from '../../contract/contract';
import { approved } from '../support/approved';

/** What `sql-runner apply --auto-approve` does; it ends in sync or with an error. */
export async function apply(contracts: Contracts): Promise<void> {
  const outcome = await run(openConnections, contracts, approved('apply'));
  if (outcome !== 'applied') throw new Error(`apply ended with "${outcome}"`);
}

/**
 * The apply that connects the clone.
 * @returns whether it said that the clone is in sync; a partition that is truncated again and again has another file each
 *   time, as one that was unlogged for a while would: then the streams run, and their rows are to be proven in a quiet hour
 */
export async function connectClone(contracts: Contracts): Promise<boolean> {
  try {
    await apply(contracts);
    return true;
  } catch (error) {
    const asked = error instanceof OperatorError && error.code === 'CONTINUITY_NOT_PROVEN';
    if (!asked || !error.seen.includes('a partition whose rows are in a new file')) throw error;
    return false;
  }
}

/** What `sql-runner verify` finds, over the tables that the generator made. */
export async function verify(contracts: Contracts, databases: readonly Database[]): Promise<TableVerdict[]> {
  const connections = new Connections(contracts);
  try {
    const verdicts: TableVerdict[] = [];
    for (const [index, { name, tables }] of databases.entries()) {
      const open = (side: 'source' | 'target') => () => connections.open({ side, database: name }, true);
      verdicts.push(
        ...(await verifyTables({
          database: name,
          tables: tables.map(({ schema, bare }) => ({ schema, name: bare })),
          openSource: open('source'),
          openTarget: open('target'),
          slotName: contracts.source.links[index]!.streams[0]!.slot,
        })),
      );
    }
    return verdicts;
  } finally {
    await connections.close();
  }
}
