import type { Client } from 'pg';
import { NOT_JUDGED } from './scene';

/** Without what the role of replication was granted: that is between the product and its copies. */
const acl = (
  list: string,
  kind: string,
  owner: string,
): string => `(SELECT string_agg(coalesce(g.rolname, 'PUBLIC') || '='
    || x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END || '/' || x.grantor::regrole, ',' ORDER BY coalesce(g.rolname, ''), x.privilege_type, x.grantor)
  FROM aclexplode(coalesce(${list}, acldefault(${kind}, ${owner}))) x LEFT JOIN pg_roles g ON g.oid = x.grantee
  WHERE coalesce(g.rolname, '') <> ALL ($1))`;

const comment = (oid: string, catalog: string, sub = '0'): string =>
  `(SELECT d.description FROM pg_description d WHERE d.objoid = ${oid} AND d.classoid = '${catalog}'::regclass AND d.objsubid = ${sub})`;

const line = (kind: string, name: string, what: readonly string[], from: string): string =>
  `SELECT '${kind}' AS kind, ${name} AS name, json_build_array(${what.join(', ')})::text AS what ${from}`;

const REL = `quote_ident(n.nspname) || '.' || quote_ident(c.relname)`;
const OF_REL = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${NOT_JUDGED} AND c.relpersistence <> 't'`;

/** One line an object. What a version lacks is NULL there: to_jsonb instead of the column's name. */
const LINES: readonly string[] = [
  line(
    'schema',
    'n.nspname',
    ['n.nspowner::regrole::text', acl('n.nspacl', `'n'`, 'n.nspowner'), comment('n.oid', 'pg_namespace')],
    `FROM pg_namespace n WHERE ${NOT_JUDGED}`,
  ),
  line(
    'relation',
    REL,
    [
      'c.relkind',
      'c.relpersistence',
      'c.relowner::regrole::text',
      acl('c.relacl', `CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END`, 'c.relowner'),
      '(SELECT array_agg(o ORDER BY o) FROM unnest(c.reloptions) o)',
      'c.relreplident',
      'c.relrowsecurity',
      'c.relforcerowsecurity',
      'pg_get_expr(c.relpartbound, c.oid)',
      'pg_get_partkeydef(c.oid)',
      'c.reltablespace',
      '(SELECT amname FROM pg_am WHERE oid = c.relam)',
      `(SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid AND c.relkind IN ('r', 'p', 'f'))`,
      'nullif(c.reloftype, 0)::regtype::text',
      comment('c.oid', 'pg_class'),
    ],
    `${OF_REL} AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')`,
  ),
  line(
    'column',
    `${REL} || '.' || a.attname`,
    [
      'row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum)',
      'format_type(a.atttypid, a.atttypmod)',
      'a.attnotnull',
      'pg_get_expr(d.adbin, d.adrelid)',
      'a.attidentity',
      'a.attgenerated',
      'a.attstorage',
      `to_jsonb(a) ->> 'attcompression'`,
      `coalesce(a.attstattarget, -1)`,
      'nullif(a.attcollation, 0)::regcollation::text',
      'a.attoptions',
      'a.attinhcount',
      'a.attislocal',
      `CASE WHEN a.attacl IS NULL THEN NULL ELSE ${acl('a.attacl', `'c'`, 'c.relowner')} END`,
      comment('c.oid', 'pg_class', 'a.attnum'),
    ],
    `${OF_REL} AND c.relkind IN ('r', 'p', 'v', 'm', 'c', 'f') JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum`,
  ),
  line(
    'constraint',
    `${REL} || '.' || o.conname`,
    [
      'pg_get_constraintdef(o.oid)',
      'o.convalidated',
      'o.condeferrable',
      'o.condeferred',
      'o.conislocal',
      'o.coninhcount',
      'o.connoinherit',
      comment('o.oid', 'pg_constraint'),
    ],
    `${OF_REL} JOIN pg_constraint o ON o.conrelid = c.oid`,
  ),
  line(
    'index',
    REL,
    [
      'pg_get_indexdef(i.indexrelid)',
      'i.indisvalid',
      'i.indisreplident',
      'i.indisclustered',
      'i.indisprimary',
      '(SELECT array_agg(o ORDER BY o) FROM unnest(c.reloptions) o)',
      comment('c.oid', 'pg_class'),
    ],
    `${OF_REL} JOIN pg_index i ON i.indexrelid = c.oid`,
  ),
  line(
    'sequence',
    REL,
    [
      's.seqtypid::regtype::text',
      's.seqstart',
      's.seqincrement',
      's.seqmax',
      's.seqmin',
      's.seqcache',
      's.seqcycle',
      `(SELECT string_agg(d.refobjid::regclass::text || '.' || a.attname || d.deptype::text, ',') FROM pg_depend d
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))`,
    ],
    `${OF_REL} JOIN pg_sequence s ON s.seqrelid = c.oid`,
  ),
  line(
    'type',
    `quote_ident(n.nspname) || '.' || quote_ident(t.typname)`,
    [
      't.typtype',
      't.typowner::regrole::text',
      acl('t.typacl', `'T'`, 't.typowner'),
      't.typnotnull',
      't.typdefault',
      'format_type(t.typbasetype, t.typtypmod)',
      '(SELECT array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)',
      `(SELECT string_agg(o.conname || ' ' || pg_get_constraintdef(o.oid) || o.convalidated, ',' ORDER BY o.conname) FROM pg_constraint o WHERE o.contypid = t.oid)`,
      '(SELECT r.rngsubtype::regtype::text FROM pg_range r WHERE r.rngtypid = t.oid)',
      comment('t.oid', 'pg_type'),
    ],
    `FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace AND ${NOT_JUDGED} LEFT JOIN pg_class c ON c.oid = t.typrelid
     WHERE t.typcategory <> 'A' AND coalesce(c.relkind, 'c') = 'c'`,
  ),
  line(
    'function',
    `p.oid::regprocedure::text`,
    [
      'p.proowner::regrole::text',
      acl('p.proacl', `'f'`, 'p.proowner'),
      `CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END`,
      comment('p.oid', 'pg_proc'),
    ],
    `FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND ${NOT_JUDGED}`,
  ),
  line(
    'view',
    REL,
    ['pg_get_viewdef(c.oid)', `c.relkind = 'm' AND c.relispopulated`],
    `${OF_REL} AND c.relkind IN ('v', 'm')`,
  ),
  line(
    'rule',
    `${REL} || '.' || r.rulename`,
    ['pg_get_ruledef(r.oid)', 'r.ev_enabled'],
    `${OF_REL} JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN'`,
  ),
  line(
    'trigger',
    `${REL} || '.' || t.tgname`,
    ['pg_get_triggerdef(t.oid)', 't.tgenabled'],
    `${OF_REL} JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal`,
  ),
  line(
    'policy',
    `${REL} || '.' || p.polname`,
    ['p.polcmd', 'pg_get_expr(p.polqual, c.oid)', 'pg_get_expr(p.polwithcheck, c.oid)'],
    `${OF_REL} JOIN pg_policy p ON p.polrelid = c.oid`,
  ),
  line(
    'statistics',
    `quote_ident(n.nspname) || '.' || s.stxname`,
    ['pg_get_statisticsobjdef(s.oid)', 's.stxowner::regrole::text'],
    `FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace AND ${NOT_JUDGED}`,
  ),
  line(
    'default privileges',
    `n.nspname || ' ' || a.defaclobjtype::text`,
    ['a.defaclrole::regrole::text', acl('a.defaclacl', `'r'`, 'a.defaclrole')],
    `FROM pg_default_acl a JOIN pg_namespace n ON n.oid = a.defaclnamespace AND ${NOT_JUDGED}`,
  ),
  line(
    'collation',
    `quote_ident(n.nspname) || '.' || c.collname`,
    ['c.collcollate', 'c.collprovider', 'c.collowner::regrole::text'],
    `FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace AND ${NOT_JUDGED}`,
  ),
];

/**
 * Every definition of the workload's objects: one line each, in an order that both sides have.
 *
 * @param client of a superuser, with an empty search_path
 * @param strangers roles whose rights are nobody's matter
 */
export async function schemaImage(client: Client, strangers: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ kind: string; name: string; what: string }>({
    name: 'schema',
    text: LINES.join('\nUNION ALL\n'),
    values: [strangers],
  });
  return new Map(rows.map(({ kind, name, what }) => [`${kind} ${name}`, what]));
}

/** What one side has otherwise, in words. */
export function schemaDifferences(source: ReadonlyMap<string, string>, clone: ReadonlyMap<string, string>): string[] {
  const keys = [...new Set([...source.keys(), ...clone.keys()])].sort();
  return keys
    .filter((key) => source.get(key) !== clone.get(key))
    .map((key) => `${key}: source ${source.get(key) ?? 'has none'}, clone ${clone.get(key) ?? 'has none'}`);
}
