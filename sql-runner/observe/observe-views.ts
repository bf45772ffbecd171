import type { Reading } from '../connections/reading';
import { loginOf } from '../connections/reading';
import { ownMark } from '../model/mark';
import type { Observation } from '../model/observation';
import type { DatabaseViews, ViewsObserved, ViewsWanted } from '../model/views';
import { populatedViews, viewsToRefresh } from '../postgres/catalog/materialized-views';
import { viewDependencies } from '../postgres/catalog/view-dependencies';
import type { Session } from '../postgres/session';
import { quoteQualified } from '../postgres/text/quoting';
import { historyTable } from '../resources/run-history';

/** Of every database that is on both sides, or of the one that was asked for. */
export async function observeViews(
  reading: Reading,
  { source, target }: Observation,
  wanted: ViewsWanted,
): Promise<ViewsObserved> {
  const both = reading.contracts.source.links
    .map(({ database }) => database)
    .filter((name) => wanted.database === null || name === wanted.database)
    .filter((name) => source.databases[name]?.exists === true && target?.databases[name]?.exists === true);
  const refreshed = both.length === 0 || target === null ? {} : await lastRefreshes(reading, target);
  const read = both.map(async (database) => [database, await viewsOf(reading, database, refreshed)] as const);
  return { wanted, databases: Object.fromEntries(await Promise.all(read)) };
}

async function viewsOf(
  reading: Reading,
  database: string,
  refreshed: DatabaseViews['refreshed'],
): Promise<DatabaseViews> {
  const here = await reading.at({ side: 'target', database }, async (ask) => ({
    login: await ask(loginOf),
    clone: await ask(viewsToRefresh),
    reads: await ask(viewDependencies),
  }));
  const populatedThere = await reading.ask({ side: 'source', database }, populatedViews);
  return { ...here, populatedThere, refreshed };
}

/** PostgreSQL keeps no time of a refresh; the history of our own runs is all that tells. Nothing rests on it. */
async function lastRefreshes(
  reading: Reading,
  { databases }: NonNullable<Observation['target']>,
): Promise<DatabaseViews['refreshed']> {
  const { environment } = reading.contracts.source;
  const kept = Object.values(databases).some(
    ({ runHistory }) =>
      runHistory?.historyReadable === true && ownMark(runHistory.comment, 'history', environment) !== null,
  );
  if (!kept) return {};
  const place = await reading.first('target');
  const rows = await reading.ask(place, refreshesIn, environment).catch(() => []);
  return Object.fromEntries(rows.map(({ id, began }) => [id, began]));
}

const refreshesIn = (session: Session, environment: string) =>
  session.query<{ id: string; began: string }>(
    `SELECT DISTINCT ON (1) one ->> 'id' AS id, record ->> 'began' AS began
       FROM (SELECT began, record FROM ${quoteQualified(historyTable(environment))} WHERE record ->> 'mode' = 'refresh') runs,
            jsonb_array_elements(record -> 'changes') AS one
      WHERE one ->> 'outcome' = 'made' ORDER BY 1, runs.began DESC`,
  );
