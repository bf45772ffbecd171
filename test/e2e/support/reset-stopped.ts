import { connectBy } from '../../../lab/connections';
import type { Finding } from '../../../sql-runner/model/change';
import type { PlanMode } from '../../../sql-runner/model/plan';
import { carryOut } from '../../sql-runner/checks/printed-fix';
import { eventually } from '../../support/eventually';
import { refusalOf, type DirectLab } from './direct-lab';
import { execute } from './provocations';

const blocks = async (world: DirectLab, mode: PlanMode): Promise<Finding[]> =>
  (await world.plan(mode)).findings.filter(({ severity }) => severity === 'block');

/** What the clone follows by. */
async function followed(world: DirectLab): Promise<unknown> {
  const slots = await execute(await world.source('shop'), [
    `SELECT (SELECT jsonb_agg(slot_name ORDER BY slot_name) FROM pg_replication_slots) AS slots,
            (SELECT jsonb_agg(obj_description(oid, 'pg_publication') ORDER BY pubname) FROM pg_publication) AS marks`,
  ]);
  return {
    slots,
    subscriptions: await execute(await world.clone('shop'), [
      'SELECT subname, subenabled FROM pg_subscription ORDER BY 1',
    ]),
  };
}

/** Named by the plan, refused by the run, and nothing is given up for it. */
async function refused(world: DirectLab, mode: PlanMode, code: string): Promise<Finding> {
  const before = await followed(world);
  const plan = await world.plan(mode);
  expect([plan.changes, plan.nextStep]).toEqual([[], null]);
  const found = plan.findings.filter(({ severity }) => severity === 'block');
  expect(found.map((finding) => finding.code)).toEqual([code]);
  expect(await refusalOf(world.run(mode))).toBe(code);
  expect(await followed(world)).toEqual(before);
  return found[0]!;
}

/** While a clone follows: what lies on the source, and would stop the next one, or the way to it. */
export async function stoppedOnSource(world: DirectLab): Promise<void> {
  const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);
  await onSource('CREATE TABLE public.documents (a int, j json)', 'ALTER TABLE documents REPLICA IDENTITY FULL');
  await refused(world, 'reset', 'FULL_IDENTITY_UNMATCHABLE');
  // The clone that follows does not take the table, and is as well as before.
  expect(await blocks(world, 'apply')).toEqual([]);
  await onSource('DROP TABLE documents');
  expect(await blocks(world, 'reset')).toEqual([]);

  const admin = await connectBy((database) => world.lab.adminConnection('source', database))('shop');
  try {
    await admin.query('REVOKE rds_replication FROM app_owner CASCADE; ALTER ROLE app_owner NOREPLICATION');
    await refused(world, 'teardown', 'REPLICATION_NOT_ALLOWED');
    const finding = await refused(world, 'reset', 'REPLICATION_NOT_ALLOWED');
    await carryOut(finding, admin, 'REPLICATION_NOT_ALLOWED');
    for (const mode of ['reset', 'teardown'] as const)
      await eventually(async () => (await blocks(world, mode)).length === 0);
    // What went with it, of which nothing was said here.
    await admin.query('GRANT rds_replication TO app_owner WITH ADMIN OPTION');
  } finally {
    await admin.end();
  }
  expect(await world.run('apply')).toBe('applied');
}
