import type { Session } from '../session';
import type { SequenceDefinition } from './sequences';

/** A right on something, as GRANT has it. */
export interface Grant {
  /** null: PUBLIC. */
  readonly grantee: string | null;
  readonly privilege: string;
  readonly grantable: boolean;
}

export interface DefinedColumn {
  readonly name: string;
  /** Qualified as in SQL, as all texts of this file that the server has written. */
  readonly type: string;
  /** Null when it is that of the type. */
  readonly collation: string | null;
  /** `constraint`, `inherited` and so on: from 18 on it is a constraint with a name; null: it takes NULL. */
  readonly notNull: { readonly constraint: string | null } | null;
  readonly generated: '' | 's' | 'v';
  readonly expression: string | null;
  readonly storage: string | null;
  readonly compression: string | null;
  readonly statistics: number | null;
  readonly options: readonly string[];
  readonly comment: string | null;
  readonly grants: readonly Grant[];
}

export interface DefinedConstraint {
  readonly name: string;
  /** As in pg_constraint.contype. */
  readonly kind: 'p' | 'u' | 'c' | 'x' | 'f' | 'n';
  readonly definition: string;
  readonly comment: string | null;
  /** Of a foreign key: the table that it references. */
  readonly referenced: { readonly schema: string; readonly name: string } | null;
}

export interface DefinedIndex {
  readonly name: string;
  readonly definition: string;
  readonly unique: boolean;
  readonly comment: string | null;
}

/** Of a column: owned by it, or its identity. */
export interface DefinedSequence extends SequenceDefinition {
  readonly schema: string;
  readonly name: string;
  readonly column: string;
  /** `a` always, `d` by default; null: the column owns it. */
  readonly identity: 'a' | 'd' | null;
  readonly comment: string | null;
  /** Null: as PostgreSQL gives them by itself. */
  readonly grants: readonly Grant[] | null;
}

/** All that makes a table of its kind, to make it once more elsewhere. */
export interface TableDefinition {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly schemaOwner: string;
  readonly schemaGrants: readonly Grant[] | null;
  readonly accessMethod: string;
  readonly options: readonly string[];
  readonly typed: boolean;
  /** Of a partitioned table: `RANGE (made_at)`; null: it is not partitioned. */
  readonly partitionKey: string | null;
  /** It inherits, or is inherited from. */
  readonly inherits: boolean;
  readonly rowSecurity: boolean;
  readonly identity: 'd' | 'n' | 'f' | 'i';
  readonly identityIndex: string | null;
  readonly comment: string | null;
  readonly grants: readonly Grant[] | null;
  readonly columns: readonly DefinedColumn[];
  readonly constraints: readonly DefinedConstraint[];
  /** Those that belong to no constraint, and are valid. */
  readonly indexes: readonly DefinedIndex[];
  readonly sequences: readonly DefinedSequence[];
}

/** Where the rights are. */
const OF_ACL = { table: 'c.relacl', sequence: 's.relacl', column: 'a.attacl', schema: 'n.nspacl' } as const;

/** As JSON; NULL where it is as PostgreSQL gives rights by itself. */
const grantsSql = (acl: keyof typeof OF_ACL): string =>
  `(SELECT jsonb_agg(jsonb_build_object('grantee', g.rolname, 'privilege', x.privilege_type, 'grantable', x.grantable)
              ORDER BY x.place)
      FROM (SELECT grantee, privilege_type, bool_or(is_grantable) AS grantable, min(place) AS place
              FROM aclexplode(${OF_ACL[acl]}) WITH ORDINALITY a (grantor, grantee, privilege_type, is_grantable, place) GROUP BY 1, 2) x
      LEFT JOIN pg_roles g ON g.oid = x.grantee WHERE x.grantee = 0 OR g.oid IS NOT NULL)`;

/** From 18 on NOT NULL is a constraint, which has a name, and may be without effect on what is there. */
const notNullSql = ({ serverVersionNum }: Session): string =>
  serverVersionNum < 180_000
    ? `CASE WHEN a.attnotnull THEN jsonb_build_object('constraint', NULL) END`
    : `(SELECT jsonb_build_object('constraint', k.conname) FROM pg_constraint k
         WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey[1] = a.attnum AND k.convalidated AND NOT k.connoinherit)`;

const columnsSql = (session: Session): string => `
  SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
           'collation', CASE WHEN a.attcollation <> y.typcollation THEN
                          (SELECT quote_ident(ln.nspname) || '.' || quote_ident(l.collname) FROM pg_collation l
                             JOIN pg_namespace ln ON ln.oid = l.collnamespace WHERE l.oid = a.attcollation) END,
           'notNull', ${notNullSql(session)}, 'generated', a.attgenerated,
           'expression', (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum),
           'storage', CASE WHEN a.attstorage <> y.typstorage THEN
                        CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END END,
           'compression', ${session.serverVersionNum < 140_000 ? 'NULL' : "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END"},
           'statistics', CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,
           'options', coalesce(to_jsonb(a.attoptions), '[]'), 'comment', col_description(a.attrelid, a.attnum),
           'grants', coalesce(${grantsSql('column')}, '[]')) ORDER BY a.attnum)
    FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped`;

