import { createInterface } from 'node:readline';
import { endChildren } from '../../lab/demo/child';
import { waitUntilCaughtUp } from '../../lab/demo/comparison';
import { compareRows } from './support/row-comparison';
import { type ApplyEvent, eventsOf, expectExit } from './support/runner';
import { stagesInOrder } from './support/in-order';
import type { SlowLink } from './support/slow-link';
import { slowOutputs } from './support/slow-outputs';
import { type Stage, startStage } from './support/stage';

jest.setTimeout(240_000);

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

/** A moment in the life of a change: `change-started source/shop/slot/x`. */
function momentOf(event: ApplyEvent): string | undefined {
  return event.change === undefined ? undefined : `${event.type} ${event.change.id}`;
}

/** Runs apply and kills it with SIGKILL at the first moment that is not in `past`. Undefined: it came to its end. */
async function applyUntilNewMoment(past: ReadonlySet<string>, flags: string[]): Promise<string | undefined> {
  const child = stage.tools.startSqlRunner('apply', 'demo', '--auto-approve', '--json', ...outputs, ...flags);
  let killedAt: string | undefined;
  createInterface({ input: child.process.stdout! }).on('line', (line) => {
    const moment = momentOf(JSON.parse(line) as ApplyEvent);
    if (killedAt !== undefined || moment === undefined || past.has(moment)) return;
    killedAt = moment;
    child.process.kill('SIGKILL');
  });
  const result = await child.result;
  if (killedAt === undefined) expectExit(result, 0);
  return killedAt;
}

/** Kills one apply after another, each at a moment where none was killed before, until nothing is left to do. */
async function applyThroughKills(...flags: string[]): Promise<string[]> {
  const moments = new Set<string>();
  for (;;) {
    const moment = await applyUntilNewMoment(moments, flags);
    if (moment === undefined) return [...moments];
    moments.add(moment);
  }
}

const startedAmong = (moments: string[]): string[] =>
  moments.filter((moment) => moment.startsWith('change-started ')).map((moment) => moment.split(' ')[1] as string);

step('on the source: killed at every step, apply still gets to the ticket', async () => {
  await deployBehindSlowLink('demo-source');
  const moments = await applyThroughKills('--allow-reboot');
  expect(startedAmong(moments)).toEqual(
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
  expect(moments.some((moment) => moment.startsWith('change-finished '))).toBe(true);
});

step('on the clone: killed at every step, apply still gets in sync, with every row equal', async () => {
  await deployBehindSlowLink('demo-target');
  const moments = await applyThroughKills();
  for (const database of ['shop', 'ledger']) {
    for (const step of ['subscription', 'origin', 'subscription-enabled']) {
      expect(startedAmong(moments)).toContain(`target/${database}/${step}/acas_demo_${database}`);
    }
  }
  const last = eventsOf(
    expectExit(await stage.tools.sqlRunner('apply', 'demo', '--auto-approve', '--json', ...outputs), 0),
  );
  expect(last.at(-1)).toEqual({ type: 'outcome', outcome: 'nothing-to-do' });
  expectExit(await stage.tools.sqlRunner('verify', 'demo', '--json', ...outputs), 0);
});

step('and no row is missing or applied twice, read one by one', async () => {
  await stage.writers.stop();
  await waitUntilCaughtUp(stage.source, ['acas_demo_shop', 'acas_demo_ledger']);
  for (const database of ['shop', 'ledger']) {
    expect((await compareRows(stage.source, stage.clone, database)).differences).toEqual([]);
  }
});
