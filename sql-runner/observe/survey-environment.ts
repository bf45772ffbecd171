import { describeCluster, userParameters } from '../aws/cluster';
import type { SourceSurvey, TargetSurvey } from '../model/survey';
import { runningSettings } from '../postgres/catalog/running-settings';
import { catalogTables } from '../postgres/catalog/tables';
import { isDatabaseMissing } from '../postgres/connect-errors';
import type { Session } from '../postgres/session';
import type { Side } from '../../contract/contract';
import type { Connections } from '../connections/connections';
import { firstExisting } from '../connections/first-existing';
import type { TablesReader } from './observe-database';
import { ofSide } from '../connections/of-side';
import { surveySourceDatabase, surveySourceServer, surveyTargetDatabase, surveyTargetServer } from './survey';

/** Reads what the checks of the source need. Read-only. */
export async function surveySource(
  connections: Connections,
  readTables: TablesReader = catalogTables,
): Promise<SourceSurvey> {
  const { replication, parameterGroup } = connections.contracts.source;
  const { role } = replication;
  const readServer = async (session: Session) => ({
    ...(await surveySourceServer(session, role)),
    settings: await runningSettings(session, Object.keys(parameterGroup.parameters)),
  });
  const readDatabase = (session: Session) => surveySourceDatabase(session, role, readTables);
  const [aws, facts] = await Promise.all([
    describeSource(connections),
    eachDatabase(connections, 'source', readServer, readDatabase),
  ]);
  return { ...aws, ...facts.server, databases: facts.databases };
}

async function describeSource(connections: Connections): Promise<Pick<SourceSurvey, 'cluster' | 'groupParameters'>> {
  const cluster = await describeCluster(connections.sourceAccount, connections.contracts.source.cluster.identifier);
  const parameters = await userParameters(connections.sourceAccount, cluster.parameterGroup);
  return { cluster, groupParameters: Object.fromEntries(parameters) };
}

/** Reads what the checks of the clone need; null before it is deployed. Read-only. */
export async function surveyTarget(connections: Connections): Promise<TargetSurvey | null> {
  const { source, target } = connections.contracts;
  if (target === null) return null;
  const [cluster, facts] = await Promise.all([
    ofSide('target', describeCluster(connections.targetAccount, target.cluster.identifier)),
    eachDatabase(
      connections,
      'target',
      (session) => surveyTargetServer(session, source.replication.role),
      surveyTargetDatabase,
    ),
  ]);
  return { cluster, ...facts.server, databases: facts.databases };
}

/**
 * Reads every database of the environment, the server in the first of them. That
 * one database is missing is for the plan to say; the others are read all the same.
 */
async function eachDatabase<S, D>(
  connections: Connections,
  side: Side,
  readServer: (session: Session) => Promise<S>,
  readDatabase: (session: Session) => Promise<D>,
): Promise<{ server: S; databases: Record<string, D> }> {
  const session = await connections.reader(await firstExisting(connections, side));
  const names = connections.contracts.source.links.map((link) => link.database);
  // All at once: one that fails while another is awaited would end the process as an unhandled rejection.
  const [server, databases] = await Promise.all([
    readServer(session),
    Promise.allSettled(names.map((database) => connections.use({ side, database }, readDatabase))),
  ]);
  const read = databases.flatMap((result, index) =>
    result.status === 'fulfilled' ? [[names[index]!, result.value] as const] : [],
  );
  const refused = databases.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  const serious = refused.find((error) => !isDatabaseMissing(error));
  if (serious !== undefined) throw serious;
  return { server, databases: Object.fromEntries(read) };
}
