import { createColors } from 'picocolors';
import type { EngineEvent } from '../../sql-runner/model/events';
import { planText } from '../../sql-runner/render/plan-text';
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
