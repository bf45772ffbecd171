/** Of a row `r` of pg_publication_rel and its table `c`, from 15 on; what only parts of tables have. */

// As pub_rf_contains_invalid_column and pub_collist_contains_invalid_column: the filter's columns are in its tree.
const UNCOVERED = `(r.prattrs IS NOT NULL OR r.prqual IS NOT NULL) AND coalesce((
              SELECT CASE WHEN c.relreplident = 'f' THEN r.prattrs IS NOT NULL
                          ELSE NOT i.columns <@ coalesce(r.prattrs::int2[], i.columns)
                            OR NOT ARRAY(SELECT m[1]::int2 FROM regexp_matches(r.prqual::text, ':varattno (\\d+)', 'g') m) <@ i.columns END
                FROM (SELECT coalesce((SELECT (x.indkey::int2[])[0:x.indnkeyatts - 1] FROM pg_index x
                        WHERE x.indrelid = c.oid AND CASE c.relreplident WHEN 'i' THEN x.indisreplident ELSE x.indisprimary END
                        LIMIT 1), '{}') AS columns) i), false)`;

/** Its list lacks a column of the replica identity, or its filter needs one that is not of it. */
export const uncoveredSql = (): string => UNCOVERED;

const FORM = `CASE WHEN coalesce(to_jsonb(r) ->> 'prqual', to_jsonb(r) ->> 'prattrs') IS NOT NULL THEN
              md5(concat_ws(' ', to_jsonb(r) ->> 'prqual', to_jsonb(r) ->> 'prattrs')) END`;

/**
 * Equal where filter and list are, whatever the columns are called by now; by the row as such, as servers before 15 have
 * neither. On a physical copy the tree of the filter is the same, to the places of its words.
 */
export const publishedFormSql = (): string => FORM;
