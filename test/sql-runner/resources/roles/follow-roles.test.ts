import { rightsOf } from '../../support/effective-rights';
import { RolesWorld, statementsOf } from '../../support/roles-world';
import { from } from '../../../support/postgres-major';

/** Roles and grants on a real source and a real clone of it, as the master user, who is no superuser. */
let world: RolesWorld;

beforeAll(async () => {
  world = await RolesWorld.start(`
    CREATE ROLE keeper; GRANT keeper TO master; GRANT CREATE ON SCHEMA public TO keeper;
    CREATE ROLE analyst; CREATE ROLE anna LOGIN PASSWORD 'x'; GRANT analyst TO anna;
    CREATE TABLE orders (id int PRIMARY KEY, secret text, note text); ALTER TABLE orders OWNER TO keeper;
    CREATE SCHEMA audit; CREATE TABLE audit.log (id int); CREATE SEQUENCE audit.seq;
    CREATE FUNCTION audit.f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a';
    CREATE PROCEDURE audit.p() LANGUAGE sql AS 'SELECT 1';
    CREATE TYPE audit.kind AS ENUM ('a'); CREATE DOMAIN audit.positive AS int CHECK (VALUE > 0);
    CREATE VIEW audit.seen AS SELECT 1 AS x;
    GRANT SELECT ON orders TO analyst;`);
});
afterAll(() => world?.stop());

const codes = ({ findings }: { findings: readonly { code: string }[] }) => findings.map(({ code }) => code);
const source = async (...statements: string[]) => {
  for (const statement of statements) await world.onSource.query(statement);
};
const clone = async (...statements: string[]) => {
  for (const statement of statements) await world.onClone.query(statement);
};
/** And nothing is left to be done, nor has anybody more than on the source. */
async function followed(): Promise<string[]> {
  const { first, told, second } = await world.follow();
  expect(told).toEqual([]);
  expect(second).toEqual({ changes: [], findings: [] });
  expect(await rightsOf(world.cloneAdmin)).toEqual(await rightsOf(world.sourceAdmin));
  return statementsOf(first);
}

it('has nothing to do for a clone that has just come', async () => {
  expect(await world.plan()).toEqual({ changes: [], findings: [] });
});

it('makes roles without a password, with what they may', async () => {
  await source(
    `CREATE ROLE "we""ird" LOGIN PASSWORD 'known' CREATEDB CONNECTION LIMIT 5 VALID UNTIL '2031-01-01' NOINHERIT`,
    `COMMENT ON ROLE "we""ird" IS 'it''s; a comment'`,
    `GRANT analyst TO "we""ird"${from(16) ? ' WITH INHERIT FALSE, SET TRUE' : ''}`,
    `GRANT SELECT (id, note) ON orders TO "we""ird"`,
    `GRANT USAGE ON SCHEMA audit TO "we""ird"`,
    `GRANT INSERT, UPDATE ON audit.log TO "we""ird" WITH GRANT OPTION`,
    `GRANT USAGE ON SEQUENCE audit.seq TO "we""ird"`,
    `GRANT EXECUTE ON FUNCTION audit.f TO "we""ird"`,
    `GRANT EXECUTE ON PROCEDURE audit.p TO "we""ird"`,
    `REVOKE EXECUTE ON FUNCTION audit.f FROM PUBLIC`,
    `REVOKE USAGE ON TYPE audit.kind FROM PUBLIC`,
    `GRANT USAGE ON TYPE audit.positive TO "we""ird" WITH GRANT OPTION`,
    `GRANT SELECT ON audit.seen TO PUBLIC`,
    `GRANT CONNECT, CREATE ON DATABASE shop TO "we""ird"`,
  );
  const statements = await followed();
  expect(statements.join('\n')).not.toMatch(/PASSWORD|known/);
  const { rows } = await world.cloneAdmin.query(
    `SELECT rolpassword, shobj_description(oid, 'pg_authid') AS comment FROM pg_authid WHERE rolname = 'we"ird'`,
  );
  expect(rows).toEqual([
    {
      rolpassword: null,
      comment: expect.stringMatching(
        /^it's; a comment\n\(aurora-cross-account-sync role demo \d+: as on the source, made without a password\)$/,
      ),
    },
  ]);
});

