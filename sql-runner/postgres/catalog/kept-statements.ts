import { quoteLiteral, quoteQualified, type QualifiedName } from '../text/quoting';
import { WITH_SECRET } from '../text/secret-text';
import type { Session } from '../session';

/** What the server would keep, or has kept, of statements that hold a secret; as seen from one database. */
export interface KeptStatements {
  /** pg_stat_statements keeps statements inside of others, and the session's user may not turn that off. */
  readonly tracked: boolean;
  /** `schema.name(types)` of its reset of single statements in this database; null: the extension is not here, or too old. */
  readonly reset: string | null;
  readonly mayReset: boolean;
  /** Condition that finds what it has kept, to be used on the view `view`; null: nothing, or it cannot be seen. */
  readonly held: { readonly view: string; readonly statements: number } | null;
  /** Settings by which the log gets such statements and that the session's user may not change, with their values. */
  readonly logged: Readonly<Record<string, string>>;
}

interface Row {
  readonly readable: boolean;
  readonly tracked: boolean;
  readonly schema: string | null;
  readonly reset: string | null;
  readonly mayReset: boolean;
  readonly logged: Record<string, string>;
}

export async function keptStatements(session: Session): Promise<KeptStatements> {
  const [row] = await session.query<Row>(factsSql(session.serverVersionNum));
  const { readable, schema, ...facts } = row!;
  const view = schema === null ? null : { schema, name: 'pg_stat_statements' };
  const statements = view === null || !readable ? 0 : await countHeld(session, view);
  return { ...facts, held: view === null || statements === 0 ? null : { view: quoteQualified(view), statements } };
}

async function countHeld(session: Session, view: QualifiedName): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${quoteQualified(view)}
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND query ~ ${quoteLiteral(WITH_SECRET)}`,
  );
  return row!.count;
}

/** pgaudit's settings are listed only where it is loaded; current_setting also sees what is set for later. */
function factsSql(versionNum: number): string {
  // Rights on single parameters came with 15. On RDS members of rds_superuser may set some of them without such a right.
  const may = (name: string) =>
    versionNum < 150000 ? 'me.rolsuper' : `(me.rolsuper OR has_parameter_privilege(${quoteLiteral(name)}, 'SET'))`;
  const setting = (name: string) => `current_setting(${quoteLiteral(name)}, true)`;
  return `
    SELECT coalesce(ext.readable AND EXISTS (SELECT FROM pg_settings WHERE name = 'pg_stat_statements.track'), false) AS readable,
           coalesce(${setting('pg_stat_statements.track')} = 'all' AND ${setting('pg_stat_statements.track_utility')} = 'on'
                    AND NOT ${may('pg_stat_statements.track_utility')}, false) AS tracked,
           ext.schema, ext.reset, coalesce(ext."mayReset", false) AS "mayReset",
           (SELECT coalesce(jsonb_object_agg(name, value), '{}') FROM (
              SELECT 'log_min_messages' AS name, ${setting('log_min_messages')} AS value
               WHERE ${setting('log_min_messages')} LIKE 'debug%' AND NOT ${may('log_min_messages')}
              UNION ALL
              SELECT 'pgaudit.log', ${setting('pgaudit.log')}
               WHERE ${setting('pgaudit.log')} ~* '\\m(ddl|all)\\M' AND ${setting('pgaudit.log')} !~* '-ddl\\M'
                 AND coalesce(${setting('pgaudit.log_statement')}, 'on') <> 'off' AND NOT ${may('pgaudit.log_statement')}
            ) AS log) AS logged
      FROM pg_roles me
      LEFT JOIN (SELECT n.nspname AS schema, has_table_privilege(v.oid, 'SELECT') AS readable, p.oid::regprocedure::text AS reset,
                        has_function_privilege(p.oid, 'EXECUTE') AND has_schema_privilege(n.oid, 'USAGE') AS "mayReset"
                   FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                   LEFT JOIN pg_proc p ON p.pronamespace = n.oid AND p.proname = 'pg_stat_statements_reset' AND p.pronargs >= 3
                   LEFT JOIN pg_class v ON v.relnamespace = n.oid AND v.relname = 'pg_stat_statements'
                  WHERE e.extname = 'pg_stat_statements') AS ext ON true
     WHERE me.rolname = current_user`;
}
