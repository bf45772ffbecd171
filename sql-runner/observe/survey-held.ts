import { streamFacts } from '../model/stream-state';
import { OperatorError } from '../../errors/operator-error';
import type { SourceContract, Side } from '../../contract/contract';
import { slotsNotAllowed } from '../checks/login-privileges';
import { loginPrivileges } from '../postgres/catalog/login-privileges';
import { roleGrants } from '../postgres/catalog/role-grants';
import { holdingDatabases, roleHoldings, type HoldingDatabase } from '../postgres/catalog/role-holdings';
import { sourcePrivileges } from './source-privileges';
import { formerRoles } from '../resources/former-role';
import { findHeldRole, type HeldRole } from '../resources/held-role';
import { ownMark } from '../model/mark';
import type { AddedTable } from '../model/table-notes';
import { stillGranted } from '../resources/added-table/rights-at-the-end';
import { findNotAllowedDrop } from '../resources/not-allowed-drop';
import { planSlotDrop } from '../resources/replication-slot';
import type { Finding } from '../model/change';
import { loginOf, type Reading } from '../connections/reading';
import type { Observation } from '../model/observation';
import { heldHeartbeats, notAllowed } from './survey-held-streams';

/** A role that a teardown drops. */
interface Doomed {
  readonly side: Side;
  readonly role: string;
  /** Databases on which the teardown takes CONNECT back itself. */
  readonly revoked: readonly string[];
  /** By database: tables on which it takes back what was given for their copy. */
  readonly copied?: Readonly<Record<string, readonly AddedTable[]>>;
}

/**
 * What will keep the last steps of a teardown from being done, with what removes it; in the order in which the teardown
 * comes to it. Read-only.
 */
export async function surveyHeld(reading: Reading, observation: Observation): Promise<Finding[]> {
  const doomed = doomedRoles(reading.contracts.source, observation);
  const found: Finding[] = await slotsHeld(reading, observation);
  for (const side of ['source', 'target'] as const) {
    found.push(
      ...(await notAllowed(reading, observation, side)),
      ...(await heldHeartbeats(reading, observation, side)),
    );
    for (const role of doomed.filter((one) => one.side === side)) found.push(...(await heldRole(reading, role)));
  }
  return found;
}

/** What keeps the roles from being dropped that the environment had before: they are named as long as they stand. */
export async function heldFormerRoles(reading: Reading, { source }: Observation): Promise<Finding[]> {
  const roles = formerRoles(reading.contracts.source, source);
  const found = await Promise.all(
    roles.map(({ name, connectGrants }) => heldRole(reading, { side: 'source', role: name, revoked: connectGrants })),
  );
  return found.flat();
}

/** Without the right to drop its slots a teardown would end who reads them, and leave them. */
async function slotsHeld(reading: Reading, observation: Observation): Promise<Finding[]> {
  const contract = reading.contracts.source;
  const slots = streamFacts(contract, observation).flatMap((of) =>
    planSlotDrop(of).changes.length > 0 ? [of.stream.slot] : [],
  );
  if (slots.length === 0) return [];
  const first = await reading.first('source');
  const privileges = await reading.at(first, (ask) => sourcePrivileges(ask, contract.replication.role));
  if (privileges.replicate) return [];
  const why = `replication slots ${slots.join(', ')} could not be dropped: once nobody reads them any more they keep WAL on production, until its storage is full`;
  return [{ code: 'REPLICATION_NOT_ALLOWED', ...slotsNotAllowed(observation.source, why) }];
}

/** See replication-role.ts, former-role.ts and clone-leftovers.ts. */
function doomedRoles(contract: SourceContract, observation: Observation): Doomed[] {
  const { source, target } = observation;
  const { role } = contract.replication;
  const isOurs = (comment: string | null | undefined) =>
    ownMark(comment ?? null, 'role', contract.environment) !== null;
  const linked = contract.links.map(({ database }) => database);
  return [
    ...(isOurs(source.role?.comment)
      ? [{ side: 'source' as const, role, revoked: linked, copied: copiedTables(contract, observation) }]
      : []),
    ...formerRoles(contract, source).map(({ name, connectGrants }) => ({
      side: 'source' as const,
      role: name,
      revoked: connectGrants,
    })),
    ...(target !== null && !target.isSourceServer && isOurs(target.role?.comment)
      ? [{ side: 'target' as const, role, revoked: linked }]
      : []),
    ...(target === null || target.isSourceServer ? [] : formerRoles(contract, target)).map(
      ({ name, connectGrants }) => ({ side: 'target' as const, role: name, revoked: connectGrants }),
    ),
  ];
}

function copiedTables(contract: SourceContract, observation: Observation): Doomed['copied'] {
  const streams = streamFacts(contract, observation);
  return Object.fromEntries(
    contract.links.map(({ database }) => [
      database,
      streams.filter((of) => of.database === database).flatMap((of) => stillGranted(observation.source, of)),
    ]),
  );
}

async function heldRole(reading: Reading, { side, role, revoked, copied }: Doomed): Promise<Finding[]> {
  const first = await reading.first(side);
  const { createRoles, manageRole } = await reading.ask(first, loginPrivileges, role);
  const lacks = {
    place: first,
    kind: 'role' as const,
    name: role,
    owner: null,
    login: await reading.ask(first, loginOf),
  };
  const holding = await reading.ask(first, holdingDatabases, role);
  const parts = await Promise.all(holding.map((one) => readHolding(reading, side, role, one, first.database)));
  return [
    ...(createRoles && manageRole ? [] : [findNotAllowedDrop(lacks)]),
    ...parts.flatMap((held) => findHeldRole(held, revoked, copied?.[held.place.database])),
  ];
}

/** @param first where what belongs to the whole cluster is read */
async function readHolding(
  reading: Reading,
  side: Side,
  role: string,
  { database, count }: HoldingDatabase,
  first: string,
): Promise<HeldRole> {
  const place = { side, database: database ?? first };
  try {
    return await reading.at(place, async (ask) => ({
      place,
      role,
      grants: await ask(roleGrants, role, database === null),
      holdings: await ask(roleHoldings, role, database === null),
    }));
  } catch (error) {
    // Others' databases need not let us in; what is not seen there stops the drop all the same.
    if (!(error instanceof OperatorError) || !error.code.startsWith('CONNECT_')) throw error;
    const other = [`${count} ${count === 1 ? 'thing' : 'things'} that could not be looked at (${error.code})`];
    return { place, role, grants: [], holdings: { defaults: [], policies: [], owned: [], mayGiveAway: false, other } };
  }
}
