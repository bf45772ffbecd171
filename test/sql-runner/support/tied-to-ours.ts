import { formatMark } from '../../../sql-runner/model/mark';

const MARK = formatMark({ kind: 'role', environment: 'demo' });

/** What people tie to a replication role, as statements of the master user in database shop. */
export const AS_MASTER = `
  CREATE ROLE acas_demo LOGIN; GRANT rds_replication TO acas_demo; COMMENT ON ROLE acas_demo IS '${MARK}';
  CREATE ROLE acas_former; GRANT CONNECT ON DATABASE other TO acas_former;
  CREATE SCHEMA x; CREATE SCHEMA many; GRANT USAGE ON SCHEMA x TO acas_demo;
  CREATE TABLE x.plain (id int PRIMARY KEY, a int, b int, s serial); GRANT SELECT ON x.plain TO acas_demo;
  CREATE TABLE x."T ""q"", y" (id int); GRANT UPDATE (id) ON x."T ""q"", y" TO acas_demo;
  GRANT USAGE ON SEQUENCE x.plain_s_seq TO acas_demo;
  CREATE FUNCTION x.f(a int, "B" text) RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION x.f FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION x.f TO acas_demo;
  CREATE TYPE x.mood AS ENUM ('a'); GRANT USAGE ON TYPE x.mood TO acas_demo;
  SELECT lo_create(4711); GRANT SELECT ON LARGE OBJECT 4711 TO acas_demo;
  GRANT CREATE, CONNECT ON DATABASE shop TO acas_demo; GRANT CONNECT ON DATABASE ledger TO acas_demo;
  CREATE TABLE x.passed (id int); GRANT SELECT ON x.passed TO acas_demo WITH GRANT OPTION;
  CREATE TABLE x.relayed (id int);
  ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO acas_demo;
  ALTER DEFAULT PRIVILEGES IN SCHEMA x GRANT EXECUTE ON FUNCTIONS TO acas_demo;
  CREATE POLICY only_it ON x.plain TO acas_demo USING (true); CREATE POLICY "it, too" ON x.plain TO acas_demo, pg_monitor USING (true);
  CREATE TABLE x.owned (id int);`;
/** So many that their rights are taken back for the whole schema. */
export const MANY = Array.from({ length: 12 }, (_, id) => `CREATE TABLE many.t${id} (id int);`).join(' ');

/** Of a superuser and of an owner in whose place the login cannot act. */
export const AS_ADMIN = `
  CREATE ROLE outsider; GRANT CREATE ON DATABASE shop TO outsider; CREATE ROLE reader; GRANT reader TO acas_demo WITH ADMIN OPTION;
  SET ROLE acas_demo; GRANT SELECT ON x.passed TO reader; RESET ROLE;
  GRANT ALL ON SCHEMA x TO outsider; GRANT SELECT ON x.relayed TO outsider WITH GRANT OPTION;
  SET ROLE outsider; GRANT SELECT ON x.relayed TO acas_demo;
  CREATE TABLE x.theirs (id int); GRANT SELECT ON x.theirs TO acas_demo;
  ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO acas_demo; RESET ROLE;
  ALTER TABLE x.owned OWNER TO acas_demo;
  GRANT USAGE ON LANGUAGE plpgsql TO acas_demo; GRANT CREATE ON TABLESPACE pg_default TO acas_demo;
  CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w;
  GRANT USAGE ON FOREIGN DATA WRAPPER w TO acas_demo; GRANT USAGE ON FOREIGN SERVER far TO acas_demo;
  CREATE USER MAPPING FOR acas_demo SERVER far`;

/** And to its heartbeat: what has to go, what can stay, and what only is in its schema. */
export const HANGING = `
  CREATE VIEW x.lag AS SELECT max(at) AS at FROM acas_demo_shop.acas_heartbeat; CREATE VIEW x."Lag 2" AS SELECT at FROM x.lag;
  CREATE MATERIALIZED VIEW x.kept AS SELECT at FROM x."Lag 2"; CREATE UNIQUE INDEX ON x.kept (at);
  CREATE VIEW x.grouped AS SELECT id, at FROM acas_demo_shop.acas_heartbeat GROUP BY id;
  CREATE TABLE x.referring (id uuid REFERENCES acas_demo_shop.acas_heartbeat, h acas_demo_shop.acas_heartbeat, kept int);
  CREATE VIEW x.of_column AS SELECT (h).at FROM x.referring;
  CREATE TABLE x.child () INHERITS (acas_demo_shop.acas_heartbeat); CREATE VIEW x.of_child AS SELECT at FROM x.child;
  CREATE FUNCTION x.late(acas_demo_shop.acas_heartbeat) RETURNS bool LANGUAGE sql AS 'SELECT true';
  ALTER TABLE x.plain ENABLE ROW LEVEL SECURITY;
  CREATE POLICY beating ON x.plain USING (EXISTS (SELECT FROM acas_demo_shop.acas_heartbeat));
  CREATE TABLE acas_demo_shop.notes (id serial PRIMARY KEY, at date); INSERT INTO acas_demo_shop.notes VALUES (1, '2026-01-01');
  CREATE TYPE acas_demo_shop.mood AS ENUM ('a'); CREATE FUNCTION acas_demo_shop.g(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE VIEW acas_demo_shop.apart AS SELECT 1 AS one`;
