import type { Effects } from '../migration/verdict';
import { placeOf, type Statement, type Unit } from '../migration/statement';
import { refusedBy, type ScratchSession } from '../postgres/scratch-session';
import { filesOf, locksMeanwhile, withEffects } from './effects';
import type { Stage } from './stage';

/** What a statement was seen to do, and whether anything of it stands in the catalogs afterwards. */
export interface StatementRun {
  readonly effects: Effects;
  readonly defines: boolean;
}

export interface UnitRun {
  readonly statements: readonly StatementRun[];
  /** The statement that failed, and what the server said. */
  readonly failed: Failed | null;
}

export interface Failed {
  readonly statement: Statement;
  readonly said: string;
  readonly sqlState: string;
}

/** SQLSTATE active_sql_transaction. */
const NOT_IN_TRANSACTION = '25001';

/**
 * On the side of the source, with what each statement does beside. A unit of one statement is tried in a transaction first:
 * one that refuses it is run alone.
 */
export async function runWatched(
  unit: Unit,
  session: ScratchSession,
  onlooker: () => Promise<ScratchSession>,
): Promise<UnitRun> {
  const runs: StatementRun[] = [];
  const [only] = unit.statements;
  // It is of use in a transaction only, and is refused elsewhere.
  if (!unit.transaction && only!.node === 'LockStmt') return runAlone(only!, session, onlooker);
  await session.query('BEGIN');
  for (const statement of unit.statements) {
    try {
      const before = await stateBefore(statement, session);
      const effects = await withEffects(session, () => session.execute(statement.text));
      runs.push({ effects, defines: before !== (await stateBefore(statement, session)) });
    } catch (error) {
      const { sqlState, message } = refusedBy(error);
      await session.query('ROLLBACK');
      if (sqlState === NOT_IN_TRANSACTION && !unit.transaction) return runAlone(statement, session, onlooker);
      return { statements: runs, failed: { statement, said: message, sqlState } };
    }
  }
  return { statements: runs, failed: await committed(unit, session) };
}

/** What is deferred may fail at the end only. */
async function committed(unit: Unit, session: ScratchSession): Promise<UnitRun['failed']> {
  try {
    await session.query('COMMIT');
    return null;
  } catch (error) {
    const { message, sqlState } = refusedBy(error);
    return { statement: unit.statements.at(-1)!, said: message, sqlState };
  }
}

async function runAlone(
  statement: Statement,
  session: ScratchSession,
  onlooker: () => Promise<ScratchSession>,
): Promise<UnitRun> {
  const files = await filesOf(session);
  const before = await stateBefore(statement, session);
  try {
    const watching = await onlooker();
    const locks = await locksMeanwhile(session, watching, () => session.execute(statement.text)).finally(() =>
      watching.close(),
    );
    const after = await filesOf(session);
    const rewrites = [...files]
      .filter(([table, node]) => after.has(table) && after.get(table) !== node)
      .map(([table]) => table);
    const effects = { rewrites, scans: [], locks, outsideTransaction: true };
    return { statements: [{ effects, defines: before !== (await stateBefore(statement, session)) }], failed: null };
  } catch (error) {
    const { message, sqlState } = refusedBy(error);
    return { statements: [], failed: { statement, said: message, sqlState } };
  }
}

/** As `psql -f` would. @returns what failed, with its place */
export async function runPlainly(
  unit: Pick<Unit, 'transaction'>,
  statements: readonly Statement[],
  session: ScratchSession,
): Promise<string | null> {
  if (unit.transaction) await session.query('BEGIN');
  for (const statement of statements) {
    try {
      await session.execute(statement.text);
    } catch (error) {
      const { message } = refusedBy(error);
      if (unit.transaction) await session.query('ROLLBACK');
      return statements.length > 1 ? `${placeOf(statement)}: ${message}` : message;
    }
  }
  if (!unit.transaction) return null;
  try {
    await session.query('COMMIT');
    return null;
  } catch (error) {
    return refusedBy(error).message;
  }
}

/** Statements of the session, on both sides: what follows rests on them. */
export async function enter({ source, clone }: Stage, prelude: readonly Statement[]): Promise<void> {
  for (const statement of prelude) {
    await source.execute(statement.text);
    await clone.execute(statement.text).catch(() => undefined);
  }
}

