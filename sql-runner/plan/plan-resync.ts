import type { SourceContract } from '../../contract/contract';
import { block, joinProposals, propose, type Finding, type Proposal } from '../model/change';
import type { Observation } from '../model/observation';
import type { Plan } from '../model/plan';
import type { TablesWanted } from '../model/renewal';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { displayTable, sameTable } from '../model/table-selection';
import { isResetUnfinished } from '../resources/retirement';
import { firingTrigger } from '../resources/firing-trigger';
import { planRenewed } from './added-tables';
import { finishPlan } from './finish-plan';
import { checkSameServer } from './gates/clone';
import { proveNext } from './prove-next';

/** A fresh copy of single tables, which their streams go on with from where it was taken; all others are left alone. */
export function planResync(contract: SourceContract, observation: Observation): Plan {
  const wanted = observation.renewal ?? { names: [], database: null };
  const plan = finishPlan(contract, observation, proposed(contract, observation, wanted), {
    mode: 'resync',
    nextStep: () => proveNext(contract, observation),
    beside: () => [],
  });
  return { ...plan, tables: wanted };
}

function proposed(contract: SourceContract, observation: Observation, wanted: TablesWanted): Proposal {
  const { source, target } = observation;
  const streams = streamFacts(contract, observation);
  if (target === null || isResetUnfinished(streams))
    return block(notSent(contract, `environment ${contract.environment} has no clone that follows`));
  const same = checkSameServer(contract, target);
  if (same.length > 0) return propose([], same);
  const found = wanted.names.map((name) => ({ name, in: streams.flatMap((of) => sentAs(of, name, wanted.database)) }));
  const unclear = found.flatMap(({ name, in: all }): Finding[] =>
    all.length === 1
      ? []
      : [
          {
            severity: 'block',
            ...notOne(
              contract,
              name,
              all.map(({ of }) => of.database),
            ),
          },
        ],
  );
  if (unclear.length > 0) return propose([], unclear);
  const each = streams.flatMap((of) => {
    const oids = found.flatMap(({ in: all }) => all.filter((one) => one.of === of).map(({ oid }) => oid));
    if (oids.length === 0) return [];
    const firing = propose([], firingAtCopy(contract, observation, of, oids));
    return [planRenewed(contract, source, target, of, new Set(oids)), firing];
  });
  return joinProposals(each);
}

/**
 * Triggers that fire at the copy, as it is applied like what replication brings: what one of them leaves out or changes
 * would be other rows than the source's, in a table that was emptied for it.
 */
function firingAtCopy(
  contract: SourceContract,
  { firing }: Observation,
  of: StreamFacts,
  oids: readonly number[],
): Finding[] {
  const tables = (of.publication?.tables ?? []).filter(({ oid }) => oids.includes(oid ?? -1));
  return (firing?.[of.database] ?? [])
    .filter(({ schema, table }) => tables.some((one) => sameTable(one, { schema, name: table })))
    .map((trigger) => {
      const { stops: _, ...finding } = firingTrigger(contract, of.database, trigger, false);
      return finding;
    });
}

/** What is on its way is named by its mark: a run of before has taken it out of the publication already. */
function sentAs(of: StreamFacts, name: string, database: string | null): { of: StreamFacts; oid: number }[] {
  if (database !== null && of.database !== database) return [];
  const noted = (of.subscriptionMark?.added ?? []).filter(({ again }) => again !== undefined);
  const all = [...(of.publication?.tables ?? []), ...noted];
  const own = all.filter((table) => [displayTable(table), `${table.schema}.${table.name}`].includes(name));
  return [...new Set(own.flatMap(({ oid }) => oid ?? []))].map((oid) => ({ of, oid }));
}

function notOne(contract: SourceContract, name: string, databases: readonly string[]): Omit<Finding, 'severity'> {
  return databases.length === 0
    ? notSent(contract, `no stream of environment ${contract.environment} sends a table ${name}`)
    : {
        ...notSent(contract, `several databases have a table ${name}: ${databases.join(', ')}`),
        next: 'say which: --database NAME',
      };
}

const notSent = ({ environment }: SourceContract, seen: string): Omit<Finding, 'severity'> => ({
  code: 'TABLE_NOT_SENT',
  seen,
  why: 'only what a stream sends can be copied anew and go on with that stream',
  next: `sql-runner verify ${environment} names the tables of each stream, as schema.name`,
});
