import { WORKLOAD_DATABASES } from '../workload/seed';
import { BYSTANDER, BYSTANDER_DATABASE, dropBystanderSlot, replicationObjects } from './bystander';
import { countBothSides, waitUntilCaughtUp } from './comparison';
import { type Demo, ENVIRONMENT, SOURCE_STACK, TARGET_STACK } from './context';
import { ensure, ensureExit } from './ensure';
import { findLeftovers } from './leftovers';
import { applyHighlights, terraformSummary } from './highlights';
import { grouped } from './narrator';

/** Writers stop, both sides count the same, and everything of ours goes away again. */
export async function tellOfEnding(demo: Demo): Promise<void> {
  await compareCounts(demo);
  await tearDown(demo);
  await restoreParameterGroup(demo);
  await destroyStacks(demo);
  await stopLab(demo);
}

async function compareCounts(demo: Demo): Promise<void> {
  await demo.narrator.step('Stop the writers and count every table on both sides', async (say) => {
    const counts = await demo.writers.stop();
    demo.facts.transactions = counts.transactions;
    demo.facts.rowsChanged = counts.rowsChanged;
    say(
      `the writers committed ${grouped(counts.committed)} transactions, rolled back ${grouped(counts.rolledBack)}, changed ${grouped(counts.rowsChanged)} rows`,
    );
    await waitUntilCaughtUp(demo.source, await ownSlots(demo));
    const pairs = await countBothSides(demo.source, demo.target);
    const unequal = pairs.filter((pair) => pair.source !== pair.target);
    ensure(
      unequal.length === 0,
      `Counts differ: ${unequal.map((p) => `${p.table} ${p.source} and ${p.target}`).join(', ')}.`,
    );
    say(`${pairs.length} tables, ${grouped(pairs.reduce((sum, pair) => sum + pair.source, 0))} rows on each side`);
  });
}

async function ownSlots({ source }: Demo): Promise<string[]> {
  const objects = await Promise.all(WORKLOAD_DATABASES.map((database) => replicationObjects(source, database)));
  const slots = objects.flatMap((object) => object.slots).filter((slot) => slot !== BYSTANDER.slot);
  ensure(slots.length >= WORKLOAD_DATABASES.length, `Only these slots are on the source: ${slots.join(', ')}.`);
  return slots;
}

async function tearDown(demo: Demo): Promise<void> {
  await demo.narrator.step(`sql-runner teardown ${ENVIRONMENT}`, async (say) => {
    const torn = await demo.tools.sqlRunner('teardown', ENVIRONMENT, '--auto-approve');
    applyHighlights(ensureExit('the teardown', torn, 0).stdout).forEach(say);
    for (const database of WORKLOAD_DATABASES) {
      const left = await replicationObjects(demo.source, database);
      const theirs = database === BYSTANDER_DATABASE ? [BYSTANDER.publication] : [];
      ensure(
        left.publications.join() === theirs.join() && left.slots.join() === theirs.join(),
        `${database} is left with publications ${left.publications.join(', ')} and slots ${left.slots.join(', ')}.`,
      );
    }
    say(`on the source only ${BYSTANDER.publication} is left, publication and slot: the other team's`);
    ensure(torn.stdout.includes('PARAMETER_GROUP_KEPT'), 'The teardown did not spare the slot of the other team.');
    say('the parameter group stays: without it production could not restart while that slot exists');
  });
}

/** Only without anybody's logical slot may production lose logical WAL. */
async function restoreParameterGroup(demo: Demo): Promise<void> {
  await demo.narrator.step('The other team drops its slot; sql-runner teardown again', async (say) => {
    await dropBystanderSlot(demo.source);
    const torn = await demo.tools.sqlRunner('teardown', ENVIRONMENT, '--auto-approve');
    applyHighlights(ensureExit('the teardown', torn, 0).stdout).forEach(say);
  });
}

async function destroyStacks({ narrator, tools }: Demo): Promise<void> {
  for (const stack of [TARGET_STACK, SOURCE_STACK]) {
    await narrator.step(`cdktf destroy ${stack}`, async (say) => {
      say(terraformSummary(ensureExit('the destroy', await tools.cdktf('destroy', stack), 0).stdout));
    });
  }
}

async function stopLab({ narrator, lab }: Demo): Promise<void> {
  await narrator.step('Stop the lab', async (say) => {
    await lab.down();
    const left = findLeftovers(lab.directory);
    ensure(left.processes.length === 0, `These processes are left: ${left.processes.join('; ')}.`);
    ensure(left.files.length === 0, `These files are left: ${left.files.join(', ')}.`);
    say('no process and no file of it is left');
  });
}