/** Asked of what only running it tells. */
async function stateBefore({ nature }: Statement, session: ScratchSession): Promise<string> {
  return nature === 'either' ? catalogState(session) : '';
}

/** Another text where anything is defined otherwise. Where rows lie, and what VACUUM counts, is left out. */
async function catalogState(session: ScratchSession): Promise<string> {
  const [row] = await session.query<{ state: string }>(CATALOG_STATE_SQL);
  return row!.state;
}

const CATALOG_STATE_SQL = `
  SELECT md5(string_agg(part, '|')) AS state FROM (
    SELECT 'class ' || string_agg(ROW(relname, relnamespace, relowner, relkind, relpersistence, relreplident, relispartition,
             relrowsecurity, relforcerowsecurity, reloptions, relacl, relam, relnatts)::text, ',' ORDER BY relname, relnamespace) AS part
      FROM pg_class WHERE oid >= 16384 AND relkind <> 't' AND relnamespace <> 'pg_toast'::regnamespace AND relpersistence <> 't'
    UNION ALL SELECT 'attribute ' || string_agg(ROW(c.relname, attname, atttypid, atttypmod, attnum, attnotnull, atthasdef, attidentity,
             attgenerated, attisdropped, attacl, attoptions, attcollation, attstorage)::text, ',' ORDER BY c.relname, c.relnamespace, attnum)
      FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
     WHERE attrelid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND c.relpersistence <> 't'
    UNION ALL SELECT 'constraint ' || string_agg(ROW(conname, conrelid, contypid, contype, convalidated, condeferrable, pg_get_constraintdef(oid))::text, ',' ORDER BY conname, conrelid, contypid)
      FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT 'default ' || string_agg(pg_get_expr(adbin, adrelid), ',' ORDER BY adrelid, adnum) FROM pg_attrdef
    UNION ALL SELECT 'index ' || string_agg(ROW(pg_get_indexdef(indexrelid), indisvalid, indisreplident)::text, ',' ORDER BY pg_get_indexdef(indexrelid))
      FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE indrelid >= 16384 AND c.relkind <> 't'
    UNION ALL SELECT 'function ' || string_agg(p::text, ',' ORDER BY p.oid) FROM pg_proc p WHERE p.oid >= 16384
    UNION ALL SELECT 'type ' || string_agg(ROW(typname, typnamespace, typowner, typnotnull, typdefault, typacl, typtype)::text, ',' ORDER BY typname, typnamespace)
      FROM pg_type WHERE oid >= 16384 AND typname NOT LIKE '\\_pg_temp%'
    UNION ALL SELECT 'enum ' || string_agg(ROW(enumtypid, enumlabel, enumsortorder)::text, ',' ORDER BY enumtypid, enumsortorder) FROM pg_enum
    UNION ALL SELECT 'trigger ' || string_agg(ROW(tgname, tgrelid, tgenabled, pg_get_triggerdef(oid))::text, ',' ORDER BY tgrelid, tgname)
      FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'rule ' || string_agg(ROW(rulename, ev_class, ev_enabled, pg_get_ruledef(oid))::text, ',' ORDER BY ev_class, rulename)
      FROM pg_rewrite WHERE oid >= 16384
    UNION ALL SELECT 'policy ' || string_agg(p::text, ',' ORDER BY p.oid) FROM pg_policy p
    UNION ALL SELECT 'schema ' || string_agg(ROW(nspname, nspowner, nspacl)::text, ',' ORDER BY nspname)
      FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_t%temp%'
    UNION ALL SELECT 'sequence ' || string_agg(s::text, ',' ORDER BY seqrelid) FROM pg_sequence s
    UNION ALL SELECT 'comment ' || count(*)::text || coalesce(string_agg(md5(description), ',' ORDER BY objoid, classoid, objsubid) FILTER (WHERE objoid >= 16384), '') FROM pg_description
    UNION ALL SELECT 'role ' || string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles
    UNION ALL SELECT 'extension ' || string_agg(ROW(extname, extversion)::text, ',' ORDER BY extname) FROM pg_extension
    UNION ALL SELECT 'inherits ' || string_agg(ROW(inhrelid, inhparent)::text, ',' ORDER BY inhrelid, inhparent) FROM pg_inherits) x`;
