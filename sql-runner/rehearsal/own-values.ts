import { displayedSql } from '../postgres/text/quoting';
import type { ScratchSession } from '../postgres/scratch-session';

/**
 * Rows get the default of a column that is added. Unless its expression is immutable each side computes values of its own,
 * however alike they come out on two servers of one machine within one second: current_date, a role, a setting.
 * An event trigger looks right after each ALTER TABLE, in functions and DO as well, before another one hides the default.
 *
 * What is immutable is asked of the server: it takes nothing else for a generated column (SQLSTATE 42P17). What it evaluated
 * as it read the statement, such as date 'today', is a constant by then. Where rows have something else than the default,
 * another one was in force for them, as in ADD COLUMN a … DEFAULT x, ALTER COLUMN a SET DEFAULT y.
 */
const LOOK_SQL = `
CREATE TABLE sql_runner_ddl_check.known (relid oid, attnum int2, PRIMARY KEY (relid, attnum));
CREATE TABLE sql_runner_ddl_check.own_values (relid oid, attname text, words text);
CREATE FUNCTION sql_runner_ddl_check.look() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $look$
DECLARE col record; words text; differ boolean;
BEGIN
  FOR col IN
    SELECT a.attrelid, a.attnum, a.attname, c.relkind, format_type(a.atttypid, a.atttypmod) AS type,
           coalesce(pg_get_expr(d.adbin, d.adrelid), pg_get_expr(y.typdefaultbin, 0), 'NULL') AS expr,
           b.typcategory = 'D' AS datetime
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type y ON y.oid = a.atttypid
      JOIN pg_type b ON b.oid = CASE WHEN y.typcategory = 'A' THEN y.typelem ELSE y.oid END
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
       AND EXISTS (SELECT FROM sql_runner_ddl_check.known k WHERE k.relid = a.attrelid)
       AND NOT EXISTS (SELECT FROM sql_runner_ddl_check.known k WHERE k.relid = a.attrelid AND k.attnum = a.attnum)
  LOOP
    words := NULL;
    BEGIN
      EXECUTE format('CREATE TEMP TABLE sql_runner_ddl_check_try (c %s GENERATED ALWAYS AS (%s) STORED)', col.type, col.expr);
      IF col.datetime AND current_query() ~* '''\\s*(now|today|tomorrow|yesterday)\\y' THEN
        words := 'a word such as today';
      ELSIF col.relkind = 'r' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM ONLY %s WHERE %I::text IS DISTINCT FROM (%s)::%s::text)',
                       col.attrelid::regclass, col.attname, col.expr, col.type) INTO differ;
        IF differ THEN words := 'another default than it has in the end'; END IF;
      END IF;
      RAISE EXCEPTION USING ERRCODE = 'UNDO1';
    EXCEPTION
      WHEN SQLSTATE 'UNDO1' THEN NULL;
      WHEN OTHERS THEN words := col.expr;
    END;
    IF words IS NOT NULL THEN
      INSERT INTO sql_runner_ddl_check.own_values VALUES (col.attrelid, col.attname, words);
    END IF;
    INSERT INTO sql_runner_ddl_check.known VALUES (col.attrelid, col.attnum);
  END LOOP;
END $look$;
CREATE EVENT TRIGGER sql_runner_ddl_check_look ON ddl_command_end WHEN TAG IN ('ALTER TABLE')
  EXECUTE FUNCTION sql_runner_ddl_check.look();
ALTER EVENT TRIGGER sql_runner_ddl_check_look ENABLE ALWAYS`;

/** Once, beside the publication. */
export async function lookAtDefaults(session: ScratchSession): Promise<void> {
  await session.execute(LOOK_SQL);
}

/** From now on: columns that come to the tables that are there. */
export async function lookAnew(session: ScratchSession): Promise<void> {
  await session.execute(
    `TRUNCATE sql_runner_ddl_check.known, sql_runner_ddl_check.own_values;
     INSERT INTO sql_runner_ddl_check.known
     SELECT a.attrelid, a.attnum FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384`,
  );
}

/** @param sent tables that replicate @returns columns that each side has filled for itself, with what with */
export async function ownValues(session: ScratchSession, sent: readonly number[]): Promise<readonly string[]> {
  const rows = await session.query<{ table: string; column: string; words: string }>(
    `SELECT ${displayedSql()} AS "table", o.attname AS "column", o.words
       FROM sql_runner_ddl_check.own_values o JOIN pg_class c ON c.oid = o.relid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = ANY ($1::oid[]) ORDER BY 1, 2`,
    [sent],
  );
  return rows.map(({ table, column, words }) => `${table}: rows get ${column} of ${words}`);
}
