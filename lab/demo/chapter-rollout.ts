import { openLongTransaction } from '../workload/long-transaction';
import { BYSTANDER, createBystanderSlot } from './bystander';
import { type Demo, ENVIRONMENT, SOURCE_STACK, TARGET_STACK } from './context';
import { ensure, ensureExit } from './ensure';
import { adviceOf, applyHighlights, nextStepOf, planSummary, terraformSummary } from './highlights';

/** From two empty stacks to a clone in sync, in the order that loses nothing. */
export async function tellOfRollout(demo: Demo): Promise<void> {
  await deploySource(demo);
  await acceptEarly(demo);
  await prepareSource(demo);
  await takeClone(demo);
  await connectClone(demo);
}

async function deploySource({ narrator, tools }: Demo): Promise<void> {
  await narrator.step(`cdktf deploy ${SOURCE_STACK}`, async (say) => {
    say(terraformSummary(ensureExit('the deploy', await tools.cdktf('deploy', SOURCE_STACK), 0).stdout));
  });
  await narrator.step(`sql-runner plan ${ENVIRONMENT}: what Terraform cannot do`, async (say) => {
    const plan = await tools.sqlRunner('plan', ENVIRONMENT, '--detailed-exitcode');
    planSummary(ensureExit('the plan', plan, 2).stdout).forEach(say);
  });
}

async function acceptEarly({ narrator, tools }: Demo): Promise<void> {
  await narrator.step(`cdktf deploy ${TARGET_STACK}, too early for a clone, which would lose changes`, async (say) => {
    const { stdout } = ensureExit('the early deploy', await tools.cdktf('deploy', TARGET_STACK), 0);
    const said = nextStepOf(stdout);
    ensure(said.includes(`sql-runner apply ${ENVIRONMENT}`), 'The deploy does not say what is to come before a clone.');
    say(terraformSummary(stdout));
    say(`no clone, as it must be: "${said}"`);
  });
}

async function prepareSource(demo: Demo): Promise<void> {
  const { narrator, tools, writers } = demo;
  await narrator.step(`sql-runner apply ${ENVIRONMENT} without consent to the reboot`, async (say) => {
    const refused = ensureExit(
      'the apply without consent',
      await tools.sqlRunner('apply', ENVIRONMENT, '--auto-approve'),
      1,
    );
    const advice = adviceOf(refused.stderr);
    ensure(advice.includes('--allow-reboot'), 'The apply failed, but did not ask for --allow-reboot.');
    say(`refused: ${advice}`);
  });
  await narrator.step(
    `sql-runner apply ${ENVIRONMENT} --allow-reboot: role, publications, slots, ticket`,
    async (say) => {
      const applied = await tools.sqlRunner('apply', ENVIRONMENT, '--auto-approve', '--allow-reboot');
      applyHighlights(ensureExit('the apply', applied, 0).stdout).forEach(say);
      say(`the writers lost their connections ${writers.counts().interrupted} times to the reboot and went on`);
    },
  );
}

async function takeClone(demo: Demo): Promise<void> {
  const { narrator, tools } = demo;
  const long = await narrator.step(
    'The other team makes a slot; a transaction begins that outlasts the cloning',
    async (say) => {
      await createBystanderSlot(demo.source);
      const opened = await openLongTransaction(demo.source);
      say(`slot ${BYSTANDER.slot}; ${opened.rows} rows changed and not committed`);
      return opened;
    },
  );
  await narrator.step(`cdktf deploy ${TARGET_STACK} again, with the ticket, while all this goes on`, async (say) => {
    const before = demo.writers.counts().committed;
    say(terraformSummary(ensureExit('the deploy', await tools.cdktf('deploy', TARGET_STACK), 0).stdout));
    say(`${demo.writers.counts().committed - before} transactions committed on the source meanwhile`);
    await long.commit();
    say('the long transaction is committed now, after the clone was taken');
  });
}

async function connectClone({ narrator, tools, facts }: Demo): Promise<void> {
  await narrator.step(`sql-runner apply ${ENVIRONMENT}: subscriptions at the seed LSN, until in sync`, async (say) => {
    const applied = await tools.sqlRunner('apply', ENVIRONMENT, '--auto-approve');
    applyHighlights(ensureExit('the apply', applied, 0).stdout).forEach(say);
  });
  facts.secondsToSync = narrator.seconds;
}
