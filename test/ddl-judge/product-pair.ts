import type { Client } from 'pg';
import type { Contracts } from '../../contract/contract';
import { OperatorError } from '../../errors/operator-error';
import { diagnose } from '../../sql-runner/actions/doctor';
import { makePlan, run } from '../../sql-runner/actions/run';
import { readStatus } from '../../sql-runner/actions/status';
import { openConnections, openToLook } from '../../sql-runner/connections/open';
import { approved } from '../support/approved';
import { LOOKING, WORKING, type Pair } from './pair';
import type { ProductWorld } from './product-world';

/** One database of a world, and sql-runner as its operator would ask it. */
export async function openProductPair(world: ProductWorld, database: string): Promise<Pair> {
  const { accounts, clone } = world;
  const contracts = world.contractsOf(database);
  const clients: Client[] = [];
  const open = async (cluster: typeof clone, admin: boolean, settings: string): Promise<Client> => {
    const client = await accounts.connect(cluster, database, admin);
    clients.push(client);
    await client.query(settings);
    return client;
  };
  const { production } = accounts;
  const eyes = await open(production, true, LOOKING);
  return {
    major: Number.parseInt(production.engineVersion, 10),
    source: await open(production, false, WORKING),
    other: await open(production, false, WORKING),
    superuser: await open(production, true, WORKING),
    eyes,
    cloneEyes: await open(clone, true, LOOKING),
    slot: contracts.source.links[0]!.streams[0]!.slot,
    strangers: [contracts.source.replication.role],
    complaints: async () => {
      const { streams } = await readStatus(openToLook, contracts);
      const { results } = await diagnose(openToLook, contracts);
      const failing = results.filter(({ status }) => status === 'fail').flatMap(({ findings }) => findings);
      const standing = streams.filter(({ state }) => state !== 'streaming' && state !== 'catching up');
      return withoutNarrowing([...failing, ...standing.flatMap(({ problems }) => problems)]);
    },
    complete: async () => {
      await applied(contracts);
    },
    notes: async () => withoutNarrowing((await makePlan(openToLook, contracts, 'apply')).findings),
    log: () => accounts.logOf(clone),
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

/** The plain run that a scheduler would begin; where the first one only began to prove what was altered, the next one. */
async function applied(contracts: Contracts): Promise<void> {
  for (let more = 1; ; more -= 1) {
    try {
      await run(openConnections, contracts, approved('apply'));
      return;
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      if (more > 0 && error.code === 'CONTINUITY_NOT_PROVEN') continue;
      throw new Error(`apply: ${words(error)}`, { cause: error });
    }
  }
}

interface Words {
  readonly code: string;
  readonly seen: string;
  readonly why: string;
  readonly next: string;
}

/** That the other databases are not in the contract is the judge's own doing. */
function withoutNarrowing(findings: readonly Words[]): string[] {
  return findings.filter(({ code }) => code !== 'STREAM_FORGOTTEN').map(words);
}

function words({ code, seen, why, next }: Words): string {
  return `${code}: ${seen}; ${why}; ${next}`;
}
