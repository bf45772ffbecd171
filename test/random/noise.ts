import type { Client } from 'pg';
import type { Random } from '../../lab/workload/random';
import type { Feature } from './features';

/**
 * Makes, rewrites and drops objects of all kinds in the session's schema. Of
 * tables nothing is left at the commit: one that stayed would belong to what a
 * selection of all tables replicates.
 */
export async function dropAndMake(client: Client, random: Random): Promise<Feature[]> {
  await client.query('BEGIN');
  for (const statement of random.pick([types, table, view])(random)) await client.query(statement);
  const kept = random.int(0, 3) > 0;
  await client.query(kept ? 'COMMIT' : 'ROLLBACK');
  return kept ? ['DDL beside the replicated tables'] : [];
}

function types(random: Random): string[] {
  return [
    'CREATE TEMPORARY TABLE passing (a int PRIMARY KEY, b text) ON COMMIT DROP',
    "INSERT INTO passing SELECT g, repeat('n', 20) FROM generate_series(1, 20) g",
    `CREATE OR REPLACE VIEW seen AS SELECT ${random.int(1, 9)} AS a`,
    'CREATE TYPE fleeting AS (a int, b text)',
    'CREATE FUNCTION f(x fleeting) RETURNS int LANGUAGE sql AS $$ SELECT x.a $$',
    'DROP TYPE fleeting CASCADE',
  ];
}

/** A rewrite writes the rows of a table that never was, which decoding has to skip. */
function table(random: Random): string[] {
  return [
    'CREATE TABLE passing (a int PRIMARY KEY, b text)',
    "INSERT INTO passing SELECT g, repeat('n', 40) FROM generate_series(1, 30) g",
    'ALTER TABLE passing ADD COLUMN c text DEFAULT clock_timestamp()::text',
    'ALTER TABLE passing ALTER COLUMN a TYPE bigint',
    'CREATE INDEX ON passing (b, c)',
    random.pick(['TRUNCATE passing', 'UPDATE passing SET b = c', 'ALTER TABLE passing RENAME COLUMN b TO d']),
    'DROP TABLE passing',
  ];
}

function view(random: Random): string[] {
  return [
    'DROP MATERIALIZED VIEW IF EXISTS stored',
    `CREATE MATERIALIZED VIEW stored AS SELECT g AS a FROM generate_series(1, ${random.int(5, 50)}) g`,
    'CREATE UNIQUE INDEX ON stored (a)',
    'REFRESH MATERIALIZED VIEW stored',
    'DROP SEQUENCE IF EXISTS counter',
    'CREATE SEQUENCE counter',
    "COMMENT ON SEQUENCE counter IS 'it''s'",
  ];
}
