import { OperatorError } from '../../environments/operator-error';
import { describeCluster, userParameters } from '../aws/cluster';
import type { SourceSurvey, TargetSurvey } from '../checks/survey';
import type { Session } from '../postgres/session';
import type { Side } from './change';
import type { Connections } from './connections';
import { surveySourceDatabase, surveySourceServer, surveyTargetDatabase, surveyTargetServer } from './survey';

/** Reads what the checks of the source need. Read-only. */
export async function surveySource(connections: Connections): Promise<SourceSurvey> {
  const { role } = connections.contracts.source.replication;
  const [aws, facts] = await Promise.all([
    describeSource(connections),
    eachDatabase(connections, 'source', (session) => surveySourceServer(session, role), surveySourceDatabase),
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
    describeCluster(connections.targetAccount, target.cluster.identifier),
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
 * Reads every database of the environment at once, the server in the first of
 * them. The sessions are its own: a plan is observed on the kept ones meanwhile.
 */
async function eachDatabase<S, D>(
  connections: Connections,
  side: Side,
  readServer: (session: Session) => Promise<S>,
  readDatabase: (session: Session) => Promise<D>,
): Promise<{ server: S; databases: Record<string, D> }> {
  const names = connections.contracts.source.links.map((link) => link.database);
  const opened = await Promise.allSettled(names.map((database) => connections.open({ side, database }, true)));
  const sessions = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  try {
    refuseUnreachable(opened);
    const server = readServer(sessions[0]!);
    const databases = sessions.map(async (session, index) => {
      // One statement at a time on a session.
      if (index === 0) await server;
      return [session.target.database, await readDatabase(session)] as const;
    });
    // All at once: one that fails while another is awaited would end the process as an unhandled rejection.
    const [facts, entries] = await Promise.all([server, Promise.all(databases)]);
    return { server: facts, databases: Object.fromEntries(entries) };
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
}

/** That one database is missing is for the plan to say; the others are read all the same. */
function refuseUnreachable(opened: readonly PromiseSettledResult<Session>[]): void {
  const refused = opened.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  const serious =
    refused.find((error) => !isMissing(error)) ?? (refused.length === opened.length ? refused[0] : undefined);
  if (serious !== undefined) throw serious;
}

const isMissing = (error: unknown): boolean =>
  error instanceof OperatorError && error.code === 'CONNECT_DATABASE_MISSING';
