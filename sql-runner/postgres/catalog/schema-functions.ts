import type { Session } from '../session';
import { ofExtensionSql, rightsSql, userSchemaSql } from './rights';
import type { Grant } from './table-definitions';

/** What of a table calls a function. */
export type UseOfFunction = 'default' | 'generated' | 'index' | 'check' | 'domain';

export interface FunctionDefinition {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** As SQL names it in ALTER and DROP, with its arguments. */
  readonly identity: string;
  readonly word: 'FUNCTION' | 'PROCEDURE';
  /** CREATE OR REPLACE FUNCTION … */
  readonly definition: string;
  /** What cannot be replaced: names of arguments, defaults and result. */
  readonly signature: string;
  readonly owner: string;
  readonly rights: readonly Grant[];
  readonly comment: string | null;
  readonly usedIn: readonly UseOfFunction[];
}

/**
 * Functions and procedures of users, without aggregates and those of extensions. One whose body is SQL of 14 and later opens
 * what it names: not while somebody keeps readers out of that.
 */
export async function functionDefinitions(session: Session): Promise<FunctionDefinition[]> {
  return session.query<FunctionDefinition>(
    `WITH used AS (
       SELECT d.refobjid, jsonb_agg(DISTINCT CASE
                WHEN d.classid = 'pg_attrdef'::regclass THEN CASE WHEN a.attgenerated <> '' THEN 'generated' ELSE 'default' END
                WHEN d.classid = 'pg_class'::regclass THEN 'index'
                WHEN k.contypid <> 0 THEN 'domain' ELSE 'check' END) AS list
         FROM pg_depend d
         LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
         LEFT JOIN pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
         LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
        WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid >= 16384
          AND d.classid IN ('pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_class'::regclass) GROUP BY 1)
     SELECT p.oid::int8::float8 AS oid, n.nspname::text AS schema, p.proname::text AS name,
            quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS identity,
            CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END AS word, rtrim(pg_get_functiondef(p.oid), E'\\n') AS definition,
            pg_get_function_arguments(p.oid) || ' RETURNS ' || coalesce(pg_get_function_result(p.oid), '') AS signature,
            pg_get_userbyid(p.proowner)::text AS owner, ${rightsSql('function')} AS rights,
            obj_description(p.oid, 'pg_proc') AS comment, coalesce(u.list, '[]') AS "usedIn"
       FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace LEFT JOIN used u ON u.refobjid = p.oid
      WHERE p.prokind IN ('f', 'p', 'w') AND ${userSchemaSql()} AND NOT ${ofExtensionSql('pg_proc', 'p.oid')}
      ORDER BY 2, 4`,
  );
}
