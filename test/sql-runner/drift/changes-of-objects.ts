import { change, type Change } from './change';

/** What is done to types, functions, views and whatever else is beside tables, or given to them. */
export const CHANGES_OF_OBJECTS: readonly Change[] = [
  change('enum-label', [`ALTER TYPE $_e ADD VALUE 'it''s' AFTER 'a'`], {
    before: [`CREATE TYPE $_e AS ENUM ('a', 'b')`, 'ALTER TABLE $ ADD COLUMN e $_e'],
    writes: [`UPDATE $ SET e = 'it''s' WHERE id = 3`],
  }),
  change('rename-label', [`ALTER TYPE $_e RENAME VALUE 'a' TO 'z'`], {
    before: [`CREATE TYPE $_e AS ENUM ('a', 'b')`, `ALTER TABLE $ ADD COLUMN e $_e DEFAULT 'a'`],
    writes: [`UPDATE $ SET e = 'z' WHERE id = 3`],
  }),
  change('domain-check', 'ALTER DOMAIN $_d ADD CONSTRAINT small CHECK (VALUE < 100)', {
    before: ['CREATE DOMAIN $_d AS int', 'ALTER TABLE $ ADD COLUMN d $_d'],
  }),
  change('drop-domain-check', ['ALTER DOMAIN $_d DROP CONSTRAINT small', 'ALTER DOMAIN $_d DROP NOT NULL'], {
    before: [
      'CREATE DOMAIN $_d AS int NOT NULL DEFAULT 1 CONSTRAINT small CHECK (VALUE < 100)',
      'ALTER TABLE $ ADD COLUMN d $_d',
    ],
    writes: ['UPDATE $ SET d = 500 WHERE id = 3', 'UPDATE $ SET d = NULL WHERE id = 4'],
  }),
  change('domain-default', 'ALTER DOMAIN $_d SET DEFAULT 5', {
    before: ['CREATE DOMAIN $_d AS int', 'ALTER TABLE $ ADD COLUMN d $_d'],
  }),
  change('composite-attribute', 'ALTER TYPE $_c ADD ATTRIBUTE "B" text', {
    before: ['CREATE TYPE $_c AS (a int)', 'ALTER TABLE $ ADD COLUMN c $_c'],
    writes: [`UPDATE $ SET c = ROW(1, 'b') WHERE id = 3`],
  }),
  change('new-type', [
    `CREATE TYPE $_new AS ENUM ('a', 'it''s')`,
    `CREATE DOMAIN $_dom AS text COLLATE "C" DEFAULT 'x' NOT NULL CHECK (VALUE <> '')`,
    `CREATE TYPE "$ C" AS (a $_new, b $_dom)`,
    `COMMENT ON TYPE $_new IS 'mood'`,
  ]),
  change('rename-type', 'ALTER TYPE $_e RENAME TO "$_E"', {
    before: [`CREATE TYPE $_e AS ENUM ('a', 'b')`, 'ALTER TABLE $ ADD COLUMN e $_e'],
    writes: [`UPDATE $ SET e = 'b' WHERE id = 3`],
  }),
  change(
    'new-function',
    [
      'SET check_function_bodies = off',
      `CREATE FUNCTION $_new(a int, b text DEFAULT 'x') RETURNS text LANGUAGE plpgsql STABLE AS $f$\nBEGIN\n  RETURN b  ||  a;\nEND;\n$f$`,
      `CREATE PROCEDURE "$ p"(a int) LANGUAGE sql AS 'DELETE FROM public.$_later WHERE id = a'`,
    ],
    {},
  ),
  change(
    'other-function',
    [`CREATE OR REPLACE FUNCTION $_f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + 1'`],
    {
      before: [`CREATE FUNCTION $_f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a'`],
    },
  ),
  change(
    'generating-function',
    [`CREATE OR REPLACE FUNCTION $_f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + 1'`],
    {
      before: [
        `CREATE FUNCTION $_f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a'`,
        'ALTER TABLE $ ADD COLUMN g int GENERATED ALWAYS AS ($_f(n)) STORED',
      ],
      rows: false,
      writes: ['INSERT INTO $ (id, n) VALUES (20, 20)'],
    },
  ),
  change('new-view', [
    `CREATE VIEW $_v WITH (security_barrier = true) AS SELECT id, 'a  b'::text AS c FROM $`,
    'CREATE VIEW "$ w" AS SELECT c FROM $_v WHERE id > 3',
    `COMMENT ON VIEW $_v IS 'seen'`,
  ]),
  change('other-view', 'CREATE OR REPLACE VIEW $_v AS SELECT id, n FROM $', {
    before: ['CREATE VIEW $_v AS SELECT id FROM $'],
  }),
  change('drop-view', ['DROP VIEW "$ w"', 'DROP VIEW $_v'], {
    before: ['CREATE VIEW $_v AS SELECT id FROM $', 'CREATE VIEW "$ w" AS SELECT * FROM $_v'],
  }),
  change('new-materialized-view', [
    'CREATE MATERIALIZED VIEW $_m AS SELECT id, note FROM $',
    'CREATE UNIQUE INDEX $_mi ON $_m (id)',
  ]),
  change('new-schema', 'CREATE SCHEMA "$ S"'),
  change('new-extension', 'CREATE EXTENSION citext WITH SCHEMA public'),
  change('new-collation', `CREATE COLLATION $_coll (LC_COLLATE = 'C', LC_CTYPE = 'C')`),
  change('new-role', ['CREATE ROLE "$ r" NOLOGIN CREATEDB', 'GRANT drift_reader TO "$ r"']),
  change(
    'rights',
    [
      'GRANT SELECT, INSERT ON $ TO drift_reader',
      'GRANT UPDATE (note) ON $ TO drift_reader',
      'REVOKE SELECT ON $ FROM drift_owner',
    ],
    { before: ['GRANT SELECT ON $ TO drift_owner'] },
  ),
  change('owner', 'ALTER TABLE $ OWNER TO drift_owner'),
  change('comment', [`COMMENT ON TABLE $ IS 'it''s new'`, `COMMENT ON COLUMN $.note IS 'a note'`]),
];
