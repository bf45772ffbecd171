import { type Client, escapeIdentifier } from 'pg';
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
  const superuser = await open(production, true, WORKING);
  const eyes = await open(production, true, LOOKING);
  return {
    major: Number.parseInt(production.engineVersion, 10),
    source: await open(production, false, WORKING),
    other: await open(production, false, WORKING),
    superuser,
    eyes,
    cloneEyes: await open(clone, true, LOOKING),
    slot: contracts.source.links[0]!.streams[0]!.slot,
    strangers: [contracts.source.replication.role],
    complaints: async () => {
      const { streams } = await readStatus(openToLook, contracts);
      const { results } = await diagnose(openToLook, contracts);
      const failing = results.filter(({ status }) => status === 'fail').flatMap(({ findings }) => findings);
      const standing = streams.filter(({ state }) => state !== 'streaming' && state !== 'catching up');
      const all = withoutNarrowing([...failing, ...standing.flatMap(({ problems }) => problems)]);
      // Whatever else fails stops nothing, and a stream that is slow is not one that stands.
      if (standing.length === 0 && !all.some((one) => one.startsWith('DDL_STOPPED'))) return [];
      return Promise.all(all.map((one) => withStatement(eyes, contracts, one)));
    },
    complete: async () => {
      await applied(contracts, { source: superuser, clone: await open(clone, true, WORKING) });
    },
    notes: async () => withoutNarrowing((await makePlan(openToLook, contracts, 'apply')).findings),
    log: () => accounts.logOf(clone),
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

/**
 * The plain run that a scheduler would begin, until it finds nothing to do: the first one may only prove what was altered, as
 * a table is added to a stream that is proven. Where DDL of the source has left a table without what its replica identity needs,
 * production refuses writes, and nothing is done until that has ended as it is printed. What was detached with its rows is copied
 * anew once the clone's rows are gone, as it is told.
 */
async function applied(contracts: Contracts, sides: Readonly<Record<'source' | 'clone', Client>>): Promise<void> {
  for (let more = 6; ; more -= 1) {
    try {
      if ((await run(openConnections, contracts, approved('apply'))) === 'nothing-to-do' || more === 0) return;
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      if (more > 0 && error.code === 'CONTINUITY_NOT_PROVEN') continue;
      if (more > 0 && error.code === 'SOURCE_REFUSES_WRITES') {
        for (const [, side, sql] of words(error).matchAll(IDENTITY_PRINTED))
          await sides[side as 'source' | 'clone'].query(sql!);
        continue;
      }
      const [, table] = (error.code === 'NEW_TABLE_HAS_ROWS' && HAS_ROWS.exec(error.seen)) || [];
      if (more > 0 && table !== undefined) {
        await sides.clone.query(`TRUNCATE ${table}`);
        continue;
      }
      throw new Error(`apply: ${words(error)}`, { cause: error });
    }
  }
}

const HAS_ROWS = /^table (.*) in database \S+ has rows on the clone/;

const IDENTITY_PRINTED = /in database \S+ on the (source|clone): ((?:ALTER TABLE [^\n]*? REPLICA IDENTITY \w+; ?)+)/g;

/** A finding may name a statement by its number: the judge looks up by itself what that is. */
async function withStatement(eyes: Client, { source }: Contracts, complaint: string): Promise<string> {
  const [, number] = /statement (\d+) of the log of DDL/.exec(complaint) ?? [];
  if (number === undefined) return complaint;
  const log = `${escapeIdentifier(`${source.links[0]!.streams[0]!.publication}_ddl`)}.log`;
  const { rows } = await eyes.query<{ statement: string | null }>(`SELECT statement FROM ${log} WHERE number = $1`, [
    number,
  ]);
  return `${complaint}\nstatement ${number}: ${rows[0]?.statement ?? 'not written down'}`;
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
