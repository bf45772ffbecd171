import type { Session } from '../session';
import { ofExtensionSql, rightsSql, userSchemaSql } from './rights';
import type { Grant } from './table-definitions';

export interface SchemaDefinition {
  readonly name: string;
  readonly owner: string;
  readonly rights: readonly Grant[];
  readonly comment: string | null;
}

export async function schemaDefinitions(session: Session): Promise<SchemaDefinition[]> {
  return session.query<SchemaDefinition>(
    `SELECT n.nspname::text AS name, pg_get_userbyid(n.nspowner)::text AS owner, ${rightsSql('schema')} AS rights,
            obj_description(n.oid, 'pg_namespace') AS comment
       FROM pg_namespace n WHERE ${userSchemaSql()} AND NOT ${ofExtensionSql('pg_namespace', 'n.oid')} ORDER BY 1`,
  );
}

export interface ExtensionDefinition {
  readonly name: string;
  readonly schema: string;
  readonly version: string;
}

export async function extensionDefinitions(session: Session): Promise<ExtensionDefinition[]> {
  return session.query<ExtensionDefinition>(
    `SELECT x.extname::text AS name, n.nspname::text AS schema, x.extversion AS version
       FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace ORDER BY 1`,
  );
}

/** What of a type userTypes() does not tell, and of none of an extension. */
export interface TypePart {
  readonly oid: number;
  readonly owner: string;
  readonly rights: readonly Grant[];
  readonly comment: string | null;
  /** Of a domain. */
  readonly default: string | null;
  /** Of a domain, as SQL names it; null: that of its base type. */
  readonly collation: string | null;
}

export async function typeParts(session: Session): Promise<TypePart[]> {
  return session.query<TypePart>(
    `SELECT t.oid::int8::float8 AS oid, pg_get_userbyid(t.typowner)::text AS owner, ${rightsSql('type')} AS rights,
            obj_description(t.oid, 'pg_type') AS comment, CASE t.typtype WHEN 'd' THEN t.typdefault END AS "default",
            CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation THEN
              (SELECT quote_ident(ln.nspname) || '.' || quote_ident(l.collname) FROM pg_collation l
                 JOIN pg_namespace ln ON ln.oid = l.collnamespace WHERE l.oid = t.typcollation) END AS collation
       FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
       LEFT JOIN pg_type b ON b.oid = t.typbasetype
      WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c') AND ${userSchemaSql()}
        AND NOT ${ofExtensionSql('pg_type', 't.oid')}`,
  );
}

export interface CollationDefinition {
  readonly schema: string;
  readonly name: string;
  readonly provider: string;
  readonly locale: string | null;
  readonly collate: string | null;
  readonly ctype: string | null;
  readonly deterministic: boolean;
  readonly rules: string | null;
}

/** Of users. Its columns have other names from version to version. */
export async function collationDefinitions(session: Session): Promise<CollationDefinition[]> {
  return session.query<CollationDefinition>(
    `SELECT n.nspname::text AS schema, l.collname::text AS name,
            CASE l.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
            CASE WHEN l.collprovider <> 'c' THEN coalesce(j.x ->> 'colllocale', j.x ->> 'colliculocale', j.x ->> 'collcollate') END AS locale,
            CASE l.collprovider WHEN 'c' THEN j.x ->> 'collcollate' END AS collate,
            CASE l.collprovider WHEN 'c' THEN j.x ->> 'collctype' END AS ctype,
            l.collisdeterministic AS deterministic, j.x ->> 'collicurules' AS rules
       FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace CROSS JOIN LATERAL (SELECT to_jsonb(l) AS x) j
      WHERE ${userSchemaSql()} AND NOT ${ofExtensionSql('pg_collation', 'l.oid')} ORDER BY 1, 2`,
  );
}
