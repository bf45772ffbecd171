/** What somebody may do to a publication and put back afterwards, as statements of its database. */
export const insertsOnlyForAWhile = (publication: string) =>
  ['insert', 'insert, update, delete, truncate'].map(
    (list) => `ALTER PUBLICATION ${publication} SET (publish = '${list}')`,
  );

/** With its comment copied, so that it looks like the one before. */
export const remakePublication = (publication: string, tables: string) => [
  `DO $$ DECLARE mark text := obj_description(oid, 'pg_publication') FROM pg_publication WHERE pubname = '${publication}'; BEGIN
     DROP PUBLICATION ${publication};
     CREATE PUBLICATION ${publication} FOR TABLE ${tables};
     EXECUTE format('COMMENT ON PUBLICATION ${publication} IS %L', mark);
   END $$`,
];