it('takes what the source has taken, and what only the clone has given', async () => {
  await source(
    'REVOKE SELECT ON orders FROM analyst',
    'GRANT SELECT (id) ON orders TO analyst',
    'REVOKE analyst FROM anna',
    'REVOKE INSERT ON audit.log FROM "we""ird"',
    'REVOKE GRANT OPTION FOR UPDATE ON audit.log FROM "we""ird"',
    'ALTER ROLE "we""ird" NOCREATEDB NOLOGIN CONNECTION LIMIT 3',
    'COMMENT ON ROLE "we""ird" IS NULL',
    'COMMENT ON ROLE anna IS $$now$$',
  );
  await clone('GRANT DELETE ON orders TO analyst, PUBLIC', 'GRANT SELECT (note) ON orders TO anna');
  await followed();
  const { rows } = await world.onClone.query(`SELECT has_column_privilege('analyst', 'orders', 'id', 'SELECT') AS id,
    has_column_privilege('analyst', 'orders', 'secret', 'SELECT') AS secret`);
  expect(rows).toEqual([{ id: true, secret: false }]);
});

it('takes what was passed on, and leaves what the clone alone has', async () => {
  await clone(
    'CREATE ROLE reader NOLOGIN',
    'GRANT SELECT ON audit.log TO analyst WITH GRANT OPTION',
    'GRANT USAGE ON SCHEMA audit TO analyst',
    'GRANT analyst TO master',
    'SET ROLE analyst',
    'GRANT SELECT ON audit.log TO reader, anna',
    'RESET ROLE',
  );
  await source('GRANT SELECT ON audit.log TO anna', 'GRANT USAGE ON SCHEMA audit TO analyst');
  const { told, second } = await world.follow();
  expect([told, second]).toEqual([[], { changes: [], findings: [] }]);
  const { rows } = await world.onClone.query(
    `SELECT rolname, has_table_privilege(oid, 'audit.log', 'SELECT') AS may FROM pg_roles WHERE rolname IN ('reader', 'anna', 'analyst') ORDER BY 1`,
  );
  expect(rows).toEqual([
    { rolname: 'analyst', may: false },
    { rolname: 'anna', may: true },
    { rolname: 'reader', may: true },
  ]);
  await world.cloneAdmin.query('DROP OWNED BY reader; DROP ROLE reader');
});

it('does not touch what is its own: named roles, the login and the replication role', async () => {
  await world.onSource.query('CREATE ROLE acas_demo; CREATE ROLE team; GRANT SELECT ON audit.log TO team, acas_demo');
  await clone('CREATE ROLE acas_demo', 'GRANT SELECT ON orders TO acas_demo');
  world.contract = { ...world.contract, roles: { own: ['team', 'public'] } };
  await clone('GRANT DELETE ON audit.log TO PUBLIC');
  expect(await world.plan()).toEqual({ changes: [], findings: [] });
  world.contract = { ...world.contract, roles: { own: ['team'] } };
  expect(statementsOf(await world.plan())).toEqual(['REVOKE DELETE ON TABLE audit.log FROM PUBLIC CASCADE;']);
  await world.sourceAdmin.query('DROP OWNED BY team, acas_demo; DROP ROLE team, acas_demo');
  await world.cloneAdmin.query('DROP OWNED BY acas_demo; DROP ROLE acas_demo');
  world.contract = { ...world.contract, roles: { own: [] } };
  await followed();
});

it('gives nothing that the source has taken back since the plan, and does nothing twice', async () => {
  await source('GRANT SELECT ON orders TO anna', 'CREATE ROLE late');
  const first = await world.plan();
  await source('REVOKE SELECT ON orders FROM anna');
  expect(await world.apply(first)).toEqual([]);
  expect(await world.apply(first)).toEqual([]);
  expect(await world.plan()).toEqual({ changes: [], findings: [] });
  expect(codes(first)).toEqual([]);
});
