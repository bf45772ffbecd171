import { createColors } from 'picocolors';
import type { EngineEvent } from '../../sql-runner/model/events';
import { planText } from '../../sql-runner/render/plan-text';
import { connectBy } from '../../lab/connections';
import { carryOut } from '../sql-runner/checks/printed-fix';
import { DirectLab } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { execute } from './support/provocations';
import { rowsAsText } from './support/rows-as-text';
import { eventually } from '../support/eventually';

/** Roles and grants follow by plan and apply, while production is written to. */

const stage = stagesInOrder();
let world: DirectLab;

beforeAll(async () => {
  world = await DirectLab.start('roles', { databases: ['shop'] });
  await onSource('CREATE ROLE clerk', 'CREATE ROLE lead', 'CREATE ROLE dev', 'GRANT lead TO dev');
  await onSource('CREATE TABLE parcels (id bigserial PRIMARY KEY, weight int, secret text)');
  await world.run('apply');
  await world.deployTarget();
  await world.run('apply');
});
afterAll(() => world?.lab.down());

const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);
const follow = (own: string[] = []) => {
  world.contract = { ...world.contract, roles: { own } };
};
const may = async (role: string, column: string, privilege: string) => {
  const clone = await world.clone('shop');
  const { rows } = await clone.query<{ may: boolean }>('SELECT has_column_privilege($1, $2, $3, $4) AS may', [
    role,
    'parcels',
    column,
    privilege,
  ]);
  await clone.end();
  return rows[0]!.may;
};

stage('nothing is looked at unless the environment says so, and then that it was is said', async () => {
  await onSource('CREATE ROLE analyst', 'GRANT SELECT (id, weight) ON parcels TO analyst');
  const without = await world.plan();
  expect(without.changes).toEqual([]);
  expect(planText(without, createColors(false))).not.toMatch(/roles? with what/);
  follow(['analyst']);
  const own = await world.plan();
  expect(own.changes).toEqual([]);
  expect(planText(own, createColors(false))).toMatch(/No changes\. .*, \d+ roles? with what they may/);
});

stage('a run that dies is carried on, while writers write', async () => {
  follow();
  let done = false;
  const writer = await world.source('shop');
  const writing = (async () => {
    while (!done) await writer.query('INSERT INTO parcels (weight) VALUES (1)');
    await writer.end();
  })();
  await onSource(
    `CREATE ROLE reporter LOGIN PASSWORD 'never-shown'`,
    'GRANT analyst TO reporter',
    'GRANT INSERT ON parcels TO reporter',
    'GRANT USAGE ON SEQUENCE parcels_id_seq TO reporter',
  );
  const planned = await world.plan();
  expect(planned.changes.map(({ id }) => id)).toEqual([
    'target/followed-role/analyst',
    'target/followed-role/reporter',
    'target/memberships',
    'target/shop/rights',
  ]);
  expect(planText(planned, createColors(false))).toContain('it has no password, so nobody can log in as it');
  expect(await world.runAndDie('apply', 1)).toEqual(['target/followed-role/analyst']);
  const events: EngineEvent[] = [];
  expect(await world.run('apply', { listener: (event) => events.push(event) })).toBe('applied');
  expect(JSON.stringify([planned, events])).not.toContain('never-shown');
  const { changes, findings } = await world.plan();
  expect([changes, findings.filter(({ code }) => /ROLE|RIGHT|OWNER|MEMBER/.test(code))]).toEqual([[], []]);
  expect(await may('reporter', 'weight', 'SELECT')).toBe(true);
  expect(await may('reporter', 'secret', 'SELECT')).toBe(false);
  done = true;
  await writing;
  await eventually(
    async () => (await rowsAsText(world.clone, 'parcels')) === (await rowsAsText(world.source, 'parcels')),
  );
});

stage('what the source takes is taken, and what the clone alone has stays', async () => {
  const clone = await world.clone('shop');
  await execute(clone, ['CREATE ROLE team LOGIN', 'GRANT SELECT ON parcels TO team, analyst']);
  await onSource('REVOKE INSERT ON parcels FROM reporter', 'REVOKE analyst FROM reporter');
  expect(await world.run('apply')).toBe('applied');
  expect(await may('reporter', 'weight', 'SELECT')).toBe(false);
  expect(await may('reporter', 'weight', 'INSERT')).toBe(false);
  expect(await may('analyst', 'secret', 'SELECT')).toBe(false);
  expect(await may('team', 'secret', 'SELECT')).toBe(true);
  const { changes, findings } = await world.plan();
  expect(changes).toEqual([]);
  expect(findings.map(({ code }) => code)).toContain('ROLES_ON_CLONE_ALONE');
});

stage('no new table is given by name to a role that is not known, and who is not compared is not counted', async () => {
  const before = planText(await world.plan(), createColors(false));
  expect(before).toMatch(/, 5 roles with what they may, /);
  expect(before).not.toContain('Not looked at');
  await onSource(
    'DROP ROLE clerk',
    'DROP ROLE lead',
    'CREATE ROLE clerk',
    'CREATE TABLE later (id int PRIMARY KEY)',
    'GRANT SELECT ON later TO clerk',
  );
  expect(await world.run('apply')).toBe('nothing-to-do');
  const clone = await world.clone('shop');
  const there = async () =>
    (
      await clone.query<object>(`SELECT to_regclass('later')::text AS later, has_table_privilege('clerk', c.oid, 'SELECT') AS may
       FROM (SELECT to_regclass('later') AS oid) c`)
    ).rows;
  expect(await there()).toEqual([{ later: null, may: null }]);
  const plan = await world.plan();
  expect(planText(plan, createColors(false))).toMatch(
    /, 2 roles with what they may, .* Not looked at: what clerk may, .* Not looked at: what roles may by lead, /,
  );
  const told = (code: string) => plan.findings.find((one) => one.code === code)!;
  expect(told('NEW_TABLE_NOT_ADDED').seen).toContain('clerk');
  const admin = await connectBy((database) => world.lab.adminConnection('clone', database))('shop');
  await carryOut(told('ROLE_NOT_KNOWN'), admin, 'ROLE_NOT_KNOWN');
  await carryOut(told('ROLE_GIVES_MORE'), admin, 'ROLE_GIVES_MORE');
  await admin.end();
  expect(await world.run('apply')).toBe('applied');
  expect(await there()).toEqual([{ later: 'later', may: true }]);
  await clone.end();
  expect(planText(await world.plan(), createColors(false))).not.toContain('Not looked at');
});
