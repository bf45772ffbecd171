import { readStatus } from '../../sql-runner/actions/status';
import { openConnections } from '../../sql-runner/connections/open';
import { eventually } from '../support/eventually';
import { printedNewClone, printedRun } from '../sql-runner/checks/printed-fix';
import { DirectLab, refusalOf } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { statusOf } from './support/looks';
import { execute, reconnectSooner } from './support/provocations';
import { advance } from './support/slot-moves';

/** A stream whose rows are not equal, beside one that is well: both are held, and resumed. */

const stage = stagesInOrder();
let world: DirectLab;

beforeAll(async () => {
  world = await DirectLab.start('held-beside-broken');
  const table = (name: string) => `CREATE TABLE ${name} (id bigint PRIMARY KEY)`;
  await execute(await world.source('shop'), [table('things')]);
  await execute(await world.source('ledger'), [table('things'), 'CREATE SCHEMA "Audit"', table('"Audit"."Log"')]);
  await execute(await world.source('shop'), ['INSERT INTO things VALUES (1)']);
  await world.run('apply');
  await world.deployTarget();
  await reconnectSooner(world);
  await world.run('apply');
});
afterAll(() => world?.lab.down());

const states = async (): Promise<Record<string, string>> => {
  const { streams } = await readStatus(openConnections, world.contracts);
  return Object.fromEntries(streams.map(({ database, state }) => [database, state]));
};

/** Of either database: it was altered while it was held, and the copy of shop lacks a row. */
async function doubt(): Promise<void> {
  const set = (value: boolean) => `ALTER SUBSCRIPTION acas_demo_shop SET (binary = ${value})`;
  await execute(await world.clone('shop'), [set(true), set(false), 'DELETE FROM things']);
}

stage('rows that are not equal keep no other stream held, nor its rows from being compared', async () => {
  await world.run('hold');
  await doubt();
  const { changes } = await world.plan('resume');
  expect(changes.map(({ id }) => id)).toEqual([
    'target/shop/subscription-enabled/acas_demo_shop',
    'target/ledger/subscription-enabled/acas_demo_ledger',
    'target/shop/continuity/acas_demo_shop',
    'target/ledger/continuity/acas_demo_ledger',
  ]);
  const finished: string[] = [];
  const listener = (event: { type: string; change?: { id: string } }) =>
    void (event.type === 'change-finished' && finished.push(event.change!.id));
  expect(await refusalOf(world.run('resume', { listener }))).toBe('STREAM_BROKEN');
  expect(finished).toEqual(changes.map(({ id }) => id).filter((id) => id !== 'target/shop/continuity/acas_demo_shop'));
  await execute(await world.source('ledger'), ['INSERT INTO things VALUES (7)']);
  await eventually(async () => (await execute(await world.clone('ledger'), ['SELECT FROM things'])).length === 1);
  expect(await states()).toEqual({ shop: 'diverged', ledger: 'streaming' });
});

stage('a comparison once more, or a new clone, is what is printed of it, and heals', async () => {
  const { findings } = await world.plan();
  const found = findings.find(({ code, seen }) => code === 'CONTINUITY_NOT_PROVEN' && seen.includes('database shop'))!;
  expect(found.next).toMatch(
    /^where somebody has made the rows equal by hand, sql-runner apply demo compares them once more; otherwise make a new clone: /,
  );
  const [reset, , apply] = printedNewClone(found, 'CONTINUITY_NOT_PROVEN');
  await world.follow(reset!);
  await world.deployTarget();
  await world.follow(apply!);
  expect(await states()).toEqual({ shop: 'streaming', ledger: 'streaming' });
});

stage(
  'without a hold it is apply that compares, and a copy that was mended by hand is compared once more',
  async () => {
    await doubt();
    const doubted = await problemOfShop();
    expect(await refusalOf(world.follow(printedRun(doubted, 'CONTINUITY_NOT_PROVEN')))).toBe('STREAM_BROKEN');
    await execute(await world.clone('shop'), ['INSERT INTO things SELECT 1']);
    expect(await world.follow(printedRun(await problemOfShop(), 'CONTINUITY_NOT_PROVEN'))).toBe('applied');
    expect(await states()).toEqual({ shop: 'streaming', ledger: 'streaming' });
  },
);

stage('a slot that was moved while it was held: the other stream goes on, and this one is named', async () => {
  await world.run('hold');
  const move = ['CREATE TABLE public.other ()', 'DROP TABLE public.other', ...advance('acas_demo_shop')];
  await execute(await world.source('shop'), move);
  const planned = await world.plan('resume');
  expect(planned.changes.map(({ id }) => id)).toEqual(['target/ledger/subscription-enabled/acas_demo_ledger']);
  expect(planned.findings).toMatchObject([{ code: 'HOLD_BROKEN', seen: expect.stringMatching(/^database shop: /) }]);
  expect(await refusalOf(world.run('resume'))).toBe('HOLD_BROKEN');
  await execute(await world.source('ledger'), ['INSERT INTO things VALUES (8)']);
  await eventually(async () => (await execute(await world.clone('ledger'), ['SELECT FROM things'])).length === 2);
  expect(await states()).toEqual({ shop: 'diverged', ledger: 'streaming' });
  const { streams } = await statusOf(world);
  expect(streams.find(({ database }) => database === 'ledger')!.problems).toEqual([]);
  // Once more there is nothing left that could go on.
  expect((await world.plan('resume')).changes).toEqual([]);
  expect(await refusalOf(world.run('resume'))).toBe('HOLD_BROKEN');
});

async function problemOfShop() {
  const { streams } = await statusOf(world);
  return streams
    .find(({ database }) => database === 'shop')!
    .problems.find(({ code }) => code === 'CONTINUITY_NOT_PROVEN')!;
}
