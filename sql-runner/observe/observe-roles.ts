import type { Ask, Reading } from '../connections/reading';
import type { RightsOfBoth, RolesObserved } from '../model/followed-roles';
import type { Observation } from '../model/observation';
import { rightsInDatabase } from '../postgres/catalog/followed-rights';
import { rolesOfServer } from '../postgres/catalog/followed-roles';
import { strangersAmong } from '../resources/roles/strangers';

/** The same, with roles and rights of both sides where the environment follows them and there is a clone. */
export async function withRoles(reading: Reading, observation: Observation): Promise<Observation> {
  const { source, target } = observation;
  const { source: contract } = reading.contracts;
  if (contract.roles === undefined || target === null || target.isSourceServer) return observation;
  const both = contract.links
    .map(({ database }) => database)
    .filter((name) => source.databases[name]?.exists === true && target.databases[name]?.exists === true);
  return { ...observation, roles: await observeRoles(reading, both) };
}

/** Whom nothing is given by name; nobody is asked where roles are not followed. */
export async function strangersOf(reading: Reading): Promise<string[]> {
  const { source: contract } = reading.contracts;
  return contract.roles === undefined ? [] : strangersAmong(contract, await rolesOfBoth(reading));
}

const rolesOfBoth = async (reading: Reading): Promise<Pick<RolesObserved, 'source' | 'clone'>> => {
  const [source, clone] = await Promise.all(
    (['source', 'target'] as const).map(async (side) => reading.ask(await reading.first(side), rolesOfServer)),
  );
  return { source: source!, clone: clone! };
};

/** Roles before rights: of a role that came in between nothing is known, and it is left. */
export async function observeRoles(reading: Reading, databases: readonly string[]): Promise<RolesObserved> {
  const roles = await rolesOfBoth(reading);
  const read = databases.map(async (database) => {
    const [there, here] = await Promise.all(
      (['source', 'target'] as const).map((side) =>
        reading.at({ side, database }, (ask: Ask) => ask(rightsInDatabase)),
      ),
    );
    return [database, { source: there!, clone: here! } satisfies RightsOfBoth] as const;
  });
  return { ...roles, databases: Object.fromEntries(await Promise.all(read)) };
}
