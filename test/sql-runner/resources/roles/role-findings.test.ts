import { from } from '../../../support/postgres-major';
import { carryOut, printedRun } from '../../checks/printed-fix';
import { rightsOf } from '../../support/effective-rights';
import { RolesWorld } from '../../support/roles-world';

/** What is not carried out is told, keeps nothing else, and what is printed heals it. */
let world: RolesWorld;

beforeAll(async () => {
  world = await RolesWorld.start(`
    CREATE ROLE keeper; GRANT keeper TO master; CREATE ROLE anna LOGIN PASSWORD 'x'; CREATE ROLE ben LOGIN PASSWORD 'x';
    CREATE ROLE analyst; CREATE SCHEMA audit; CREATE TABLE audit.log (id int);
    CREATE ROLE lead; GRANT lead TO ben; GRANT SELECT ON audit.log TO lead; GRANT CONNECT ON DATABASE shop TO ben;
    CREATE ROLE teller; GRANT teller TO master; GRANT CREATE, USAGE ON SCHEMA audit TO keeper, teller;
    CREATE TABLE audit.counted (id int PRIMARY KEY, x int); ALTER TABLE audit.counted OWNER TO teller;
    CREATE FUNCTION audit.f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a';
    ALTER FUNCTION audit.f OWNER TO keeper; ALTER TABLE audit.counted ADD CHECK (audit.f(x) > 0);`);
});
afterAll(() => world?.stop());

const told = async (code: string) => {
  const { findings } = await world.plan();
  const found = findings.filter((one) => one.code === code);
  expect([code, found.length, findings.map((one) => one.code)]).toEqual([code, 1, expect.anything()]);
  return found[0]!;
};
const source = (sql: string) => world.sourceAdmin.query(sql);
const clone = (sql: string) => world.cloneAdmin.query(sql);
/** With all that was to be done. */
async function healed(): Promise<void> {
  const { told: refused, second } = await world.follow();
  expect(refused).toEqual([]);
  expect(second).toEqual({ changes: [], findings: [] });
  expect(await rightsOf(world.cloneAdmin)).toEqual(await rightsOf(world.sourceAdmin));
}

it('does not take two roles of one name for one', async () => {
  await clone('CREATE ROLE reporter');
  await source('CREATE ROLE another; CREATE ROLE reporter LOGIN; GRANT SELECT ON audit.log TO reporter');
  const { second } = await world.follow();
  expect(second.changes).toEqual([]);
  const found = await told('ROLE_NOT_KNOWN');
  expect((await rightsOf(world.cloneAdmin)).filter((text) => /^reporter: SELECT/.test(text))).toEqual([]);
  await carryOut(found, world.cloneAdmin, 'ROLE_NOT_KNOWN');
  if (from(16)) await clone('GRANT reporter TO master WITH ADMIN OPTION');
  await carryOut(await told('ROLES_KEPT_OUT'), world.cloneAdmin, 'ROLES_KEPT_OUT');
  await healed();
});

it('says where a role was renamed, and makes no second one', async () => {
  await source('ALTER ROLE analyst RENAME TO explorer');
  const { second } = await world.follow();
  expect(second.changes).toEqual([]);
  await carryOut(await told('ROLE_RENAMED'), world.cloneAdmin, 'ROLE_RENAMED');
  await healed();
});

it('lets nobody in again whom the clone keeps out', async () => {
  await clone('ALTER ROLE anna NOLOGIN CONNECTION LIMIT 0; REVOKE CONNECT ON DATABASE shop FROM ben, PUBLIC');
  const { second } = await world.follow();
  expect(second.changes).toEqual([]);
  await carryOut(await told('ROLES_KEPT_OUT'), world.cloneAdmin, 'ROLES_KEPT_OUT');
  await healed();
});

it('leaves roles that the clone alone has, and says so of those that may log in', async () => {
  await clone(`CREATE ROLE team LOGIN; GRANT SELECT ON audit.log TO team`);
  const found = await told('ROLES_ON_CLONE_ALONE');
  world.contract = { ...world.contract, roles: { own: ['team'] } };
  expect(await world.plan()).toEqual({ changes: [], findings: [] });
  world.contract = { ...world.contract, roles: { own: [] } };
  await carryOut(found, world.cloneAdmin, 'ROLES_ON_CLONE_ALONE');
  expect(await world.plan()).toEqual({ changes: [], findings: [] });
  await clone('DROP OWNED BY team; DROP ROLE team');
});

