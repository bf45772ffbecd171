import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectBy } from '../../../lab/connections';
import { eventually } from '../../support/eventually';
import type { DirectLab } from './direct-lab';
import { execute } from './provocations';

/** The runs of it that are kept, the latest first, up to the apply at its end. */
export const MENDED = [
  ['skip', 'applied'],
  ['repair', 'applied'],
  ['resync', 'applied'],
  ['large-objects', 'applied'],
  ['refresh', 'applied'],
  ['sequences', 'applied'],
] as const;

/** Sequences are set, a materialized view is refreshed, a large object is copied, a row is mended, one table is copied anew, then a stream fails on a transaction that is left out; both sides have its row all the same. */
export async function mendByRuns(
  world: DirectLab,
  record: (verb: string, ...flags: string[]) => Promise<void>,
): Promise<void> {
  await execute(await world.source('shop'), [`SELECT nextval('numbers')`]);
  await record('plan', '--sequences');
  await record('sequences', '--headroom', '10', '--put-back', '--auto-approve');
  await execute(await world.clone('shop'), ['CREATE MATERIALIZED VIEW seen AS SELECT count(*) FROM orders']);
  await record('plan', '--refresh');
  await record('refresh', '--auto-approve');
  await execute(await world.source('shop'), ['SELECT lo_create(4711)']);
  await record('plan', '--large-objects');
  await record('large-objects', '--auto-approve');
  await record('plan', '--resync', 'public.orders', '--database', 'shop');
  await record('resync', 'public.orders', '--auto-approve');
  await execute(await world.clone('shop'), ['DELETE FROM orders WHERE id = 1']);
  const found = { database: 'shop', schema: 'public', name: 'orders', differences: [{ key: { id: '1' } }] };
  const file = join(world.lab.directory, 'verify.json');
  await writeFile(
    file,
    JSON.stringify({ environment: 'demo', equal: false, tables: [{ ...found, moreDifferences: false }] }),
  );
  await record('plan', '--repair', file);
  await record('repair', '--from', file, '--auto-approve');
  const admin = await connectBy((database) => world.lab.adminConnection('clone', database))('shop');
  await execute(admin, ['INSERT INTO orders VALUES (2)']);
  await execute(await world.source('shop'), ['INSERT INTO orders VALUES (2)']);
  await eventually(async () => (await world.plan('skip')).changes.length > 0, 60_000);
  await record('skip', '--auto-approve');
  await record('apply', '--auto-approve');
}
