import { namesInBody } from '../text/body-names';
import { displayQualified, quoteIdent, quoteQualified } from '../text/quoting';
import type { Session } from '../session';
import { functionUses, type FunctionUse } from './apply-functions';

/** What is known of how a function fares in an apply worker, whose search_path is empty. */
export interface JudgedFunction {
  readonly signature: string;
  /** `fails`: the server said that it does not find a name. `untried`: no row to try it on, or it may have effects. */
  readonly trial: 'fails' | 'passes' | 'untried';
  /** The server's message; null unless it failed. */
  readonly error: string | null;
  /** Schemas with which it worked, or in which the names are that its text leaves open. */
  readonly path: readonly string[];
  /** Names in its text that are in no system schema: `public.strip_marks`. */
  readonly openNames: readonly string[];
  readonly uses: readonly FunctionUse[];
}

/** Names that are not there: undefined function or operator, table, object. */
const NOT_FOUND = ['42883', '42P01', '42704'];
const TABLES_TO_TRY = 3;

/**
 * Judges every function that rows on their way into tables are handed to. What can have no effects is tried on a
 * few rows of those tables, read-only and with the worker's search_path. The text of the rest is looked at.
 */
export async function judgedFunctions(
  session: Session,
): Promise<{ functions: JudgedFunction[]; deniedFunctions: FunctionUse[] }> {
  const found = await functionUses(session);
  const uses = found.filter(({ looksUp }) => looksUp);
  const judged: JudgedFunction[] = [];
  for (const oid of new Set(uses.map(({ functionOid }) => functionOid))) {
    const own = uses.filter(({ functionOid }) => functionOid === oid);
    judged.push(await judge(session, own, harmlessUses(own, uses)));
  }
  return {
    functions: judged.filter(({ trial, openNames }) => trial === 'fails' || openNames.length > 0),
    deniedFunctions: session.serverVersionNum < 160000 ? [] : found.filter(({ ownerMayExecute }) => !ownerMayExecute),
  };
}

/** Expressions without a volatile function: those whose evaluation changes nothing. */
function harmlessUses(own: readonly FunctionUse[], all: readonly FunctionUse[]): FunctionUse[] {
  const unsafe = new Set(all.filter(({ volatile }) => volatile).map(({ objectOid }) => objectOid));
  const safe = own.filter(({ kind, objectOid }) => kind !== 'trigger' && kind !== 'default' && !unsafe.has(objectOid));
  const byTable = new Map(safe.map((use) => [use.tableOid, use]));
  return [...byTable.values()].slice(0, TABLES_TO_TRY);
}

async function judge(
  session: Session,
  uses: readonly FunctionUse[],
  harmless: readonly FunctionUse[],
): Promise<JudgedFunction> {
  const [{ signature, body, functionSchema, language }] = uses as [FunctionUse];
  const open = language === 'sql' || language === 'plpgsql' ? await openNames(session, body) : [];
  const path = [...new Set([functionSchema, ...open.map(({ schema }) => schema)])];
  let trial: JudgedFunction['trial'] = 'untried';
  for (const use of harmless) {
    const outcome = await attempt(session, use, []);
    if (outcome.missing !== null) {
      const cured = await attempt(session, use, path);
      const works = cured.missing === null ? path : [...new Set([...path, 'public'])];
      return { signature, uses, trial: 'fails', error: outcome.missing, path: works, openNames: open.map(shown) };
    }
    if (outcome.rows > 0) trial = 'passes';
  }
  // SQL is parsed as a whole when it runs, so that a run proves every name; PL/pgSQL line by line.
  const left = trial === 'passes' && language === 'sql' ? [] : open.map(shown);
  return { signature, uses, trial, error: null, path, openNames: left };
}

const shown = (name: OpenName): string => displayQualified(name);

interface Outcome {
  /** The server's message that a name is not there. */
  readonly missing: string | null;
  readonly rows: number;
}

