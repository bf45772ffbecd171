/** What a database of the workload has before the clone is taken: each kind of table, type and helper once. */
export const FURNITURE = `
CREATE SCHEMA judge;
CREATE TABLE judge.marks (n bigint PRIMARY KEY);
CREATE TABLE judge.once (n int);
ALTER TABLE judge.once REPLICA IDENTITY FULL;
CREATE SCHEMA app;
CREATE SCHEMA "Odd; ""Name""";
GRANT USAGE, CREATE ON SCHEMA app, "Odd; ""Name""" TO judge_dev;
GRANT USAGE ON SCHEMA judge TO judge_dev;
GRANT ALL ON judge.marks, judge.once TO judge_dev;
CREATE TYPE app.mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE DOMAIN app.short AS varchar(40) CHECK (length(VALUE) < 41);
CREATE DOMAIN app.stamp AS timestamptz DEFAULT clock_timestamp();
CREATE TYPE app.pair AS (a int, b text);
CREATE SEQUENCE app.counter;
CREATE FUNCTION app.quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION app.lies() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT pg_backend_pid()';
CREATE FUNCTION app.writes(a int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN INSERT INTO judge.once VALUES (a); RETURN true; END';
CREATE FUNCTION app.plain(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
CREATE TABLE app.customers (id int PRIMARY KEY, name text NOT NULL, mood app.mood DEFAULT 'sad', joined timestamp, born date, score numeric(12, 2));
CREATE TABLE app.orders (id bigint PRIMARY KEY, customer int REFERENCES app.customers ON DELETE CASCADE, note text, qty int DEFAULT 1, at timestamptz, price float8);
CREATE TABLE app.audit (what text, who int, at timestamp);
ALTER TABLE app.audit REPLICA IDENTITY FULL;
CREATE FUNCTION app.audits() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO app.audit VALUES (TG_TABLE_NAME, 1, NULL); RETURN NULL; END';
CREATE TABLE "Odd; ""Name"""."Ta""ble" (id int PRIMARY KEY, "it's" text, "a; b" varchar(20), n int, m bigint, flag boolean DEFAULT true);
CREATE TABLE "Odd; ""Name""".by_index (code text NOT NULL, n int NOT NULL, payload jsonb, v text);
CREATE UNIQUE INDEX by_index_code ON "Odd; ""Name""".by_index (code, n);
ALTER TABLE "Odd; ""Name""".by_index REPLICA IDENTITY USING INDEX by_index_code;
CREATE TABLE app.parts (id bigint PRIMARY KEY, note text) PARTITION BY RANGE (id);
CREATE TABLE app.parts_1 PARTITION OF app.parts FOR VALUES FROM (MINVALUE) TO (20);
CREATE TABLE app.parts_2 PARTITION OF app.parts FOR VALUES FROM (20) TO (1000);
CREATE TABLE app.devs (id int PRIMARY KEY, short app.short, pair app.pair, data bytea, n int, note text);
CREATE TABLE app.typed (id uuid PRIMARY KEY, a int, b text, c numeric, d date, e timestamp, f float8, g int[]);
CREATE VIEW app.seen AS SELECT id, name FROM app.customers;
CREATE INDEX customers_name ON app.customers (name);
ALTER TABLE app.devs OWNER TO judge_dev;
ALTER TABLE app.typed OWNER TO judge_dev;
INSERT INTO app.customers SELECT i, 'name ' || i, 'happy', '2026-01-01 10:00', '2026-01-01', i * 1.5 FROM generate_series(1, 6) i;
INSERT INTO app.orders SELECT i, i, 'note', i, '2026-01-01 10:00+00', i * 0.1 FROM generate_series(1, 6) i;
INSERT INTO app.audit SELECT 'before', i, '2026-01-01 10:00' FROM generate_series(1, 3) i;
INSERT INTO app.devs (id, n, note) SELECT i, i, 'x' FROM generate_series(1, 4) i;
INSERT INTO app.typed (id, a, b, d, e) SELECT lpad(i::text, 32, '0')::uuid, i, 'b', '2026-02-03', '2026-01-01 10:00' FROM generate_series(1, 4) i;
INSERT INTO app.parts SELECT i, 'p' FROM generate_series(15, 25) i;
INSERT INTO "Odd; ""Name"""."Ta""ble" (id, n, m) SELECT i, i, i FROM generate_series(1, 5) i;
`;

/** One for all databases of a cluster. */
export const ROLE = `CREATE ROLE judge_dev; GRANT judge_dev TO CURRENT_USER`;
