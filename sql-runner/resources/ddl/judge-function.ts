import type { Statement } from '../../model/change';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';
import { ALLOWED, NOT_FOR_THE_CLONE, REFUSED } from './allow-list';
import { defaults } from './defaults-functions';
import { factsFunction, missingFunction } from './facts-function';
import { splitFunction } from './split-function';
import { temporaries } from './temporary-functions';

/** What both sides have, so that each can say what becomes of a statement. */
export const judging = (schema: string): Statement[] => [
  missingFunction(schema),
  ...defaults(schema),
  factsFunction(schema),
  splitFunction(schema),
  ...temporaries(schema),
  looksLikeFunction(schema),
  judgeFunction(schema),
];

/**
 * Whether a statement of the log can be carried out: `run`, with the part of the client's string that it was; `ignore`;
 * or `stop`, with the reason. It needs the log alone, so both sides answer the same.
 *
 * current_query() is all that the client sent, so which of several statements it was has to be found: each that is of its
 * kind was noted, in their order, unless one could not be, or a part of the string was rolled back. Whatever ran inside
 * of another statement shows by the context in which it was noted.
 */
function judgeFunction(schema: string): Statement {
  const s = quoteIdent(schema);
  const list = (tags: readonly string[]) => tags.map(quoteLiteral).join(', ');
  const allowed = list(ALLOWED.map(({ tag }) => tag));
  const soft = list(ALLOWED.filter(({ mayFail }) => mayFail === true).map(({ tag }) => tag));
  const refused = REFUSED.map(({ pattern, reason }) => `(${quoteLiteral(pattern)}, ${quoteLiteral(reason)})`).join(
    ', ',
  );
  return {
    text: `CREATE FUNCTION ${s}.judge(n bigint, OUT verdict text, OUT reason text, OUT part text, OUT soft boolean) LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog, pg_temp AS $judge$
DECLARE
  e ${s}.log; parts text[]; bares text[]; words text[]; said text; mine int[]; nth int; kind text; bare text; began bigint;
BEGIN
  SELECT * INTO STRICT e FROM ${s}.log WHERE number = n;
  verdict := 'stop'; soft := e.tag IN (${soft});
  IF e.facts ->> 'skip' IS NOT NULL OR e.tag IN (${list(NOT_FOR_THE_CLONE)}) THEN
    verdict := 'ignore'; reason := coalesce(e.facts ->> 'skip', 'nothing of it is for the clone'); RETURN;
  END IF;
  SELECT coalesce(max(number), 0) INTO began FROM ${s}.log
   WHERE message = e.message AND transaction = e.transaction AND event = 'ddl_command_end' AND number < n;
  IF e.facts -> 'same' = '[]' AND e.tag ~ '^(CREATE|DROP) ' THEN
    IF NOT EXISTS (SELECT FROM ${s}.log WHERE message = e.message AND transaction = e.transaction AND number > began AND number < n
                      AND event = 'sql_drop' AND facts ->> 'skip' IS NULL) THEN
      verdict := 'ignore'; reason := 'it changed nothing'; RETURN;
    END IF;
  END IF;
  IF e.tag NOT IN (${allowed}) THEN
    reason := 'statements of its kind are not carried out'; RETURN;
  END IF;
  IF e.context IS NOT NULL THEN
    reason := 'it ran inside of another statement (a function, a procedure or DO)'; RETURN;
  END IF;
  IF e.statement IS NULL THEN reason := 'it is too long to be noted'; RETURN; END IF;
  IF e.settings ->> 'standard_conforming_strings' = 'off' AND position('\\' in e.statement) > 0 THEN
    reason := 'it has a backslash, and standard_conforming_strings is off'; RETURN;
  END IF;
  IF (SELECT min(missed) < e.missed FROM ${s}.log WHERE message = e.message) THEN
    reason := 'another statement of the same string could not be noted'; RETURN;
  END IF;
  SELECT x.parts, x.bares, x.said INTO parts, bares, words FROM ${s}.split(e.statement) x;
  IF parts IS NULL THEN reason := 'its text cannot be taken apart'; RETURN; END IF;
  kind := CASE e.tag WHEN 'CREATE TABLE AS' THEN 'CREATE TABLE' ELSE e.tag END;
  SELECT array_agg(i ORDER BY i) INTO mine FROM generate_subscripts(bares, 1) i WHERE bares[i] ~ ${s}.looks_like(kind)
     AND bares[i] !~ '^(?:grant|revoke) (?!.* on )|^(?:grant|revoke) .* on (?:database|tablespace|parameter) |^comment on (?:role|database|tablespace) ';
  SELECT count(*) INTO nth FROM ${s}.log WHERE message = e.message AND event = 'ddl_command_end' AND context IS NULL AND number <= n
     AND CASE tag WHEN 'CREATE TABLE AS' THEN 'CREATE TABLE' ELSE tag END = kind;
  IF mine IS NULL OR nth > cardinality(mine) THEN reason := 'which part of the string it was cannot be told'; RETURN; END IF;
  IF cardinality(bares) > 1 AND EXISTS (SELECT FROM unnest(bares) b WHERE b ~ '^(?:rollback|abort|savepoint|release|prepare transaction)') THEN
    reason := 'a part of the string it came in may have been rolled back'; RETURN;
  END IF;
  bare := bares[mine[nth]]; part := parts[mine[nth]]; said := words[mine[nth]];
  IF (SELECT bool_and(o ->> 0 IN ('trigger', 'rule', 'policy') AND o ->> 1 ~ ' on pg_temp\\.(?:"(?:[^"]|"")*"|[^ "]+)$') FROM jsonb_array_elements(e.facts -> 'same') o)
     OR ${s}.only_temporary(said, bare, e.facts -> 'temporary', e.settings ->> 'search_path') THEN
    verdict := 'ignore'; reason := 'temporary'; RETURN;
  END IF;
  -- The event of a COMMENT names all that it is about, which has to be the same on the clone.
  IF e.tag <> 'COMMENT' THEN reason := ${s}.names_temporary(said, bare, e.facts -> 'temporary'); END IF;
  IF reason IS NOT NULL THEN RETURN; END IF;
  SELECT r.reason INTO reason FROM (VALUES ${refused}) r (pattern, reason) WHERE ' ' || bare || CASE r.pattern ~ '\\$$' WHEN true THEN '' ELSE ' ' END ~ r.pattern LIMIT 1;
  IF reason IS NOT NULL THEN RETURN; END IF;
  SELECT CASE WHEN (facts ->> 'reason')::int & 2 <> 0 AND (bare !~ ' generated always as ?\\(' OR bare ~ ' default | identity|serial') THEN 'each side would compute other values for the rows of ' || (facts ->> 'table')
              WHEN (facts ->> 'reason')::int & 4 <> 0 AND bare ~ '\\musing\\M' THEN 'its USING may compute other values on each side for the rows of ' || (facts ->> 'table') END
    INTO reason FROM ${s}.log WHERE message = e.message AND transaction = e.transaction AND number > began AND number < n
     AND event = 'table_rewrite' AND (facts ->> 'bytes')::bigint > 0 ORDER BY 1 NULLS LAST LIMIT 1;
  IF reason IS NOT NULL THEN RETURN; END IF;
  IF e.tag = 'CREATE TABLE AS' AND bare !~ ' with no data$' THEN part := part || E'\\nWITH NO DATA'; END IF;
  IF bare ~ '^(?:create (?:unique )?|drop )index concurrently ' THEN
    part := regexp_replace(part, '(index\\s+)concurrently\\s', '\\1', 'i');
  ELSIF bare ~ '^alter table .* detach partition .* concurrently$' THEN
    part := regexp_replace(part, '\\sconcurrently\\s*$', '', 'i');
  END IF;
  verdict := 'run';
END $judge$`,
  };
}

/** A pattern for how a statement of the tag begins. */
function looksLikeFunction(schema: string): Statement {
  const s = quoteIdent(schema);
  return {
    text: `CREATE FUNCTION ${s}.looks_like(tag text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $like$
  SELECT '^' || lower(split_part(tag, ' ', 1)) || CASE WHEN position(' ' in tag) > 0 THEN
    ' (?:(?:or replace|unique|global|local|temp|temporary|unlogged|recursive|constraint) )*' || lower(substr(tag, position(' ' in tag) + 1)) ELSE '' END || '(?: |$)'
$like$`,
  };
}
