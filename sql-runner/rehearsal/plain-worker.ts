import { quoteIdent } from '../postgres/text/quoting';
import type { ScratchSession } from '../postgres/scratch-session';
import { PUBLICATION } from './stage';

/** Whose subscription it is, and who owns what the superuser of the scratch servers does otherwise. */
const WORKER = 'sql_runner_ddl_check_worker';
const OWNER = 'sql_runner_ddl_check_owner';

/** By object: what decides who may write to it. */
export type Rights = ReadonlyMap<string, string>;

/** Of what is there: owners, grants, row level security and its policies, memberships. */
export async function rightsOf(session: ScratchSession): Promise<Rights> {
  const rows = await session.query<{ id: string; rights: string }>(
    `SELECT 'class ' || oid AS id, ROW(relowner, relacl, relrowsecurity, relforcerowsecurity)::text AS rights
       FROM pg_class WHERE relkind IN ('r', 'p', 'S') AND oid >= 16384
     UNION ALL SELECT 'column ' || attrelid || ' ' || attnum, attacl::text FROM pg_attribute WHERE attacl IS NOT NULL
     UNION ALL SELECT 'schema ' || oid, ROW(nspowner, nspacl)::text FROM pg_namespace
     UNION ALL SELECT 'function ' || oid, ROW(proowner, proacl)::text FROM pg_proc WHERE oid >= 16384
     UNION ALL SELECT 'type ' || oid, ROW(typowner, typacl)::text FROM pg_type WHERE oid >= 16384
     UNION ALL SELECT 'members', string_agg(m::text, ',' ORDER BY m::text) FROM pg_auth_members m
     UNION ALL SELECT 'role ' || oid, ROW(rolsuper, rolinherit, rolbypassrls)::text FROM pg_roles`,
  );
  return new Map(rows.map(({ id, rights }) => [id, rights]));
}

/** Rights that were there are others, or are gone. What is new takes nothing from anybody. */
export const othersThan = (before: Rights, after: Rights): boolean =>
  [...before].some(([id, rights]) => after.has(id) && after.get(id) !== rights);

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
  const owners = await clone.query<{ owner: string }>(
    `SELECT DISTINCT o.rolname::text AS owner FROM (${PUBLISHED_SQL}) t JOIN pg_roles o ON o.oid = t.relowner`,
    [PUBLICATION],
  );
  for (const { owner } of owners) await clone.query(`GRANT ${quoteIdent(owner)} TO ${WORKER}`);
  const schemas = await clone.query<{ schema: string }>(
    `SELECT DISTINCT t.relnamespace::regnamespace::text AS schema FROM (${PUBLISHED_SQL}) t`,
    [PUBLICATION],
  );
  // Whoever owns a table may usually reach it; a right that is there already can then be taken.
  for (const { schema } of schemas) {
    await clone.query(
      `GRANT USAGE ON SCHEMA ${schema} TO ${[OWNER, ...owners.map(({ owner }) => owner)].map(quoteIdent).join(', ')}`,
    );
  }
  if (major >= 16) await clone.query(`ALTER SUBSCRIPTION ${name} SET (password_required = false)`);
  await clone.query(`ALTER SUBSCRIPTION ${name} OWNER TO ${WORKER}`);
  await clone.query(`ALTER ROLE ${WORKER} NOSUPERUSER`);
  await clone.query(`ALTER SUBSCRIPTION ${name} ENABLE`);
}

/** What was made by whoever migrates, or was given to them: on a service that is nobody who may everything. */
export async function takeFromSuperuser(clone: ScratchSession): Promise<void> {
  const tables = await clone.query<{ name: string }>(
    `SELECT t.oid::regclass::text AS name FROM (${PUBLISHED_SQL}) t JOIN pg_roles o ON o.oid = t.relowner WHERE o.rolsuper`,
    [PUBLICATION],
  );
  for (const { name } of tables) await clone.query(`ALTER TABLE ${name} OWNER TO ${OWNER}`);
}

/** The clone's scratch database has the publication too, as it was made of the same schema. */
const PUBLISHED_SQL = `SELECT c.* FROM pg_publication_tables p JOIN pg_namespace n ON n.nspname = p.schemaname
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename WHERE p.pubname = $1`;
