import { createInterface } from 'node:readline';
import { endChildren } from '../../lab/demo/child';
import { waitUntilCaughtUp } from '../../lab/demo/comparison';
import { compareRows } from './support/row-comparison';
import { type ApplyEvent, eventsOf, expectExit } from './support/runner';
import { stagesInOrder } from './support/in-order';
import type { SlowLink } from './support/slow-link';
import { slowOutputs } from './support/slow-outputs';
import { type Stage, startStage } from './support/stage';

const step = stagesInOrder();
/**
 * Between two events of apply lies at least one trip to a database. The link makes it longer than a SIGKILL takes to
 * arrive, so that each apply dies at the moment it is meant to.
 */
const LINK_DELAY_MS = 12;

let stage: Stage;
const links: SlowLink[] = [];
const outputs: string[] = [];

async function deployBehindSlowLink(stack: string): Promise<void> {
  expectExit(await stage.tools.cdktf('deploy', stack), 0);
  const { file, link } = await slowOutputs(stage.tools, stack, LINK_DELAY_MS);
  links.push(link);
  outputs.push('--outputs', file);
}

beforeAll(async () => {
  stage = await startStage('kill', { rows: 6_000, writers: 2, seed: 30 });
});

afterAll(async () => {
  await endChildren();
  await Promise.all(links.map((link) => link.close()));
  await stage?.writers.stop().catch(() => undefined);
  await stage?.lab.down();
});

/**
 * The change that begins. That the one before has ended tells of the same state of both servers; in-process,
 * convergence.test.ts dies after every single statement.
 */
function momentOf(event: ApplyEvent): string | undefined {
  return event.type === 'change-started' ? event.change!.id : undefined;
}

/** Each death costs a run; `npm run test:faults` dies at every write. */
const EVERY = 3;

/** Runs apply and kills it with SIGKILL at the third moment that is not in `met`. False: it came to its end. */
async function dies(met: Set<string>, flags: string[]): Promise<boolean> {
  const child = stage.tools.startSqlRunner('apply', 'demo', '--auto-approve', '--json', ...outputs, ...flags);
  const fresh: string[] = [];
  createInterface({ input: child.process.stdout! }).on('line', (line) => {
    const moment = momentOf(JSON.parse(line) as ApplyEvent);
    if (fresh.length === EVERY || moment === undefined || met.has(moment)) return;
    fresh.push(moment);
    if (fresh.length === EVERY) child.process.kill('SIGKILL');
  });
  const result = await child.result;
  for (const moment of fresh) met.add(moment);
  if (fresh.length < EVERY) expectExit(result, 0);
  return fresh.length === EVERY;
}

/** Kills one apply after another until nothing is left to do. The moments it went through. */
async function applyThroughKills(deaths: number, ...flags: string[]): Promise<string[]> {
  const met = new Set<string>();
  let died = 0;
  while (await dies(met, flags)) died += 1;
  expect(died).toBeGreaterThanOrEqual(deaths);
  return [...met];
}

step('on the source: killed again and again, apply still gets to the ticket', async () => {
  await deployBehindSlowLink('demo-source');
  const moments = await applyThroughKills(3, '--allow-reboot');
  expect(moments).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^source\/parameter-group\//),
      expect.stringMatching(/^source\/reboot\//),
      'source/role/acas_demo',
      'source/role-password/acas_demo',
      'source/shop/heartbeat/acas_demo_shop',
      'source/ledger/heartbeat/acas_demo_ledger',
      'source/shop/publication/acas_demo_shop',
      'source/ledger/publication/acas_demo_ledger',
      'source/shop/slot/acas_demo_shop',
      'source/ledger/slot/acas_demo_ledger',
      'source/clone-ticket',
    ]),
  );
});

step('on the clone: killed again and again, apply still gets in sync, with every row equal', async () => {
  await deployBehindSlowLink('demo-target');
  const moments = await applyThroughKills(2);
  for (const database of ['shop', 'ledger']) {
    for (const step of ['subscription', 'origin', 'subscription-enabled']) {
      expect(moments).toContain(`target/${database}/${step}/acas_demo_${database}`);
    }
  }
  const last = eventsOf(
    expectExit(await stage.tools.sqlRunner('apply', 'demo', '--auto-approve', '--json', ...outputs), 0),
  );
  expect(last.at(-1)).toMatchObject({ type: 'outcome', outcome: 'nothing-to-do' });
  expectExit(await stage.tools.sqlRunner('verify', 'demo', '--json', ...outputs), 0);
});

step('and no row is missing or applied twice, read one by one', async () => {
  await stage.writers.stop();
  await waitUntilCaughtUp(stage.source, ['acas_demo_shop', 'acas_demo_ledger']);
  for (const database of ['shop', 'ledger']) {
    expect((await compareRows(stage.source, stage.clone, database)).differences).toEqual([]);
  }
});
