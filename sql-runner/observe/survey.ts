import { APPLY_SETTINGS } from '../checks/apply-settings';
import type { InUse } from '../checks/limits-in-use';
import { MONEY_FORM } from '../checks/money-forms';
import { SENDER_SETTINGS } from '../checks/peer-timeouts';
import type { SourceDatabaseSurvey, SourceSurvey, TargetDatabaseSurvey, TargetSurvey } from '../model/survey';
import { openWriteTransactions, preparedTransactions } from '../postgres/catalog/activity';
import { forcedRowSecurity, replicaTriggers } from '../postgres/catalog/apply-obstacles';
import { unreadableTables, unusableSchemas } from '../postgres/catalog/access';
import { auroraSettings } from '../postgres/catalog/aurora-settings';
import { connectGrant } from '../postgres/catalog/database-grants';
import { inexactColumns, unmatchableColumns } from '../postgres/catalog/equality';
import { foreignKeys } from '../postgres/catalog/foreign-keys';
import { invalidIndexes } from '../postgres/catalog/invalid-indexes';
import { judgedFunctions } from '../postgres/catalog/function-trials';
import { lackingRights } from '../postgres/catalog/owner-rights';
import { sessionSettings } from '../postgres/catalog/session-settings';
import { freezeAges } from '../postgres/catalog/freeze-age';
import { keptStatements } from '../postgres/catalog/kept-statements';
import { bootstrapPrivileges, loginPrivileges } from '../postgres/catalog/login-privileges';
import { moneyColumns } from '../postgres/catalog/money-columns';
import { originNames } from '../postgres/catalog/origins';
import { publicationIdentities } from '../postgres/catalog/publication-identities';
import { publications } from '../postgres/catalog/publications';
import { sentTables, takenTables } from '../postgres/catalog/replicated-tables';
import { roleLimits } from '../postgres/catalog/role-limits';
import { roles } from '../postgres/catalog/roles';
import { slotlessSenders } from '../postgres/catalog/senders';
import { serverFacts } from '../postgres/catalog/server';
import { replicationSlots } from '../postgres/catalog/slots';
import { sourcePrivileges } from '../postgres/catalog/slot-rights';
import { subscriptionOptions } from '../postgres/catalog/subscription-options';
import { tableDigests } from '../postgres/catalog/table-digests';
import { tablesNotAppliable } from '../postgres/catalog/table-owners';
import { catalogTables } from '../postgres/catalog/tables';
import { rowsWritten, unreplicated } from '../postgres/catalog/unreplicated';
import { userTypes } from '../postgres/catalog/user-types';
import type { Session } from '../postgres/session';
import { publicationFacts, type TablesReader } from './observe-database';

/** What a session can tell of the source, whichever of its databases it is in. */
export async function surveySourceServer(
  session: Session,
  role: string,
): Promise<Omit<SourceSurvey, 'cluster' | 'groupParameters' | 'databases'>> {
  return {
    ...(await surveyServer(session)),
    privileges: await sourcePrivileges(session, role),
    aurora: await auroraSettings(session),
    slotlessSenders: await slotlessSenders(session),
    role: await surveyRole(session, role),
    ...(await surveyDelays(session)),
  };
}

/** What the creation of a slot waits for. */
async function surveyDelays(session: Session): Promise<Pick<SourceSurvey, 'openWrites' | 'prepared'>> {
  return { openWrites: await openWriteTransactions(session), prepared: await preparedTransactions(session) };
}

/** What is in use of what a server needs room for when it starts. */
async function surveyInUse(session: Session): Promise<Omit<InUse, 'prepared'>> {
  return {
    server: await serverFacts(session),
    slots: await replicationSlots(session),
    origins: (await originNames(session)).length,
  };
}

async function surveyRole(session: Session, name: string): Promise<SourceSurvey['role']> {
  const [role] = await roles(session, [name]);
  const limits = await roleLimits(session, name);
  return role === undefined || limits === null ? null : { ...role, ...limits };
}

export async function surveySourceDatabase(
  session: Session,
  role: string,
  readTables: TablesReader = catalogTables,
): Promise<SourceDatabaseSurvey> {
  return {
    ...(await surveyAccess(session)),
    tables: await readTables(session),
    unmatchable: await unmatchableColumns(session),
    inexact: await inexactColumns(session),
    sent: await sentTables(session),
    unreplicated: await unreplicated(session),
    senderSettings: await sessionSettings(session, role, [...SENDER_SETTINGS, MONEY_FORM]),
    moneyColumns: await moneyColumns(session),
    rowsWritten: await rowsWritten(session),
    connectGrant: await connectGrant(session, role),
  };
}

/** What a session can tell of the clone, whichever of its databases it is in. */
export async function surveyTargetServer(
  session: Session,
  role: string,
): Promise<Omit<TargetSurvey, 'cluster' | 'databases'>> {
  return { ...(await surveyServer(session)), privileges: await loginPrivileges(session, role) };
}

export async function surveyTargetDatabase(session: Session): Promise<TargetDatabaseSurvey> {
  return {
    ...(await surveyAccess(session)),
    privileges: await bootstrapPrivileges(session),
    published: { by: (await publications(session)).map(publicationFacts), tables: await catalogTables(session) },
    subscriptions: await subscriptionOptions(session),
    taken: await takenTables(session),
    foreignKeys: await foreignKeys(session),
    triggers: await replicaTriggers(session),
    rowSecurity: await forcedRowSecurity(session),
    notAppliable: await tablesNotAppliable(session),
    lackingRights: await lackingRights(session),
    ...(await judgedFunctions(session)),
    invalidIndexes: await invalidIndexes(session),
    applySettings: await sessionSettings(session, session.target.user, [...APPLY_SETTINGS, MONEY_FORM]),
  };
}

async function surveyAccess(session: Session) {
  return {
    unusable: await unusableSchemas(session),
    unreadable: await unreadableTables(session),
    definitions: await tableDigests(session),
    types: await userTypes(session),
    publications: await publicationIdentities(session),
    keptStatements: await keptStatements(session),
  };
}

async function surveyServer(session: Session) {
  return {
    ...(await surveyInUse(session)),
    freezeAges: await freezeAges(session),
    login: session.target.user,
  };
}
