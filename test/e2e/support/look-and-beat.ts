import { Beats } from '../../../sql-runner/actions/beats';
import { statusOf } from '../../../sql-runner/actions/status';
import { openConnections } from '../../../sql-runner/connections/open';
import type { BrokenWorld } from '../../breakages/broken-world';

/** As `serve` does with each look and beat. */
export async function lookAndBeatOn({ lab }: BrokenWorld): Promise<void> {
  const connections = openConnections(lab.contracts);
  try {
    await statusOf(connections);
    await new Beats(0).write(connections, new Set());
  } finally {
    await connections.close();
  }
}
