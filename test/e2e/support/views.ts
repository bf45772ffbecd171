import { from } from '../../support/postgres-major';

/** Views of views, in each way that one can read another; the names are in the wrong order on purpose. */
export const VIEWS = `
  CREATE TABLE sold (id bigserial PRIMARY KEY, amount int NOT NULL); CREATE TABLE struck (id int PRIMARY KEY);
  INSERT INTO sold (amount) SELECT 1 FROM generate_series(1, 10); INSERT INTO struck VALUES (1);
  CREATE MATERIALIZED VIEW z_base AS SELECT id, amount FROM sold; CREATE UNIQUE INDEX ON z_base (id);
  CREATE VIEW y_plain AS SELECT sum(amount) AS amount FROM z_base;
  CREATE MATERIALIZED VIEW a_top AS SELECT amount FROM y_plain; CREATE UNIQUE INDEX ON a_top (amount) WHERE amount > 0;
  ${from(14) ? 'CREATE FUNCTION of_top() RETURNS numeric LANGUAGE sql STABLE BEGIN ATOMIC SELECT amount FROM public.a_top; END;' : ''}
  CREATE MATERIALIZED VIEW "a ""first""" AS SELECT 1 AS id, ${from(14) ? 'of_top()' : '(SELECT amount FROM a_top)'} AS amount; CREATE UNIQUE INDEX ON "a ""first""" (id);
  CREATE MATERIALIZED VIEW m_struck AS SELECT count(*) AS number FROM struck;
  CREATE MATERIALIZED VIEW n_later AS SELECT max(id) AS id FROM sold WITH NO DATA;
  CREATE MATERIALIZED VIEW n_never AS SELECT 1 AS one WITH NO DATA`;

/** In an order that is right. */
export const ORDER = ['public.z_base', 'public.a_top', 'public."a ""first"""', 'public.m_struck', 'public.n_later'];

/** A search_path and a time zone of the database, functions that rely on the one, and what it would lead them to. */
export const HOSTILE = `CREATE SCHEMA evil; CREATE FUNCTION evil.version() RETURNS text LANGUAGE sql AS $$ SELECT 'evil' $$;
    CREATE FUNCTION public.told() RETURNS text LANGUAGE sql STABLE AS $$ SELECT version() $$;
    CREATE FUNCTION public.lost() RETURNS bigint LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT count(*) FROM sold); END $$;
    GRANT USAGE ON SCHEMA evil TO PUBLIC;
    ALTER DATABASE shop SET search_path = evil, pg_catalog, public; ALTER DATABASE shop SET timezone = 'Asia/Tokyo'`;

/** Of a role that the login is no member of, in a schema that it may not use. */
export const OF_ANOTHER = `CREATE ROLE keeper; CREATE SCHEMA shut; CREATE MATERIALIZED VIEW shut.kept AS SELECT 1 AS one WITH NO DATA;
    ALTER MATERIALIZED VIEW shut.kept OWNER TO keeper; GRANT USAGE ON SCHEMA shut TO keeper`;
