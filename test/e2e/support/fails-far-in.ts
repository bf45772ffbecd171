import { waitUntilCaughtUp } from '../../../lab/demo/comparison';
import { eventually } from '../../support/eventually';
import { statusOf } from './looks';
import type { DirectLab } from './direct-lab';
import { execute } from './provocations';

const [FIRST, LAST] = [1_000_001, 1_150_000];

/**
 * A transaction whose last row of many meets one of the same key on the clone, again and again: between two errors
 * bytes come in, and none of it is ever applied, whatever `status` looks at.
 */
export async function failFarIn(world: DirectLab): Promise<void> {
  await execute(await world.clone('shop'), [`INSERT INTO orders VALUES (${LAST}, 'of the clone')`]);
  await execute(await world.source('shop'), [`INSERT INTO orders SELECT generate_series(${FIRST}, ${LAST}), 'many'`]);
  const look = async () => (await statusOf(world)).streams[0]!;
  const before = (await look()).applyErrors!;
  const failed = await eventually(async () => {
    const { applyErrors } = await look();
    return applyErrors! > before && applyErrors!;
  });
  const states: string[] = [];
  for (let seen = failed; seen < failed + 2;) {
    const { state, applyErrors } = await look();
    states.push(state);
    seen = applyErrors!;
  }
  await execute(await world.clone('shop'), [`DELETE FROM orders WHERE id = ${LAST}`]);
  expect(states.filter((state) => state === 'streaming' || state === 'catching up')).toEqual([]);
  // While it is at work on all of that, a busy machine's worker may look as if it hung.
  await waitUntilCaughtUp(world.source, ['acas_demo_shop']);
}

const ENDS = `
  CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NEW; END $$;
  CREATE TRIGGER slow BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION slow();
  ALTER TABLE orders ENABLE ALWAYS TRIGGER slow;
  ALTER DATABASE shop SET transaction_timeout = '1s'`;
const END = `
  ALTER DATABASE shop RESET transaction_timeout;
  DROP TRIGGER slow ON orders;
  DROP FUNCTION slow()`;

/**
 * A timeout ends the worker by FATAL before it gets to the end of a transaction, each time: no error is counted, and
 * bytes come in after each start.
 * @param admin carries out statements in database shop of the clone as its superuser
 */
export async function endFarIn(
  world: DirectLab,
  admin: (side: 'clone', ...statements: string[]) => Promise<Record<string, unknown>[]>,
): Promise<void> {
  const asAdmin = (...statements: string[]) => admin('clone', ...statements);
  const [version] = await asAdmin(`SELECT current_setting('server_version_num')::int >= 170000 AS has`);
  if (version!.has !== true) return; // transaction_timeout came with 17.
  const endWorker = () =>
    asAdmin(`SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE subname = 'acas_demo_shop'`);
  const workers = new Set<unknown>();
  const isAtIt = async () => {
    const [row] = await asAdmin(
      `SELECT pid FROM pg_stat_subscription WHERE subname = 'acas_demo_shop' AND pid IS NOT NULL`,
    );
    if (row !== undefined) workers.add(row.pid);
    return workers.size > 3;
  };
  await asAdmin(ENDS);
  await endWorker();
  await execute(await world.source('shop'), [`INSERT INTO orders SELECT generate_series(2000001, 2000020), 'many'`]);
  const states: string[] = [];
  while (!(await isAtIt())) states.push((await statusOf(world)).streams[0]!.state);
  // It is set for the database, and whoever ends it would be ended by it on a busy machine.
  await asAdmin('SET transaction_timeout = 0', END);
  await endWorker();
  expect(states.filter((state) => state === 'streaming' || state === 'catching up')).toEqual([]);
  await waitUntilCaughtUp(world.source, ['acas_demo_shop']);
}
