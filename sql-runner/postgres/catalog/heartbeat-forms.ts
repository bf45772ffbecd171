import type { Session } from '../session';
import { isHeartbeatSql } from './heartbeats';
import { HEARTBEAT_TABLE } from '../../../contract/naming';

export interface HeartbeatColumn {
  readonly name: string;
  /** attnum: it stays when the column is renamed, and is never given again. */
  readonly number: number;
  readonly type: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly isIdentity: boolean;
  readonly isGenerated: boolean;
}

export interface HeartbeatConstraint {
  readonly name: string;
  /** As pg_constraint has it: p, u, c, x, f. */
  readonly type: string;
  /** Numbers of its columns, in their order. */
  readonly columns: readonly number[];
  readonly deferrable: boolean;
}

/** A trigger or a rule; `enabled`: O, A, R or D. */
export interface HeartbeatReaction {
  readonly name: string;
  readonly enabled: string;
}

/** How the table of a heartbeat, and who may do what with it, is by now. */
export interface HeartbeatForm {
  readonly schema: string;
  readonly login: string;
  readonly schemaOwner: string;
  readonly mayAlterSchema: boolean;
  readonly mayUseSchema: boolean;
  readonly owner: string;
  /** The login can alter it and, on the clone, write as its owner. */
  readonly mayAlter: boolean;
  /** Its owner has all the rights that beats need: they can be revoked from an owner too. */
  readonly ownerMay: boolean;
  /** As pg_class.relreplident has it. */
  readonly identity: string;
  readonly rowSecurity: boolean;
  readonly forcedRowSecurity: boolean;
  readonly columns: readonly HeartbeatColumn[];
  readonly constraints: readonly HeartbeatConstraint[];
  /** Unique indexes that belong to no constraint. */
  readonly uniqueIndexes: readonly string[];
  readonly triggers: readonly HeartbeatReaction[];
  readonly rules: readonly HeartbeatReaction[];
}

const list = (element: string, from: string, order: string): string =>
  `(SELECT coalesce(jsonb_agg(${element} ORDER BY ${order}), '[]') FROM ${from})`;

/** Of the heartbeats in the schemas given, from the catalog alone: it needs no right on them, and waits for nobody. */
export async function heartbeatForms(session: Session, schemas: readonly string[]): Promise<HeartbeatForm[]> {
  // From 16 on being a member does not say that one may become the role, which an apply worker does.
  const becomes = session.serverVersionNum < 160000 ? 'true' : `pg_has_role(c.relowner, 'SET')`;
  const column = `jsonb_build_object('name', a.attname, 'number', a.attnum, 'type', format_type(a.atttypid, a.atttypmod),
      'notNull', a.attnotnull, 'hasDefault', a.atthasdef AND a.attgenerated = '', 'isIdentity', a.attidentity <> '',
      'isGenerated', a.attgenerated <> '')`;
  const constraint = `jsonb_build_object('name', k.conname, 'type', k.contype, 'columns', coalesce(k.conkey, '{}'), 'deferrable', k.condeferrable)`;
  return session.query<HeartbeatForm>(
    `SELECT n.nspname::text AS schema, current_user::text AS login, pg_get_userbyid(n.nspowner)::text AS "schemaOwner",
            pg_has_role(n.nspowner, 'USAGE') AS "mayAlterSchema", has_schema_privilege(n.oid, 'USAGE') AS "mayUseSchema",
            pg_get_userbyid(c.relowner)::text AS owner, pg_has_role(c.relowner, 'USAGE') AND ${becomes} AS "mayAlter",
            (SELECT bool_and(has_table_privilege(c.relowner, c.oid, p))
               FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p) AS "ownerMay",
            c.relreplident::text AS identity, c.relrowsecurity AS "rowSecurity", c.relforcerowsecurity AS "forcedRowSecurity",
            ${list(column, 'pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped', 'a.attnum')} AS columns,
            ${list(constraint, `pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'c', 'x', 'f')`, 'k.conname')} AS constraints,
            ${list(
              'o.relname',
              `pg_index i JOIN pg_class o ON o.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisunique
                AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = c.oid)`,
              'o.relname',
            )} AS "uniqueIndexes",
            ${list(`jsonb_build_object('name', t.tgname, 'enabled', t.tgenabled)`, 'pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal', 't.tgname')} AS triggers,
            ${list(`jsonb_build_object('name', r.rulename, 'enabled', r.ev_enabled)`, 'pg_rewrite r WHERE r.ev_class = c.oid', 'r.rulename')} AS rules
       FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = $2 AND c.relkind = 'r'
      WHERE n.nspname = ANY ($1) AND ${isHeartbeatSql()} ORDER BY 1`,
    [schemas, HEARTBEAT_TABLE],
  );
}