/** Of 18 only those NOT NULL constraints that a column cannot say by itself. */
const CONSTRAINTS_SQL = `
  SELECT jsonb_agg(jsonb_build_object('name', k.conname, 'kind', k.contype, 'definition', pg_get_constraintdef(k.oid),
           'comment', obj_description(k.oid, 'pg_constraint'),
           'referenced', CASE WHEN k.contype = 'f' THEN
             (SELECT jsonb_build_object('schema', fn.nspname, 'name', f.relname) FROM pg_class f
                JOIN pg_namespace fn ON fn.oid = f.relnamespace WHERE f.oid = k.confrelid) END)
           ORDER BY array_position('{n,c,p,u,x,f}'::text[], k.contype::text), k.conname)
    FROM pg_constraint k
   WHERE k.conrelid = c.oid
     -- Of a foreign key to a partitioned table each of the partitions there has one as well (addFkRecurseReferenced in tablecmds.c).
     AND NOT EXISTS (SELECT FROM pg_constraint above WHERE above.oid = k.conparentid AND above.conrelid = k.conrelid)
     AND (k.contype IN ('p', 'u', 'c', 'x', 'f')
      OR k.contype = 'n' AND (NOT k.convalidated OR k.connoinherit))`;

const INDEXES_SQL = `
  SELECT jsonb_agg(jsonb_build_object('name', ic.relname, 'definition', pg_get_indexdef(i.indexrelid), 'unique', i.indisunique,
           'comment', obj_description(ic.oid, 'pg_class')) ORDER BY ic.relname)
    FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
   WHERE i.indrelid = c.oid AND i.indisvalid
     AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x') AND k.conrelid = c.oid)`;

const SEQUENCES_SQL = `
  SELECT jsonb_agg(jsonb_build_object('schema', sn.nspname, 'name', s.relname, 'column', a.attname,
           'identity', CASE d.deptype WHEN 'i' THEN a.attidentity END, 'type', format_type(q.seqtypid, NULL), 'start', q.seqstart::text,
           'increment', q.seqincrement::text, 'min', q.seqmin::text, 'max', q.seqmax::text, 'cache', q.seqcache::text,
           'cycle', q.seqcycle, 'comment', obj_description(s.oid, 'pg_class'), 'grants', ${grantsSql('sequence')}) ORDER BY a.attnum, s.relname)
    FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_namespace sn ON sn.oid = s.relnamespace
    JOIN pg_sequence q ON q.seqrelid = s.oid JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
   WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype IN ('a', 'i')`;

/**
 * Of ordinary tables, unless other kinds are asked for. It opens each, as tableShapes(): only for tables that nobody holds an ACCESS EXCLUSIVE lock on, see
 * lockedTables().
 */
export async function tableDefinitions(
  session: Session,
  oids: readonly number[],
  kinds: readonly ('r' | 'p')[] = ['r'],
): Promise<TableDefinition[]> {
  return session.query<TableDefinition>(
    `SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name,
            pg_get_userbyid(c.relowner)::text AS owner, pg_get_userbyid(n.nspowner)::text AS "schemaOwner",
            ${grantsSql('schema')} AS "schemaGrants", coalesce(m.amname::text, 'heap') AS "accessMethod",
            coalesce(to_jsonb(c.reloptions), '[]')
              || coalesce((SELECT jsonb_agg('toast.' || o) FROM pg_class t, unnest(t.reloptions) o WHERE t.oid = c.reltoastrelid), '[]') AS options,
            c.reloftype <> 0 AS typed, CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS "partitionKey", c.relrowsecurity AS "rowSecurity",
            EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid OR h.inhparent = c.oid) AS inherits,
            c.relreplident::text AS identity,
            (SELECT ic.relname::text FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
              WHERE i.indrelid = c.oid AND i.indisreplident AND c.relreplident = 'i') AS "identityIndex",
            obj_description(c.oid, 'pg_class') AS comment, ${grantsSql('table')} AS grants,
            coalesce((${columnsSql(session)}), '[]') AS columns, coalesce((${CONSTRAINTS_SQL}), '[]') AS constraints,
            coalesce((${INDEXES_SQL}), '[]') AS indexes, coalesce((${SEQUENCES_SQL}), '[]') AS sequences
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am m ON m.oid = c.relam
      WHERE c.oid = ANY ($1::oid[]) AND c.relkind::text = ANY ($2::text[])
      ORDER BY 2, 3`,
    [oids, kinds],
  );
}
