import { quoteIdent } from '../postgres/text/quoting';
import type { ScratchSession } from '../postgres/scratch-session';
import { scratchFailed } from './server-files';
import { PUBLICATION } from './stage';

/** Whose subscription it is, and who owns what the superuser of the scratch servers does otherwise. */
const WORKER = 'sql_runner_ddl_check_worker';
const OWNER = 'sql_runner_ddl_check_owner';

const PATIENCE_MS = 60_000;

/**
 * As on a service: the subscription belongs to a role that is no superuser, and may all that the owners of the published
 * tables may. The scratch superuser is nobody there: what it owns belongs to the other role of ours.
 * Before 16 it has to be a superuser at the moment that it is given the subscription (AlterSubscriptionOwner_internal).
 */
export async function givePlainOwner(clone: ScratchSession, subscription: string, major: number): Promise<void> {
  const name = quoteIdent(subscription);
  await clone.query(`ALTER SUBSCRIPTION ${name} DISABLE`);
  await clone.query(`CREATE ROLE ${WORKER} SUPERUSER LOGIN`);
  await clone.query(`CREATE ROLE ${OWNER}`);
  await takeFromSuperuser(clone);
  const owners = await publishedOwners(clone);
  await mayActAs(clone, owners);
  const schemas = await clone.query<{ schema: string }>(
    `SELECT DISTINCT t.relnamespace::regnamespace::text AS schema FROM (${PUBLISHED_SQL}) t`,
    [PUBLICATION],
  );
  // Whoever owns a table may usually reach it; a right that is there already can then be taken.
  for (const { schema } of schemas) {
    await clone.query(`GRANT USAGE ON SCHEMA ${schema} TO ${[OWNER, ...owners].map(quoteIdent).join(', ')}`);
  }
  if (major >= 16) await clone.query(`ALTER SUBSCRIPTION ${name} SET (password_required = false)`);
  await clone.query(`ALTER SUBSCRIPTION ${name} OWNER TO ${WORKER}`);
  await clone.query(`ALTER ROLE ${WORKER} NOSUPERUSER`);
  await enableAsWorker(clone, name);
}

/**
 * A launcher that has read the catalog before starts the worker as the owner of then, who stays whoever it is until the
 * worker ends: such a one is ended until there is one of the new owner.
 */
async function enableAsWorker(clone: ScratchSession, name: string): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
    await clone.query(`ALTER SUBSCRIPTION ${name} DISABLE`);
    await workersUntil(clone, until, (users) => users.length === 0);
    await clone.query(`ALTER SUBSCRIPTION ${name} ENABLE`);
    const users = await workersUntil(clone, until, ({ length }) => length > 0);
    if (users.every((user) => user === WORKER)) return;
  }
  throw scratchFailed('no worker of the scratch clone starts as the role that its subscription was given to');
}

/** As whom they run. */
async function workersUntil(
  clone: ScratchSession,
  until: number,
  enough: (users: readonly (string | null)[]) => boolean,
): Promise<readonly (string | null)[]> {
  for (;;) {
    const rows = await clone.query<{ user: string | null }>(
      `SELECT usename::text AS "user" FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type LIKE 'logical replication%'`,
    );
    const users = rows.map(({ user }) => user);
    if (enough(users)) return users;
    if (Date.now() > until) throw scratchFailed('the worker of the scratch clone neither comes nor goes');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What was made by whoever migrates, or was given to them: on a service that is nobody who may everything. */
export async function takeFromSuperuser(clone: ScratchSession): Promise<void> {
  const tables = await clone.query<{ name: string }>(
    `SELECT t.oid::regclass::text AS name FROM (${PUBLISHED_SQL}) t JOIN pg_roles o ON o.oid = t.relowner WHERE o.rolsuper`,
    [PUBLICATION],
  );
  for (const { name } of tables) await clone.query(`ALTER TABLE ${name} OWNER TO ${OWNER}`);
}

/** Owners of published tables as whom the worker cannot act. */
export async function strangeOwners(clone: ScratchSession): Promise<readonly string[]> {
  const rows = await clone.query<{ owner: string }>(
    `SELECT DISTINCT o.rolname::text AS owner FROM (${PUBLISHED_SQL}) t JOIN pg_roles o ON o.oid = t.relowner
      WHERE NOT pg_has_role($2::name, t.relowner, 'MEMBER') ORDER BY 1`,
    [PUBLICATION, WORKER],
  );
  return rows.map(({ owner }) => owner);
}

export async function mayActAs(clone: ScratchSession, owners: readonly string[]): Promise<void> {
  for (const owner of owners) await clone.query(`GRANT ${quoteIdent(owner)} TO ${WORKER}`);
}

/** What the server has said, without the names of ours, which nobody else knows. */
export const withoutOurs = (said: string): string =>
  said
    .replaceAll(`role "${WORKER}"`, 'it')
    .replaceAll(`user "${OWNER}"`, 'the owner of the table')
    .replaceAll(`role "${OWNER}"`, 'the owner of the table');

async function publishedOwners(clone: ScratchSession): Promise<readonly string[]> {
  const rows = await clone.query<{ owner: string }>(
    `SELECT DISTINCT o.rolname::text AS owner FROM (${PUBLISHED_SQL}) t JOIN pg_roles o ON o.oid = t.relowner`,
    [PUBLICATION],
  );
  return rows.map(({ owner }) => owner);
}

/** The clone's scratch database has the publication too, as it was made of the same schema. */
export const PUBLISHED_SQL = `SELECT c.* FROM pg_publication_tables p JOIN pg_namespace n ON n.nspname = p.schemaname
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename WHERE p.pubname = $1`;
