import { strangersAmong } from '../../../../sql-runner/resources/roles/strangers';
import { from } from '../../../support/postgres-major';
import { carryOut, printedRun } from '../../checks/printed-fix';
import { sourceContract } from '../../support/contract';
import { role, serverWith } from '../../support/followed-roles';
import { RolesWorld } from '../../support/roles-world';

/** Of roles that nobody knows to be the same on both sides, nothing is given by name alone. */
let world: RolesWorld;

beforeAll(async () => {
  world = await RolesWorld.start(`
    CREATE ROLE clerk; CREATE ROLE reader;
    SELECT lo_from_bytea(70001, 'old'); GRANT SELECT ON LARGE OBJECT 70001 TO clerk, reader`);
});
afterAll(() => world?.stop());

const granted = async () => {
  const { rows } = await world.cloneAdmin.query<{ oid: string; owner: string; grantees: string[] }>(
    `SELECT l.oid::text, pg_get_userbyid(l.lomowner)::text AS owner, (SELECT array_agg(g.rolname::text ORDER BY 1)
       FROM aclexplode(l.lomacl) a JOIN pg_roles g ON g.oid = a.grantee WHERE g.rolname IN ('clerk', 'reader')) AS grantees
       FROM pg_largeobject_metadata l ORDER BY l.oid`,
  );
  return rows;
};

it('gives no large object to such a role, takes none from it, and says so until it is known', async () => {
  await world.sourceAdmin.query(`
    DROP OWNED BY clerk; DROP ROLE clerk; CREATE ROLE clerk;
    GRANT SELECT ON LARGE OBJECT 70001 TO clerk; SELECT lo_put(70001, 0, 'new');
    SELECT lo_from_bytea(70002, 'later'); ALTER LARGE OBJECT 70002 OWNER TO master;
    SELECT lo_from_bytea(70003, 'theirs'); ALTER LARGE OBJECT 70003 OWNER TO clerk;
    GRANT SELECT ON LARGE OBJECT 70002 TO clerk, reader; GRANT SELECT ON LARGE OBJECT 70003 TO master`);
  const told = await world.copyLargeObjects();
  const found = told.find(({ code }) => code === 'LARGE_OBJECTS_ROLES_NOT_KNOWN')!;
  expect(found.seen).toMatch(/: clerk$/);
  expect(await granted()).toEqual([
    { oid: '70001', owner: 'master', grantees: ['clerk', 'reader'] },
    { oid: '70002', owner: 'master', grantees: ['reader'] },
    { oid: '70003', owner: 'master', grantees: null },
  ]);
  const { findings } = await world.plan();
  await carryOut(
    findings.find(({ code }) => code === 'ROLE_NOT_KNOWN')!,
    world.cloneAdmin,
    'ROLE_NOT_KNOWN',
  );
  await world.cloneAdmin.query(`GRANT clerk TO master${from(16) ? ' WITH INHERIT TRUE, SET TRUE' : ''}`);
  expect(printedRun(found, 'LARGE_OBJECTS_ROLES_NOT_KNOWN')).toEqual(['large-objects', 'demo']);
  expect(await world.copyLargeObjects()).toEqual([]);
  const [, later, theirs] = await granted();
  expect(later!.grantees).toEqual(['clerk', 'reader']);
  expect(theirs!.owner).toBe('clerk');
});

it('is who has one name and another number or mark, under ownRoles as well; never a login or what is ours', () => {
  const contract = { ...sourceContract(['shop']), roles: { own: ['b'] } };
  const mark = 'aurora-cross-account-sync {"kind":"role","environment":"old"}';
  const there = [
    role('a', 20_000),
    role('b', 20_001),
    role('c', 20_002),
    role('rds_x', 20_003, { reserved: true }),
    role('old', 20_004, { comment: mark }),
    role(contract.replication.role, 20_005),
  ];
  const here = there.map((one) => (one.name === 'c' ? one : { ...one, oid: one.oid + 100 }));
  const both = { source: serverWith(there), clone: serverWith(here) };
  expect(strangersAmong(contract, both)).toEqual(['a', 'b']);
  const { roles: _, ...without } = contract;
  expect(strangersAmong(without, both)).toEqual([]);
});
