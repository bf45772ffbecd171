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
import { replicationOrigins } from '../postgres/catalog/origins';
import { publicationIdentities } from '../postgres/catalog/publication-identities';
import { ddlLogs } from '../postgres/catalog/ddl-logs';
import { publications } from '../postgres/catalog/publications';
import { sentTables } from '../postgres/catalog/replicated-tables';
import { roleExists } from '../postgres/catalog/roles';
import { slotlessSenders } from '../postgres/catalog/senders';
import { serverFacts } from '../postgres/catalog/server';
import { replicationSlots } from '../postgres/catalog/slots';
import { sourcePrivileges } from './source-privileges';
import { subscriptionOptions } from '../postgres/catalog/subscription-options';
import { tableDigests } from '../postgres/catalog/table-digests';
import { tablesNotAppliable } from '../postgres/catalog/table-owners';
import { catalogTables } from '../postgres/catalog/tables';
import { rowsWritten, unreplicated } from '../postgres/catalog/unreplicated';
import { userTypes } from '../postgres/catalog/user-types';
import { loginOf, type Ask } from '../connections/reading';
import { takenTables } from './taken-tables';
import { observeRole, publicationFacts } from './observe-database';

/** What a session can tell of the source, whichever of its databases it is in. */
export async function surveySourceServer(
  ask: Ask,
  role: string,
): Promise<Omit<SourceSurvey, 'cluster' | 'groupParameters' | 'databases'>> {
  return {
    ...(await surveyServer(ask)),
    privileges: await sourcePrivileges(ask, role),
    aurora: await ask(auroraSettings),
    slotlessSenders: await ask(slotlessSenders),
    hasRdsReplication: await ask(roleExists, 'rds_replication'),
    role: await observeRole(ask, role),
    ...(await surveyDelays(ask)),
  };
}

/** What the creation of a slot waits for. */
async function surveyDelays(ask: Ask): Promise<Pick<SourceSurvey, 'openWrites' | 'prepared'>> {
  return { openWrites: await ask(openWriteTransactions), prepared: await ask(preparedTransactions) };
}

/** What is in use of what a server needs room for when it starts. */
async function surveyInUse(ask: Ask): Promise<Omit<InUse, 'prepared'>> {
  return {
    server: await ask(serverFacts),
    slots: await ask(replicationSlots),
    origins: await ask(replicationOrigins),
  };
}

export async function surveySourceDatabase(ask: Ask, role: string): Promise<SourceDatabaseSurvey> {
  return {
    ...(await surveyAccess(ask)),
    tables: await ask(catalogTables),
    unmatchable: await ask(unmatchableColumns),
    inexact: await ask(inexactColumns),
    sent: await ask(sentTables),
    unreplicated: await ask(unreplicated),
    senderSettings: await ask(sessionSettings, role, [...SENDER_SETTINGS, MONEY_FORM]),
    moneyColumns: await ask(moneyColumns),
    rowsWritten: await ask(rowsWritten),
    connectGrant: await ask(connectGrant, role),
  };
}

/** What a session can tell of the clone, whichever of its databases it is in. */
export async function surveyTargetServer(ask: Ask, role: string): Promise<Omit<TargetSurvey, 'cluster' | 'databases'>> {
  return { ...(await surveyServer(ask)), privileges: await ask(loginPrivileges, role) };
}

export async function surveyTargetDatabase(ask: Ask): Promise<TargetDatabaseSurvey> {
  return {
    ...(await surveyAccess(ask)),
    privileges: await ask(bootstrapPrivileges),
    publications: (await ask(publications)).map(publicationFacts),
    tables: await ask(catalogTables),
    subscriptionOptions: await ask(subscriptionOptions),
    taken: await takenTables(ask),
    foreignKeys: await ask(foreignKeys),
    triggers: await ask(replicaTriggers),
    rowSecurity: await ask(forcedRowSecurity),
    notAppliable: await ask(tablesNotAppliable),
    lackingRights: await ask(lackingRights),
    ...(await ask(judgedFunctions)),
    invalidIndexes: await ask(invalidIndexes),
    applySettings: await ask(sessionSettings, await ask(loginOf), [...APPLY_SETTINGS, MONEY_FORM]),
  };
}

async function surveyAccess(ask: Ask) {
  return {
    unusable: await ask(unusableSchemas),
    unreadable: await ask(unreadableTables),
    definitions: await ask(tableDigests),
    types: await ask(userTypes),
    publicationIdentities: await ask(publicationIdentities),
    ddl: await ask(ddlLogs),
    keptStatements: await ask(keptStatements),
  };
}

async function surveyServer(ask: Ask) {
  return {
    ...(await surveyInUse(ask)),
    freezeAges: await ask(freezeAges),
    login: await ask(loginOf),
  };
}
