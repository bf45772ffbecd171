import { shellWord } from '../../errors/shell-word';
import { dollarQuote } from '../postgres/text/dollar-quote';
import { quoteLiteral } from '../postgres/text/quoting';
import type { Statement } from './statement';
import type { JudgedUnit, Side } from './verdict';

/** One thing to do, in the order of the list. */
export interface Step {
  readonly side: Side;
  /** As it stands in the file, or is to be run beside; a transaction with its BEGIN and COMMIT. */
  readonly sql: readonly string[];
  /** In place of SQL: what is run in a shell, and sees to both sides. */
  readonly command: string | null;
  /** What has to be so before. */
  readonly after: 'in-sync' | 'at-once' | null;
}

/** Whose clone the steps are for. */
export interface StepsFor {
  /** As SQL names it. */
  readonly subscription: string;
  /** Of sql-runner, which brings to its clone what is new: it lets the copy read, and compares it. Null: a clone of others. */
  readonly environment: string | null;
  /** DDL of the source comes by itself there: what is done on the clone by hand as well stops it. */
  readonly carried: boolean;
}

/** What was tried, as what is to be run on which side. Null: there is no order for one of them. */
export function stepsOf(judged: readonly JudgedUnit[], target: StepsFor): readonly Step[] | null {
  if (target.carried || judged.some(({ verdict }) => verdict.order === null)) return null;
  return judged.flatMap((unit) => stepsOfUnit(unit, target));
}

export function stepsOfUnit(
  { unit, verdict, forClone }: JudgedUnit,
  { subscription, environment }: StepsFor,
): readonly Step[] {
  const onSource: Step = { side: 'source', sql: sqlOf(unit.statements, unit.transaction), command: null, after: null };
  const sql = verdict.grants.map(({ role }) => actAsSql(role, subscription));
  const made = verdict.grants.some((grant) => grant.made);
  const definitions = sqlOf(forClone, unit.transaction);
  const onClone: Step = {
    side: 'clone',
    sql: made ? [...definitions, ...sql] : [...sql, ...definitions],
    command: null,
    after: null,
  };
  const refresh: Step =
    environment === null
      ? {
          side: 'clone',
          sql: [`ALTER SUBSCRIPTION ${subscription} REFRESH PUBLICATION WITH (copy_data = true)`],
          command: null,
          after: null,
        }
      : { side: 'clone', sql: [], command: `sql-runner apply ${shellWord(environment)}`, after: null };
  const steps = {
    source: [onSource],
    'source-clone': [onSource, { ...onClone, after: 'in-sync' as const }],
    'clone-source': [onClone, onSource],
    'source-stops-clone': [onSource, { ...onClone, after: 'at-once' as const }],
  }[verdict.order ?? 'source'];
  return verdict.refresh ? [...steps, refresh] : steps;
}

/**
 * Who owns the subscription, only the clone tells. From 16 on the worker becomes the owner of the table, before it needs what
 * that one may; a superuser does all of it already. The catalog has the subscriptions of every database.
 * @param subscription as SQL names it
 */
const actAsSql = (role: string, subscription: string): string => {
  const [name, whom] = [quoteLiteral(subscription), quoteLiteral(role)];
  const body = `DECLARE worker name; BEGIN
  SELECT pg_get_userbyid(subowner) INTO STRICT worker FROM pg_subscription
    WHERE subname = (parse_ident(${name}))[1] AND subdbid =
      (SELECT oid FROM pg_database WHERE datname = current_database());
  IF NOT pg_has_role(worker, ${whom}, CASE WHEN
    current_setting('server_version_num')::int < 160000 THEN 'USAGE' ELSE 'SET' END)
  THEN EXECUTE format('GRANT %I TO %I', ${whom}, worker); END IF;
END`;
  return `DO ${dollarQuote(body)}`;
};

function sqlOf(statements: readonly Statement[], transaction: boolean): readonly string[] {
  const texts = statements.map(({ text }) => text);
  return transaction && texts.length > 1 ? ['BEGIN', ...texts, 'COMMIT'] : texts;
}
