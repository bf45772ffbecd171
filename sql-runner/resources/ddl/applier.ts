import type { Statement } from '../../model/change';
import { formatMark } from '../../model/mark';
import { quoteIdent, quoteInteger, quoteLiteral } from '../../postgres/text/quoting';
import { computing } from './defaults-functions';
import { effects } from './effects-functions';
import { judging } from './judge-function';
import { KEPT_DAYS } from './log-table';
import { madeTriggers } from './recorder';

/** How an error of ours begins, in the log of the clone's server. */
const STOPPED = 'sql-runner: the stream stops before statement';

/**
 * What carries statements out on the clone, in the transaction of the apply worker and at their place in it.
 *
 * - They run as the role that ran them on the source, in a function of that role with SECURITY DEFINER: there nobody can
 *   become another role again (miscinit.c, SetUserIdAndSecContext; SET ROLE is refused in such a function), as the
 *   session is one of the subscription's owner.
 * - What they did is noted by event triggers for replica sessions, and has to be what they did on the source.
 * - Where it stops, `stopped` says so: a sequence keeps that although the transaction is rolled back.
 */
export function applierStatements(schema: string, environment: string): Statement[] {
  const s = quoteIdent(schema);
  const mark = quoteLiteral(formatMark({ kind: 'ddl', environment }));
  return [
    { text: `CREATE SEQUENCE ${s}.stopped MINVALUE 0 START 0` },
    {
      text: `CREATE TABLE ${s}.outcome (number bigint PRIMARY KEY, outcome text NOT NULL, detail text, at timestamptz NOT NULL)`,
    },
    {
      text: `CREATE TABLE ${s}.decision (number bigint PRIMARY KEY, decision text NOT NULL, at timestamptz NOT NULL, login text NOT NULL)`,
    },
    {
      text: `CREATE TABLE ${s}.seen (place bigint GENERATED ALWAYS AS IDENTITY, event text NOT NULL, facts jsonb NOT NULL)`,
    },
    ...['outcome', 'decision', 'seen'].map((table) => ({
      text: `COMMENT ON TABLE ${s}.${quoteIdent(table)} IS ${mark}`,
    })),
    ...judging(schema),
    ...effects(schema),
    ...computing(schema),
    {
      text: `CREATE FUNCTION ${s}.see() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $see$
BEGIN
  INSERT INTO ${s}.seen (event, facts) VALUES (TG_EVENT, ${s}.facts(TG_EVENT));
END $see$`,
    },
    runFunction(schema),
    applyFunction(schema),
    { text: `REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${s} FROM PUBLIC` },
    {
      text: `CREATE TRIGGER apply AFTER INSERT ON ${s}.log FOR EACH ROW WHEN (NEW.event = 'ddl_command_end') EXECUTE FUNCTION ${s}.apply()`,
    },
    { text: `ALTER TABLE ${s}.log ENABLE REPLICA TRIGGER apply` },
  ];
}

/**
 * Runs one statement as a role and gives back what the event triggers saw, and what else it did. What is set before it ends with it. The function
 * of the role goes again at once: its owner could have it do something else.
 */
function runFunction(schema: string): Statement {
  const s = quoteIdent(schema);
  return {
    text: `CREATE FUNCTION ${s}.run(part text, role text, settings jsonb, rights boolean) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $run$
DECLARE
  one record; before jsonb; seen jsonb; missing jsonb; tables jsonb; lacked text[]; after jsonb; lacks text[]; types jsonb; own_cast text; computed jsonb;
BEGIN
  EXECUTE 'CREATE FUNCTION ${s}.as_role(part text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $as$ BEGIN EXECUTE part; END $as$';
  IF role <> current_user THEN
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA ${s} TO %I', role);
    EXECUTE format('ALTER FUNCTION ${s}.as_role(text) OWNER TO %I', role);
    EXECUTE format('REVOKE CREATE ON SCHEMA ${s} FROM %I', role);
  END IF;
  SELECT jsonb_object_agg(p.name, p.setting) INTO before FROM pg_settings p WHERE settings ? p.name AND p.name <> 'search_path';
  FOR one IN SELECT key, value FROM jsonb_each_text(settings) WHERE before ? key LOOP
    PERFORM set_config(one.key, one.value, true);
  END LOOP;
  DELETE FROM ${s}.seen;
  IF rights THEN lacked := ${s}.lacking(); END IF;
  IF part ~* '\\mtype\\M' THEN types := ${s}.types(); END IF;
  tables := ${s}.tables();
  PERFORM set_config('search_path', settings ->> 'search_path', true);
  PERFORM ${s}.as_role(part);
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  after := ${s}.tables();
  IF types IS NOT NULL THEN own_cast := ${s}.own_cast(types, ${s}.types()); END IF;
  IF rights THEN lacks := ${s}.lacking(); END IF;
  SELECT jsonb_agg(jsonb_build_array(x.event, x.facts -> 'same') ORDER BY x.place),
         jsonb_agg(x.facts -> 'missing' ORDER BY x.place DESC) FILTER (WHERE x.event = 'ddl_command_end') -> 0
    INTO seen, missing FROM ${s}.seen x;
  computed := ${s}.computed(tables, after, coalesce(missing, '[]'));
  FOR one IN SELECT key, value FROM jsonb_each_text(before) LOOP
    PERFORM set_config(one.key, one.value, true);
  END LOOP;
  EXECUTE 'DROP FUNCTION ${s}.as_role(text)';
  IF role <> current_user THEN EXECUTE format('REVOKE ALL ON SCHEMA ${s} FROM %I', role); END IF;
  DELETE FROM ${s}.seen;
  RETURN jsonb_build_object('seen', seen, 'missing', missing, 'fresh', ${s}.fresh(tables, after), 'written', ${s}.written(tables, after), 'cast', own_cast, 'computed', computed,
    'lacking', (SELECT string_agg(l, ', ') FROM unnest(lacks) l WHERE l <> ALL (lacked)));
END $run$`,
  };
}

