import { sourceContract } from '../support/contract';
import { edit } from '../support/observations';
import { findingsOf, healthy } from '../support/surveys';
import { after, unconnected, type Edit } from './provocations';

const LACKS = 'SUBSCRIPTION_NOT_ALLOWED';

test('a role that cannot replicate yet must be given that, by a user who may', () => {
  const findings = after(({ source }) => {
    source.role!.memberOfRdsReplication = false;
    source.privileges.grantReplication = false;
  });
  expect(findings.find(({ code }) => code === 'ROLE_NOT_MANAGEABLE')?.next).toMatch(
    /: GRANT rds_replication TO "master" WITH ADMIN OPTION;$/,
  );
});

test.each([
  [150_010, '"master";'],
  [160_000, '"master" WITH INHERIT TRUE;'],
])('a membership comes with the rights of the role where it has options of its own: on %i', (versionNum, end) => {
  const findings = after((world) => {
    unconnected(world);
    world.target.server.versionNum = versionNum;
    Object.assign(world.target.privileges, { subscribe: false, rdsSuperuser: false });
  });
  expect(findings.find(({ code }) => code === LACKS)!.next).toContain(` TO ${end}`);
});

test('a role with the REPLICATION attribute needs no membership', () => {
  const findings = after(({ source }) => {
    Object.assign(source.role!, { replication: true, memberOfRdsReplication: false });
    source.privileges.grantReplication = false;
  });
  expect(findings.map(({ code }) => code)).not.toContain('ROLE_NOT_MANAGEABLE');
});

test.each<[string, object, string[]]>([
  ['a member of pg_create_subscription', { subscribe: true, rdsSuperuser: false }, []],
  ['a member of rds_superuser', { subscribe: false, rdsSuperuser: true }, []],
  ['a member of neither', { subscribe: false, rdsSuperuser: false }, [LACKS]],
])('%s is asked whether it may subscribe', (_, privileges, expected) => {
  const findings = after((world) => {
    unconnected(world);
    Object.assign(world.target.privileges, privileges);
  });
  expect(findings.map(({ code }) => code)).toEqual(expected);
});

test("somebody else's subscription in the database does not stand for ours", () => {
  const findings = after(({ target }) => {
    target.databases.shop!.subscriptionOptions[0]!.name = 'other';
    target.databases.shop!.privileges.create = false;
  });
  expect(findings.map(({ code }) => code)).toEqual([LACKS]);
});

test('what is lacking is named in full: the role, and each database', () => {
  const world = edit(healthy(sourceContract(['shop', 'ledger', 'audit'])), ({ target }) => {
    Object.assign(target.privileges, { subscribe: false, rdsSuperuser: false });
    for (const name of ['shop', 'ledger', 'audit']) {
      target.databases[name]!.subscriptionOptions = [];
      target.databases[name]!.privileges.create = name === 'audit';
    }
  });
  expect(findingsOf(world).map(({ seen }) => seen)).toEqual([
    'master lacks on the clone: pg_create_subscription, CREATE on database shop, CREATE on database ledger',
  ]);
});

const version =
  (versionNum: number): Edit =>
  ({ source, target }) =>
    (source.server.versionNum = target.server.versionNum = versionNum);

test.each([
  [150_099, 'master lacks on the clone: rds_superuser'],
  [160_000, 'master lacks on the clone: pg_create_subscription, CREATE on database shop'],
])('the right to subscribe is one of its own, and one of the database, from 16 on: %d', (versionNum, lacking) => {
  const findings = after((world) => {
    unconnected(world);
    version(versionNum)(world);
    Object.assign(world.target.privileges, { subscribe: false, rdsSuperuser: false });
    world.target.databases.shop!.privileges.create = false;
  });
  expect(findings).toMatchObject([{ code: LACKS, seen: lacking }]);
});

test.each([
  [130_099, 'GRANT rds_superuser TO "master";'],
  [140_000, 'GRANT EXECUTE ON FUNCTION a(text) TO "master"; GRANT EXECUTE ON FUNCTION b(text) TO "master";'],
])('functions of origins can be granted one by one from 14 on: %d', (versionNum, fix) => {
  const [finding, ...others] = after((world) => {
    version(versionNum)(world);
    world.target.databases.shop!.privileges.deniedOriginFunctions.push('a(text)', 'b(text)');
  });
  expect([finding!.next.split('clone: ')[1], others]).toEqual([fix, []]);
});
