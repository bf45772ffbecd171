import { openConnections } from '../../../sql-runner/connections/open';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { makePlan } from '../../../sql-runner/actions/run';
import { clientOf } from '../../lab/aws/support';
import { printedAwsCommand, printedDeploy, printedRun } from '../../sql-runner/checks/printed-fix';
import { eventually } from '../../support/eventually';
import { AwsWorld } from './aws-world';
import type { DirectLab } from './direct-lab';
import { errorOf } from './error-of';
import { execute, startReader } from './provocations';

/** Advice about preparing the source, carried out before there is a clone. */
const onSource = async (world: DirectLab, database: string, statement: string) =>
  execute(await world.source(database), [statement]);

/** A table whose owner nobody can be made a member of: the others are named, as printed. */
export async function leaveOutUngrantable(world: DirectLab): Promise<void> {
  const [nobody] = (await world.plan()).findings.filter(({ code }) => code === 'TABLE_NOT_OWNED');
  expect(printedDeploy(nobody!, 'TABLE_NOT_OWNED')).toBe(world.contract.stacks.source);
  const [shop, ledger] = world.contract.links;
  const selection = { kind: 'tables' as const, tables: [{ schema: 'public', name: 'orders' }] };
  const named = { ...world.contract, links: [{ ...shop!, streams: [{ ...shop!.streams[0]!, selection }] }, ledger!] };
  const { findings: left } = await makePlan(openConnections, { source: named, target: null }, 'apply');
  expect(left.map(({ code }) => code)).not.toContain('TABLE_NOT_OWNED');
}

/** As before the first ticket, in these databases. */
export async function withoutTicket(world: DirectLab, databases = ['shop', 'ledger']): Promise<void> {
  await new AwsWorld(world).carryOut('target', ['ssm', 'delete-parameter', '--name', world.contract.ticketParameter]);
  for (const database of databases) {
    const [mark] = await onSource(
      world,
      database,
      `SELECT obj_description(oid, 'pg_publication') AS text FROM pg_publication`,
    );
    const text = String(mark!.text).replace(/,"ticket":\{[^}]*\}/, '');
    await onSource(world, database, `COMMENT ON PUBLICATION acas_demo_${database} IS '${text}'`);
  }
}

/** A ticket that is none: deleted as printed, and issued again. */
export async function ticketOfSomebody(world: DirectLab): Promise<void> {
  const { ticketParameter: Name, targetAccount } = world.contract;
  const parameters = new SSMClient(clientOf(world.lab, targetAccount.accountId));
  await parameters.send(new PutParameterCommand({ Name, Value: 'of somebody', Type: 'String', Overwrite: true }));
  const malformed = await errorOf(world.plan());
  await new AwsWorld(world).carryOut('target', printedAwsCommand(malformed, 'TICKET_MALFORMED'));
  expect(await world.ticket()).toBe(null);
  expect(await world.run('apply')).toBe('applied');
  expect(await world.ticket()).not.toBe(null);
}

/** A slot that is read, or gone, in the moment when the ticket is issued. */
export async function ticketWithoutSlot(world: DirectLab, slot: string): Promise<void> {
  await withoutTicket(world);
  expect((await world.plan()).changes.map(({ id }) => id)).toEqual(['source/clone-ticket']);
  let reader: Awaited<ReturnType<typeof startReader>> | undefined;
  const confirm = async () => ((reader = await startReader(world, slot)), true);
  const active = await errorOf(world.run('apply', { confirm }));
  const end = `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '${slot}' AND active`;
  await eventually(async () => (await onSource(world, 'shop', end)).length === 0);
  await reader!.end().catch(() => undefined);
  const drop = async () => (await onSource(world, 'shop', `SELECT pg_drop_replication_slot('${slot}')`), true);
  const gone = await errorOf(world.run('apply', { confirm: drop }));
  expect(await world.ticket()).toBe(null);
  const command = printedRun(active, 'SLOT_ACTIVE');
  expect(printedRun(gone, 'SLOT_LOST')).toEqual(command);
  expect(await world.follow(command)).toBe('applied');
  expect(await world.ticket()).not.toBe(null);
  expect((await world.plan()).findings.filter(({ severity }) => severity === 'block')).toEqual([]);
}
