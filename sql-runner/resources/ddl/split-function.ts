import type { Statement } from '../../model/change';
import { quoteIdent } from '../../postgres/text/quoting';

/** A longer string is not taken apart. */
export const LONGEST_TAKEN_APART = 200_000;

/** Of an identifier (scan.l, ident_cont), and not its first character. */
const WORD = '[A-Za-z0-9_$\\u0080-\\uffff]';

/**
 * Takes a string of statements apart, as the server's own scanner does (scan.l): at semicolons outside of quotes, dollar
 * quotes, comments and parentheses. Of each it also gives it `bare`: in lower case, without comments, and with nothing
 * between its quotes, so that keywords can be looked for; and `said`: all of it but its comments. NULL where that cannot be done.
 */
export function splitFunction(schema: string): Statement {
  const s = quoteIdent(schema);
  return {
    text: `CREATE FUNCTION ${s}.split(query text, OUT parts text[], OUT bares text[], OUT said text[]) LANGUAGE plpgsql IMMUTABLE
  SET search_path = pg_catalog, pg_temp AS $split$
DECLARE
  rest text := query; part text := ''; bare text := ''; words text := ''; taken text; tag text; depth int := 0; level int; place int; plain text;
BEGIN
  IF length(query) > ${LONGEST_TAKEN_APART} THEN RETURN; END IF;
  parts := '{}'; bares := '{}'; said := '{}';
  WHILE rest <> '' LOOP
    taken := substring(rest from '^[^''"$;/()-]+');
    plain := taken;
    IF taken IS NOT NULL THEN NULL;
    ELSIF left(rest, 1) = '''' AND right(bare, 2) ~* '^[^A-Za-z0-9_$\\u0080-\\uffff]?e$' THEN
      taken := substring(rest from '^''(?:[^''\\\\]|\\\\.|'''')*''');
      plain := '''''';
    ELSIF left(rest, 1) = '''' THEN
      taken := substring(rest from '^''(?:[^'']|'''')*''');
      plain := '''''';
    ELSIF left(rest, 1) = '"' THEN
      taken := substring(rest from '^"(?:[^"]|"")*"');
      plain := '""';
    ELSIF left(rest, 1) = '$' THEN
      tag := substring(rest from '^\\$(?:[A-Za-z_\\u0080-\\uffff][A-Za-z0-9_\\u0080-\\uffff]*)?\\$');
      IF tag IS NULL OR right(bare, 1) ~ '${WORD}' THEN taken := '$'; plain := '$';
      ELSE
        place := position(tag in substr(rest, length(tag) + 1));
        taken := CASE WHEN place > 0 THEN left(rest, 2 * length(tag) + place - 1) END;
        plain := '''''';
      END IF;
    ELSIF left(rest, 2) = '--' THEN
      taken := substring(rest from '^--[^\\n\\r]*');
      plain := ' ';
    ELSIF left(rest, 2) = '/*' THEN
      -- Comments nest.
      taken := '/*'; level := 1; plain := ' ';
      WHILE level > 0 LOOP
        tag := substring(substr(rest, length(taken) + 1) from '^(?:[^*/]|\\*(?!/)|/(?!\\*))*(?:/\\*|\\*/)');
        EXIT WHEN tag IS NULL;
        taken := taken || tag;
        level := level + CASE right(tag, 2) WHEN '/*' THEN 1 ELSE -1 END;
      END LOOP;
      IF level > 0 THEN taken := NULL; END IF;
    ELSE
      taken := left(rest, 1);
      plain := taken;
      depth := depth + CASE taken WHEN '(' THEN 1 WHEN ')' THEN -1 ELSE 0 END;
    END IF;
    IF taken IS NULL THEN parts := NULL; bares := NULL; said := NULL; RETURN; END IF;
    rest := substr(rest, length(taken) + 1);
    IF taken = ';' AND depth = 0 THEN
      plain := btrim(regexp_replace(lower(bare), '\\s+', ' ', 'g'));
      IF plain <> '' THEN parts := parts || part; bares := bares || plain; said := said || words; END IF;
      part := ''; bare := ''; words := '';
    ELSE
      part := part || taken; bare := bare || plain;
      words := words || CASE WHEN left(taken, 2) IN ('--', '/*') THEN ' ' ELSE taken END;
    END IF;
  END LOOP;
  plain := btrim(regexp_replace(lower(bare), '\\s+', ' ', 'g'));
  IF plain <> '' THEN parts := parts || part; bares := bares || plain; said := said || words; END IF;
END $split$`,
  };
}
