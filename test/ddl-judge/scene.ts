import { type Client, escapeIdentifier } from 'pg';

/** What is there on the source right now, read by the judge itself: whoever makes up the next statement needs it. */
export interface Scene {
  readonly major: number;
  readonly schemas: readonly string[];
  readonly tables: readonly SceneTable[];
  readonly constraints: readonly { table: string; name: string; type: string; validated: boolean }[];
  readonly indexes: readonly SceneIndex[];
  readonly types: readonly { name: string; kind: 'e' | 'd' | 'c'; labels: readonly string[] }[];
  readonly views: readonly { name: string; kind: 'v' | 'm' }[];
  readonly functions: readonly { name: string; signature: string }[];
  readonly sequences: readonly string[];
}

export interface SceneTable {
  /** With its schema, quoted, as all names here. */
  readonly name: string;
  readonly schema: string;
  readonly bare: string;
  readonly owner: string;
  readonly partitioned: boolean;
  /** The partitioned table or the parent that it is under. */
  readonly parent: string | null;
  readonly identity: 'd' | 'f' | 'i' | 'n';
  readonly key: readonly string[] | null;
  readonly columns: readonly SceneColumn[];
}

export interface SceneColumn {
  readonly name: string;
  readonly type: string;
  /** pg_type.typname of the type, below domains. */
  readonly base: string;
  readonly labels: readonly string[] | null;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  /** The server fills it. */
  readonly computed: boolean;
  readonly inherited: boolean;
}

export interface SceneIndex {
  readonly name: string;
  readonly bare: string;
  readonly table: string;
  readonly unique: boolean;
  readonly plain: boolean;
  readonly ofConstraint: boolean;
  readonly columns: readonly string[];
}

/** Schemas whose objects are nobody's workload: the judge's own, and the product's, whose names begin so. */
export const NOT_JUDGED = `n.nspname !~ '^(pg_|acas|judge)' AND n.nspname <> 'information_schema'`;

const NAME = `quote_ident(n.nspname) || '.' || quote_ident(c.relname)`;

const COLUMNS = `SELECT json_agg(json_build_object('name', quote_ident(a.attname), 'type', format_type(a.atttypid, a.atttypmod),
    'base', b.typname, 'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = b.oid),
    'notNull', a.attnotnull, 'hasDefault', a.atthasdef, 'computed', a.attgenerated <> '' OR a.attidentity <> '',
    'inherited', a.attinhcount > 0) ORDER BY a.attnum)
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped`;

const TABLES = `SELECT json_agg(json_build_object('name', ${NAME}, 'schema', quote_ident(n.nspname), 'bare', quote_ident(c.relname),
    'owner', c.relowner::regrole::text, 'partitioned', c.relkind = 'p', 'parent', (SELECT i.inhparent::regclass::text FROM pg_inherits i WHERE i.inhrelid = c.oid LIMIT 1),
    'identity', c.relreplident, 'columns', (${COLUMNS}),
    'key', (SELECT json_agg(quote_ident(a.attname) ORDER BY k.at) FROM pg_constraint p, unnest(p.conkey) WITH ORDINALITY k (num, at)
      JOIN pg_attribute a ON a.attnum = k.num WHERE p.conrelid = c.oid AND p.contype = 'p' AND a.attrelid = c.oid))
    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C")
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND ${NOT_JUDGED}`;

const CONSTRAINTS = `SELECT json_agg(json_build_object('table', ${NAME}, 'name', quote_ident(o.conname), 'type', o.contype,
    'validated', o.convalidated) ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", o.conname COLLATE "C")
  FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE o.contype IN ('c', 'f', 'u', 'x', 'p') AND o.conparentid = 0 AND o.coninhcount = 0 AND ${NOT_JUDGED}`;

const INDEXES = `SELECT json_agg(json_build_object('name', ${NAME}, 'bare', quote_ident(c.relname),
    'table', (SELECT quote_ident(tn.nspname) || '.' || quote_ident(tc.relname) FROM pg_class tc JOIN pg_namespace tn ON tn.oid = tc.relnamespace WHERE tc.oid = i.indrelid),
    'unique', i.indisunique AND i.indimmediate, 'plain', i.indexprs IS NULL AND i.indpred IS NULL AND i.indnkeyatts = i.indnatts,
    'ofConstraint', EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x')) OR c.relkind = 'I' OR c.relispartition,
    'columns', coalesce((SELECT json_agg(quote_ident(a.attname)) FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])), '[]'))
    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C")
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${NOT_JUDGED}`;

const TYPES = `SELECT json_agg(json_build_object('name', quote_ident(n.nspname) || '.' || quote_ident(t.typname), 'kind', t.typtype,
    'labels', coalesce((SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid), '[]'))
    ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C")
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE t.typtype IN ('e', 'd', 'c') AND coalesce(c.relkind, 'c') = 'c' AND ${NOT_JUDGED}`;

const named = (
  kinds: string,
  more: string,
): string => `SELECT json_agg(${more} ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C")
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN (${kinds}) AND c.relpersistence <> 't' AND ${NOT_JUDGED}`;

const FUNCTIONS = `SELECT json_agg(json_build_object('name', quote_ident(n.nspname) || '.' || quote_ident(p.proname),
    'signature', quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')')
    ORDER BY n.nspname COLLATE "C", p.proname COLLATE "C", pg_get_function_identity_arguments(p.oid) COLLATE "C")
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype AND ${NOT_JUDGED}`;

const SCENE = `SELECT json_build_object(
  'schemas', (SELECT json_agg(quote_ident(n.nspname) ORDER BY n.nspname COLLATE "C") FROM pg_namespace n WHERE ${NOT_JUDGED}),
  'tables', coalesce((${TABLES}), '[]'), 'constraints', coalesce((${CONSTRAINTS}), '[]'), 'indexes', coalesce((${INDEXES}), '[]'),
  'types', coalesce((${TYPES}), '[]'), 'functions', coalesce((${FUNCTIONS}), '[]'),
  'views', coalesce((${named(`'v', 'm'`, `json_build_object('name', ${NAME}, 'kind', c.relkind)`)}), '[]'),
  'sequences', coalesce((${named(`'S'`, NAME)}), '[]')) AS scene`;

/**
 * The session's own uncommitted work included. Its search_path must be empty, so that all names come with their schema.
 * By name, so that the server plans it once a session: that takes as long as to carry it out.
 */
export async function readScene(client: Client, major: number): Promise<Scene> {
  const { rows } = await client.query<{ scene: Omit<Scene, 'major'> }>({ name: 'scene', text: SCENE });
  return { major, ...rows[0]!.scene };
}

const AWKWARD = ['', '', '', 'Mixed ', "it's ", 'say "hi" ', 'ü', '; DROP --', 'a.b ', '$$', '\\', '/* '];

/** Names for new things, each given once. */
export class Names {
  private given = 0;

  /** @param kind what it begins with, so that a report can be read */
  next(random: { pick<T>(items: readonly T[]): T }, kind: string): string {
    this.given += 1;
    return escapeIdentifier(`${random.pick(AWKWARD)}${kind}${this.given}`);
  }
}
