import { eventually } from '../../support/eventually';
import { printedRun } from '../../sql-runner/checks/printed-fix';
import { repairs, SUBSCRIPTION, type AlteredLab } from './altered-lab';
import { CONNECTION, PROOF } from './drifts';

/** @param from which messages of the clone get into its log */
const logs = (lab: AlteredLab, from: string) =>
  lab.asAdmin('clone', `ALTER SYSTEM SET log_min_messages = ${from}`, 'SELECT pg_reload_conf()');

/** The connection of a subscription was altered: nobody listens there. */
export async function leadsNowhere(lab: AlteredLab, from: string): Promise<void> {
  await logs(lab, from);
  await ledNowhere(lab);
  const { plan, finding } = await lab.expectSaid('APPLY_WORKER_STOPPED', /no apply worker that stays/);
  expect([repairs(plan), plan.changes.map(({ id }) => id)]).toEqual([[CONNECTION], expect.arrayContaining([PROOF])]);
  expect(plan.changes[0]!.reason).toMatch(/nothing else was seen .* its connection, which cannot be read/);
  await lab.write();
  expect(await lab.world.follow(printedRun(finding, 'APPLY_WORKER_STOPPED'))).toBe('applied');
  await lab.expectWell();
  await logs(lab, 'warning');
}

async function ledNowhere(lab: AlteredLab): Promise<void> {
  await lab.reconnect({ port: 1 });
  await eventually(async () => (await lab.world.plan()).findings.some(({ code }) => code === 'APPLY_WORKER_STOPPED'));
}

/**
 * It leads to another server, which has a slot of this name. What the worker before failed at is the last that the log has,
 * where it has anything.
 */
export async function leadsElsewhere(lab: AlteredLab, from: string): Promise<void> {
  await logs(lab, from);
  await ledNowhere(lab);
  await lab.onClone(`SELECT pg_create_logical_replication_slot('${SUBSCRIPTION}', 'pgoutput')`);
  await lab.reconnect(lab.cloneLogin());
  await lab.write();
  const { plan, finding } = await lab.expectSaid('STREAM_NOT_STREAMING', /nobody reads slot acas_demo_shop/);
  expect([repairs(plan), plan.changes.map(({ id }) => id)]).toEqual([[CONNECTION], expect.arrayContaining([PROOF])]);
  expect(await lab.world.follow(printedRun(finding, 'STREAM_NOT_STREAMING'))).toBe('applied');
  await lab.expectWell();
  // From where it stands by then it would send the clone what the clone has applied itself.
  const drop = `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '${SUBSCRIPTION}' AND NOT active`;
  await eventually(async () => (await lab.onClone(drop)).length === 1);
  await logs(lab, 'warning');
}
