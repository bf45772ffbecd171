import { describeCluster, userParameters } from '../aws/cluster';
import type { SourceSurvey, TargetSurvey } from '../model/survey';
import { replicationSlots } from '../postgres/catalog/slots';
import { runningSettings } from '../postgres/catalog/running-settings';
import { isDatabaseMissing } from '../postgres/connect-errors';
import type { Side } from '../../contract/contract';
import type { Ask, Reading } from '../connections/reading';
import { ofSide } from '../connections/of-side';
import { surveySourceDatabase, surveySourceServer, surveyTargetDatabase, surveyTargetServer } from './survey';

/** Reads what the checks of the source need. Read-only. */
export async function surveySource(reading: Reading): Promise<SourceSurvey> {
  const { replication, parameterGroup } = reading.contracts.source;
  const { role } = replication;
  const readServer = async (ask: Ask) => ({
    ...(await surveySourceServer(ask, role)),
    settings: await ask(runningSettings, Object.keys(parameterGroup.parameters)),
  });
  const [aws, facts] = await Promise.all([
    describeSource(reading),
    eachDatabase(reading, 'source', readServer, (ask) => surveySourceDatabase(ask, role)),
  ]);
  return { ...aws, ...facts.server, databases: facts.databases };
}

async function describeSource(reading: Reading): Promise<Pick<SourceSurvey, 'cluster' | 'groupParameters'>> {
  const cluster = await reading.aws('source', describeCluster, reading.contracts.source.cluster.identifier);
  const parameters = await reading.aws('source', userParameters, cluster.parameterGroup);
  return { cluster, groupParameters: Object.fromEntries(parameters) };
}

/** Reads what the checks of the clone need; null before it is deployed. Read-only. */
export async function surveyTarget(reading: Reading): Promise<TargetSurvey | null> {
  const { source, target } = reading.contracts;
  if (target === null) return null;
  // What an observation reads of the clone as well is read once, and so not before the slots; see observe.ts.
  await slotsOfSource(reading).catch(() => undefined);
  const [cluster, facts] = await Promise.all([
    ofSide('target', reading.aws('target', describeCluster, target.cluster.identifier)),
    eachDatabase(reading, 'target', (ask) => surveyTargetServer(ask, source.replication.role), surveyTargetDatabase),
  ]);
  return { cluster, ...facts.server, databases: facts.databases };
}

async function slotsOfSource(reading: Reading): Promise<void> {
  await reading.ask(await reading.first('source'), replicationSlots);
}

/**
 * Reads every database of the environment, the server in the first of them. That
 * one database is missing is for the plan to say; the others are read all the same.
 */
async function eachDatabase<S, D>(
  reading: Reading,
  side: Side,
  readServer: (ask: Ask) => Promise<S>,
  readDatabase: (ask: Ask) => Promise<D>,
): Promise<{ server: S; databases: Record<string, D> }> {
  const first = await reading.first(side);
  const names = reading.contracts.source.links.map((link) => link.database);
  // All at once: one that fails while another is awaited would end the process as an unhandled rejection.
  const [server, databases] = await Promise.all([
    reading.at(first, readServer),
    Promise.allSettled(names.map((database) => reading.at({ side, database }, readDatabase))),
  ]);
  const read = databases.flatMap((result, index) =>
    result.status === 'fulfilled' ? [[names[index]!, result.value] as const] : [],
  );
  const refused = databases.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  const serious = refused.find((error) => !isDatabaseMissing(error));
  if (serious !== undefined) throw serious;
  return { server, databases: Object.fromEntries(read) };
}
