import { waitUntilCaughtUp } from '../../lab/demo/comparison';
import type { EngineEvent } from '../../sql-runner/model/events';
import { eventually } from '../support/eventually';
import { saysEqual } from './support/continuity-said';
import { DirectLab } from './support/direct-lab';
import { execute } from './support/provocations';

let world: DirectLab;

beforeAll(async () => {
  world = await DirectLab.start('at-work', { databases: ['shop'] });
  await onSource('CREATE TABLE orders (id bigint PRIMARY KEY)');
  await world.run('apply');
  await world.deployTarget();
  await world.run('apply');
});
afterAll(() => world?.lab.down());

const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);
const WAITS = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND backend_type LIKE 'logical replication%'`;

/**
 * A worker that is disabled ends after the transaction that it applies, which waits here for a lock. Until then its slot is
 * read, and moves on: by itself, and by nobody else.
 */
test('apply waits for a worker that was disabled to end before it plans, and takes it for nobody else', async () => {
  const holder = await world.clone('shop');
  await holder.query('BEGIN; LOCK TABLE orders');
  await onSource('INSERT INTO orders VALUES (1)');
  await eventually(async () => (await holder.query(WAITS)).rowCount === 1);
  await execute(await world.clone('shop'), ['ALTER SUBSCRIPTION acas_demo_shop DISABLE']);

  const said: string[] = [];
  const listener = (event: EngineEvent): void => {
    if (event.type === 'planned') said.push('planned');
    if (event.type !== 'waiting' || said.length > 0) return;
    said.push(event.for);
    void holder.query('COMMIT');
  };
  try {
    expect(await world.run('apply', { listener })).toBe('applied');
  } finally {
    await holder.end();
  }
  expect(said).toEqual(['the worker of a subscription that was disabled to end', 'planned']);
  await waitUntilCaughtUp(world.source, ['acas_demo_shop']);
  expect(await execute(await world.clone('shop'), ['SELECT id::int FROM orders'])).toEqual([{ id: 1 }]);
  expect(await saysEqual(world)).toBe(true);
});
