import { eventually } from '../support/eventually';
import { DirectLab } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { statusOf } from './support/looks';
import { execute } from './support/provocations';

/** A new password says nothing of rows: what somebody did to a subscription before it, or meanwhile, is told after it too. */

const stage = stagesInOrder();
const SUBSCRIPTION = 'acas_demo_shop';
let world: DirectLab;

beforeAll(async () => {
  world = await DirectLab.start('rotate-doubt');
  await onSource('CREATE TABLE orders (id bigint PRIMARY KEY)', 'INSERT INTO orders VALUES (1)');
  await execute(await world.source('ledger'), [
    'CREATE SCHEMA "Audit"',
    'CREATE TABLE accounts (id bigint PRIMARY KEY)',
  ]);
  await execute(await world.source('ledger'), ['CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)']);
  await world.run('apply');
  await world.deployTarget();
  await world.run('apply');
  await told('streaming');
});
afterAll(() => world?.lab.down());

const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);
const onClone = async (...statements: string[]) => execute(await world.clone('shop'), statements);
const told = (state: string) =>
  eventually(async () => (await statusOf(world)).streams.find(({ database }) => database === 'shop')?.state === state);

/** Somebody takes the worker away, moves the origin over a row, and lets it go on. */
async function loseRow(id: number): Promise<void> {
  await onClone(`ALTER SUBSCRIPTION ${SUBSCRIPTION} DISABLE`);
  const gone = async () =>
    (await onClone(`SELECT FROM pg_stat_subscription WHERE subname = '${SUBSCRIPTION}' AND pid IS NOT NULL`)).length ===
    0;
  await eventually(gone);
  await onSource(`INSERT INTO orders VALUES (${id})`);
  const [row] = await onSource('SELECT pg_current_wal_lsn()::text AS lsn');
  await onClone(
    `SELECT pg_replication_origin_advance('pg_' || oid, '${String(row!.lsn)}') FROM pg_subscription WHERE subname = '${SUBSCRIPTION}'`,
    `ALTER SUBSCRIPTION ${SUBSCRIPTION} ENABLE`,
  );
}

stage('altered before a rotation: not proven before it and after it, and the comparison finds the row', async () => {
  await loseRow(2);
  await told('not proven');
  // It is carried out, and does not say that all is in sync.
  await expect(world.run('rotate')).rejects.toMatchObject({ code: 'CONTINUITY_NOT_PROVEN' });
  await told('not proven');
  await expect(world.run('apply')).rejects.toMatchObject({ code: 'STREAM_BROKEN' });
  await onClone('INSERT INTO orders VALUES (2)');
  await world.run('apply');
  await told('streaming');
});

stage('altered by nobody: a rotation leaves nothing to be told', async () => {
  await world.run('rotate');
  await told('streaming');
  expect((await world.plan()).changes).toEqual([]);
});