it('tells what the login may not do, and does all else', async () => {
  await source(
    `CREATE ROLE plain; GRANT ${from(14) ? 'pg_read_all_data' : 'pg_read_all_settings'} TO plain; ALTER ROLE plain SUPERUSER`,
  );
  const { told: refused, second } = await world.follow();
  expect([refused, second.changes]).toEqual([[], []]);
  expect((await told('ROLE_PRIVILEGES_LEFT')).seen).toContain('plain SUPERUSER');
  await carryOut(await told('ROLES_NOT_ALLOWED'), world.cloneAdmin, 'ROLES_NOT_ALLOWED');
  await source('ALTER ROLE plain NOSUPERUSER');
  await healed();
});

it('gives no rights on what belongs to somebody whose rights the login has not', async () => {
  for (const sql of [
    'CREATE ROLE stranger',
    'CREATE TABLE audit.theirs (id int)',
    'ALTER TABLE audit.theirs OWNER TO stranger',
  ])
    for (const run of [source, clone]) await run(sql);
  const [{ oid }] = (await source(`SELECT oid::int FROM pg_roles WHERE rolname = 'stranger'`)).rows as [
    { oid: number },
  ];
  await clone(
    `COMMENT ON ROLE stranger IS '(aurora-cross-account-sync role demo ${oid}: as on the source, made without a password)'`,
  );
  await source('GRANT SELECT ON audit.theirs TO explorer; GRANT SELECT ON audit.log TO explorer');
  // Up to 15 the master user of the lab is a superuser, as which the service's own is not.
  if (!from(16)) return healed();
  const { told: refused, second } = await world.follow();
  expect([refused, second.changes]).toEqual([[], []]);
  await carryOut(await told('RIGHTS_NOT_ALLOWED'), world.cloneAdmin, 'RIGHTS_NOT_ALLOWED');
  await healed();
});

it('leaves the rights of what has another owner', async () => {
  await clone('ALTER TABLE audit.log OWNER TO keeper');
  const { second } = await world.follow();
  expect(second.changes).toEqual([]);
  expect((await told('OWNERS_DIFFER')).next).toContain('sql-runner schema demo');
  await clone('ALTER TABLE audit.log OWNER TO master');
  await healed();
});

it('does not take from the owner of a table what the worker calls as that', async () => {
  await source('REVOKE EXECUTE ON FUNCTION audit.f FROM PUBLIC');
  const { second } = await world.follow();
  expect(second.changes).toEqual([]);
  await carryOut(await told('RIGHT_OF_WORKER_STAYS'), world.sourceAdmin, 'RIGHT_OF_WORKER_STAYS');
  await healed();
});

it('makes no loop, and takes nothing that the login needs', async () => {
  await clone('CREATE ROLE between; GRANT anna TO between; GRANT between TO ben');
  await source('GRANT ben TO anna');
  const { told: refused, second } = await world.follow();
  expect([refused, second.changes]).toEqual([[], []]);
  const found = await told('MEMBERSHIPS_STAY');
  expect(found.seen).toContain('anna in ben');
  await clone('DROP ROLE between');
  expect(printedRun(found, 'MEMBERSHIPS_STAY')).toEqual(['apply', 'demo']);
  await healed();
});

it('says what roles have more by one that the source has dropped, also where they have passed it on', async () => {
  await clone('GRANT lead TO ben WITH ADMIN OPTION; SET ROLE ben; GRANT lead TO keeper; RESET ROLE');
  await source('REVOKE SELECT ON audit.log FROM lead; DROP ROLE lead');
  const may = async (who: string) =>
    (await clone(`SELECT has_table_privilege('${who}', 'audit.log', 'SELECT') AS may`)).rows[0] as { may: boolean };
  const { told: refused, second } = await world.follow();
  expect([refused, second.changes, await may('ben')]).toEqual([[], [], { may: true }]);
  const found = await told('ROLE_GIVES_MORE');
  expect(found.seen).toMatch(/ben in lead, keeper in lead$/);
  world.contract = { ...world.contract, roles: { own: ['lead'] } };
  expect(await world.plan()).toEqual({ changes: [], findings: [] });
  world.contract = { ...world.contract, roles: { own: [] } };
  await carryOut(found, world.cloneAdmin, 'ROLE_GIVES_MORE');
  expect([await may('ben'), await may('keeper')]).toEqual([{ may: false }, { may: false }]);
  expect(await world.plan()).toEqual({ changes: [], findings: [] });
  await clone('DROP OWNED BY lead; DROP ROLE lead');
  await healed();
});
