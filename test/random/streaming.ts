import { escapeIdentifier } from 'pg';
import type { Cluster } from '../../lab/aws/world';
import type { Random } from '../../lab/workload/random';
import type { Contracts } from '../../contract/contract';
import type { Accounts } from './accounts';
import type { Activity } from './activity';
import type { Feature } from './features';

const STREAMING = ['off', 'on', 'parallel'] as const;
export type Streaming = (typeof STREAMING)[number];

/** sql-runner sets `on`; an operator may have reasons for another value. */
export async function setStreaming(
  accounts: Accounts,
  clone: Cluster,
  contracts: Contracts,
  random: Random,
): Promise<Streaming> {
  const streaming = random.pick(STREAMING);
  for (const { database, streams } of contracts.source.links) {
    const client = await accounts.connect(clone, database);
    for (const { subscription } of streams)
      await client.query(`ALTER SUBSCRIPTION ${escapeIdentifier(subscription)} SET (streaming = ${streaming})`);
    await client.end();
  }
  return streaming;
}

/** By what the walsenders counted: a transaction may still be too small, or over too soon. */
export function streamingFeatures(streaming: Streaming, { streamed, spilled }: Activity): Feature[] {
  const shown: Feature[] = [];
  if (streamed > 0) shown.push('large transaction streamed before its commit');
  if (streamed > 0 && streaming === 'parallel') shown.push('large transaction streamed, parallel apply');
  if (spilled > 0) shown.push('large transaction spilled to disk');
  return shown;
}