/** Evaluates the expression on a few rows. Whatever else goes wrong, a lock or a timeout, proves nothing. */
async function attempt(session: Session, use: FunctionUse, path: readonly string[]): Promise<Outcome> {
  try {
    return await session.transaction(
      async () => {
        await session.query(`SET LOCAL statement_timeout = '2s'`);
        await session.query(`SET LOCAL lock_timeout = '200ms'`);
        const expressions = await expressionsOf(session, use);
        await session.query(
          path.length === 0
            ? `SET LOCAL search_path = ''`
            : `SET LOCAL search_path = ${path.map(quoteIdent).join(', ')}`,
        );
        let rows = 0;
        for (const expression of expressions) rows = Math.max(rows, await evaluate(session, use, expression));
        return { missing: null, rows };
      },
      { readOnly: true },
    );
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    return { missing: code !== undefined && NOT_FOUND.includes(code) ? message : null, rows: 0 };
  }
}

async function evaluate(session: Session, use: FunctionUse, expression: string): Promise<number> {
  const table = quoteQualified({ schema: use.schema, name: use.table });
  // The whole row is asked for: a column that nobody reads is not computed. The expression is the server's own text.
  const [row] = await session.query<{ rows: number }>(
    // eslint-disable-next-line local/safe-sql
    `SELECT count(s)::int AS rows FROM (SELECT ${expression} FROM ONLY ${table} LIMIT 20) AS s`,
  );
  return row!.rows;
}

/** As the server writes it with nothing but pg_catalog in its search_path: every other name with its schema. */
async function expressionsOf(session: Session, use: FunctionUse): Promise<string[]> {
  const rows = await session.query<{ text: string | null }>(EXPRESSION[use.kind], [
    use.objectOid,
    ...(use.kind === 'domain' ? [use.tableOid, use.object] : []),
  ]);
  return rows.flatMap(({ text }) => text ?? []);
}

const EXPRESSION: Readonly<Record<FunctionUse['kind'], string>> = {
  index: `SELECT unnest(ARRAY[pg_get_expr(indexprs, indrelid), pg_get_expr(indpred, indrelid)]) AS text
            FROM pg_index WHERE indexrelid = $1`,
  constraint: `SELECT pg_get_expr(conbin, conrelid) AS text FROM pg_constraint WHERE oid = $1`,
  'generated column': `SELECT pg_get_expr(adbin, adrelid) AS text FROM pg_attrdef WHERE oid = $1`,
  default: `SELECT NULL AS text WHERE $1::oid IS NULL`,
  domain: `SELECT format('%I::text::%s', a.attname, format_type(a.atttypid, a.atttypmod)) AS text
             FROM pg_attribute a WHERE $1::oid IS NOT NULL AND a.attrelid = $2 AND a.attname = $3`,
  'partition key': `SELECT pg_get_expr(partexprs, partrelid) AS text FROM pg_partitioned_table WHERE partrelid = $1`,
  trigger: `SELECT NULL AS text WHERE $1::oid IS NULL`,
};

interface OpenName {
  readonly schema: string;
  readonly name: string;
}

/** Names of the text that are in some schema, and in no system schema. */
async function openNames(session: Session, body: string): Promise<OpenName[]> {
  const { functions, relations, types } = namesInBody(body);
  return session.query<OpenName>(
    `WITH named AS (
       SELECT 'f' AS kind, proname AS name, pronamespace AS namespace FROM pg_proc WHERE proname = ANY ($1::name[])
       UNION SELECT 'r', relname, relnamespace FROM pg_class
              WHERE relname = ANY ($2::name[]) AND relkind IN ('r', 'p', 'v', 'm', 'f')
       UNION SELECT 't', typname, typnamespace FROM pg_type WHERE typname = ANY ($3::name[]))
     SELECT n.nspname::text AS schema, o.name::text AS name
       FROM named o JOIN pg_namespace n ON n.oid = o.namespace
      WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
        AND NOT EXISTS (SELECT FROM named s WHERE s.kind = o.kind AND s.name = o.name
                                              AND s.namespace = 'pg_catalog'::regnamespace)
      GROUP BY 1, 2 ORDER BY 1, 2`,
    [functions, relations, types],
  );
}
