import type { Statement } from '../../model/change';
import { quoteIdent, quoteInteger } from '../../postgres/text/quoting';
import { LONGEST_TAKEN_APART } from './split-function';

/**
 * Temporary objects of a session are found before all others of their name (manual, search_path), and the clone has none of
 * them: what names one there would be carried out on another object. Events do not tell: that of a GRANT names nothing,
 * that of CREATE TABLE not what it is LIKE. So a statement is looked through for their names.
 */
export const temporaries = (schema: string): Statement[] => [
  plainFunction(schema),
  namesTemporaryFunction(schema),
  onlyTemporaryFunction(schema),
];

/** As scan.l has it, but for `$`, which may as well be the end of a dollar quote. */
const WORD = '[A-Za-z0-9_\\u0080-\\uffff]';
/** What has a meaning in a pattern. */
const SPECIAL = '[\\u0001-\\u002f\\u003a-\\u0040\\u005b-\\u005e\\u0060\\u007b-\\u007f]';
/** A name that long may be longer in the text, which the server cuts off (NAMEDATALEN). */
const CUT_OFF = 60;

/** So that a name is found in whatever case, and however often it stands in quotes of quotes. */
function plainFunction(schema: string): Statement {
  return {
    text: `CREATE FUNCTION ${quoteIdent(schema)}.plain(t text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $plain$
  SELECT regexp_replace(regexp_replace(lower(t), '"+', '"', 'g'), '''+', '''', 'g')
$plain$`,
  };
}

/**
 * Names of the session's temporary relations and types that stand anywhere in the text; null: it has none. By what depends
 * on their schema, which has an index: the server drops them by the same (namespace.c, RemoveTempRelations). A longer text is
 * never carried out.
 */
export function temporaryFunction(schema: string): Statement {
  const s = quoteIdent(schema);
  return {
    text: `CREATE FUNCTION ${s}.temporary(query text) RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $temporary$
DECLARE
  within text;
BEGIN
  IF pg_my_temp_schema() = 0 OR length(query) > ${quoteInteger(LONGEST_TAKEN_APART)} THEN RETURN NULL; END IF;
  within := ${s}.plain(query);
  RETURN (
    SELECT CASE WHEN count(*) > 0 THEN coalesce(jsonb_agg(DISTINCT n.name) FILTER (WHERE position(${s}.plain(n.name) IN within) > 0), '[]') END
      FROM pg_depend d
      CROSS JOIN LATERAL (SELECT c.relname::text AS name FROM pg_class c WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid
                          UNION ALL SELECT t.typname::text FROM pg_type t WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid) n
     WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = pg_my_temp_schema());
END $temporary$`,
  };
}

/**
 * Why a statement may be about a temporary object; null: it is not. String constants are looked through as well, as they may name
 * one ('t'::regclass); comments are not. Where a name may be written in another way it cannot be told. What stands behind the
 * name of another schema is none of them.
 */
function namesTemporaryFunction(schema: string): Statement {
  const s = quoteIdent(schema);
  return {
    text: `CREATE FUNCTION ${s}.names_temporary(said text, bare text, names jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $names$
DECLARE
  within text; found text; elsewhere text;
BEGIN
  IF bare ~ '\\mpg_temp(?:_[0-9]+)? ?\\.' OR bare ~ '^(?:grant|revoke) .* in schema .*pg_temp' THEN
    RETURN 'it names the schema of the temporary objects of its session';
  END IF;
  IF names IS NULL THEN RETURN NULL; END IF;
  IF bare ~ '\\mu&(?:""|'''')' OR bare ~ ''''' ''''' OR (bare ~ '\\me''''' AND position('\\' IN said) > 0) THEN
    RETURN 'it has names or strings in a form that hides what they are, and its session has temporary objects';
  END IF;
  within := ${s}.plain(said);
  -- In quotes on both sides: behind a dot within quotes a name may stand as well, as in "a."b.
  elsewhere := CASE WHEN within ~ 'pg_temp' THEN '@' ELSE '(?:(?<![.]\\s*"?)@|(?<=[.]\\s*")@(?!"))' END;
  SELECT min(name) INTO found FROM jsonb_array_elements_text(names) name
   WHERE within ~ ('(?<!${WORD})' || replace(elsewhere, '@', '_*' || regexp_replace(${s}.plain(name), '(${SPECIAL})', '\\\\\\1', 'g')
                   || CASE WHEN octet_length(name) < ${quoteInteger(CUT_OFF)} THEN '(?!${WORD})' ELSE '' END));
  RETURN 'it names ' || quote_ident(found) || ', which is a temporary object of its session';
END $names$`,
  };
}

/**
 * Whether it gives or takes rights of temporary relations alone. What is behind ON is read only where there is one ON in the
 * whole statement, so that it is no part of a name or a comment.
 */
function onlyTemporaryFunction(schema: string): Statement {
  const s = quoteIdent(schema);
  const name = `(?:"?pg_temp(?:_[0-9]+)?"?\\.)?(?:"[^",\\s]+"|${WORD}+)`;
  return {
    text: `CREATE FUNCTION ${s}.only_temporary(said text, bare text, names jsonb, path text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $only$
DECLARE
  listed text;
BEGIN
  IF names IS NULL OR path ~* 'pg_temp' OR bare !~ '^(?:grant|revoke) '
     OR (SELECT count(*) FROM regexp_matches(bare, ' on ', 'g')) <> 1 OR (SELECT count(*) FROM regexp_matches(said, '\\son\\s', 'gi')) <> 1 THEN
    RETURN false;
  END IF;
  listed := substring(said FROM '(?i)\\son\\s+(?:(?:table|sequence)\\s+)?(${name}(?:\\s*,\\s*${name})*)\\s+(?:to|from)\\s');
  RETURN coalesce((SELECT bool_and(names ? CASE left(n, 1) WHEN '"' THEN btrim(n, '"') ELSE lower(n) END)
                     FROM regexp_split_to_table(listed, '\\s*,\\s*') l,
                          regexp_replace(l, '^"?pg_temp(?:_[0-9]+)?"?\\.', '', 'i') n), false);
END $only$`,
  };
}