function applyFunction(schema: string): Statement {
  const s = quoteIdent(schema);
  return {
    text: `CREATE FUNCTION ${s}.apply() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $apply$
DECLARE
  decided text; judged record; done text := 'applied'; reason text; wanted jsonb; ran jsonb; other text; began bigint;
BEGIN
  SELECT decision INTO decided FROM ${s}.decision WHERE number = NEW.number;
  SELECT * INTO judged FROM ${s}.judge(NEW.number);
  reason := judged.reason;
  IF decided = 'skip' THEN done := 'skipped';
  ELSIF judged.verdict = 'ignore' THEN done := 'ignored';
  ELSE
    BEGIN
      IF judged.part IS NULL OR (judged.verdict = 'stop' AND decided IS DISTINCT FROM 'apply') THEN
        RAISE EXCEPTION '%', judged.reason;
      END IF;
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = NEW.role) THEN
        RAISE EXCEPTION 'role % is not on the clone', NEW.role;
      END IF;
      ran := ${s}.run(judged.part, NEW.role, NEW.settings, NEW.tag = 'REVOKE' OR judged.part ~* '\\mowner\\M');
      SELECT coalesce(max(number), 0) INTO began FROM ${s}.log WHERE message = NEW.message AND transaction = NEW.transaction
         AND event = 'ddl_command_end' AND number < NEW.number;
      SELECT jsonb_agg(jsonb_build_array(l.event, l.facts -> 'same') ORDER BY l.number) INTO wanted FROM ${s}.log l
       WHERE l.message = NEW.message AND l.transaction = NEW.transaction AND l.event <> 'table_rewrite' AND l.number <= NEW.number AND l.number > began;
      IF decided IS DISTINCT FROM 'apply' THEN
        IF ran -> 'seen' IS DISTINCT FROM wanted THEN
          RAISE EXCEPTION 'on the clone it did something else: % instead of %', left(ran ->> 'seen', 300), left(wanted::text, 300);
        END IF;
        other := ${s}.other_values(NEW.facts -> 'missing', ran -> 'missing', ran -> 'fresh', judged.part);
        IF other IS NOT NULL THEN RAISE EXCEPTION 'old rows would have other values on each side in %', left(other, 300); END IF;
        SELECT string_agg(DISTINCT c ->> 0 || '.' || (c ->> 1), ', ') INTO other FROM jsonb_array_elements(nullif(ran -> 'computed', 'null')) c
         WHERE NOT (c ->> 3)::boolean OR NOT EXISTS (
           SELECT FROM ${s}.log l WHERE l.message = NEW.message AND l.transaction = NEW.transaction AND l.event = 'table_rewrite' AND l.number < NEW.number
              AND l.number > began AND l.facts ->> 'table' = c ->> 0 AND l.facts -> 'defaults' ->> (c ->> 1) = c ->> 2);
        IF other IS NOT NULL THEN RAISE EXCEPTION 'each side would compute other values for the rows of %', left(other, 300); END IF;
        IF ran ->> 'cast' IS NOT NULL THEN
          RAISE EXCEPTION 'its cast may compute other values on each side for the rows of %', left(ran ->> 'cast', 300);
        END IF;
        IF ran ->> 'written' IS NOT NULL THEN
          RAISE EXCEPTION 'what it calls writes rows, which arrive from the source as well where they are replicated: %', left(ran ->> 'written', 300);
        END IF;
        IF NOT judged.soft AND current_setting('track_counts') = 'off' THEN
          RAISE EXCEPTION 'whether what it calls writes rows cannot be seen, as track_counts is off on the clone';
        END IF;
        IF ran ->> 'lacking' IS NOT NULL THEN
          judged.soft := false;
          RAISE EXCEPTION 'rows could not be written any more, without %', left(ran ->> 'lacking', 300);
        END IF;
      END IF;
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT;
      IF NOT judged.soft THEN
        -- Stays when all else is rolled back, and is of no meaning once the row is here.
        PERFORM setval('${s}.stopped', NEW.number);
        RAISE EXCEPTION '${STOPPED} % of schema ${s}: %', NEW.number, reason USING DETAIL = left(NEW.statement, 1000);
      END IF;
      done := 'failed';
    END;
  END IF;
  IF (SELECT last_value FROM ${s}.stopped) = NEW.number THEN PERFORM setval('${s}.stopped', 0); END IF;
  INSERT INTO ${s}.outcome VALUES (NEW.number, done, reason, clock_timestamp()) ON CONFLICT (number) DO NOTHING;
  IF NEW.number % 500 = 0 THEN
    DELETE FROM ${s}.outcome WHERE at < now() - interval '${quoteInteger(KEPT_DAYS)} days';
  END IF;
  RETURN NULL;
END $apply$`,
  };
}

/** What the event triggers of the clone are called; a clone has none of the source's that are enabled. */
export const SEEING = ['sql_drop', 'ddl_command_end'] as const;

/** For replica sessions alone: what anybody else does on the clone is none of it. */
export function seeingStatements(schema: string, environment: string, there: readonly string[] = []): Statement[] {
  return madeTriggers({ schema, environment, there, events: SEEING, does: 'see', enabled: 'REPLICA' });
}
