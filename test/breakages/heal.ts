import { setTimeout as pause } from 'node:timers/promises';
import { compareRows } from '../e2e/support/row-comparison';
import type { Breakage } from './breakage';
import type { BrokenWorld } from './broken-world';
import { carryOut } from './printed';
import { ask, blocks, failures, isStreamWell, streamOf, type Said } from './said';

const ROUNDS = 6;
const SETTLE_MS = 12_000;

/** Follows the way out that is printed, until all is well. @returns what was done */
export async function heal(world: BrokenWorld, breakage: Breakage, seen: Said): Promise<string[]> {
  const done: string[] = [];
  if (breakage.byHand !== undefined) {
    await breakage.byHand(world);
    done.push('by hand');
  }
  const settledBy = (tried: ReadonlySet<string>) => settled(world, tried, breakage.unseen);
  let said = breakage.byHand === undefined ? seen : await settledBy(new Set());
  const tried = new Set<string>();
  for (let round = 0; round < ROUNDS && !isWell(said); round += 1) {
    const next = waysOut(said).find((one) => !tried.has(one));
    if (next === undefined) break;
    tried.add(next);
    if (process.env.BREAKAGES_SHOW !== undefined) console.log(`${textOf(said)}\n--> ${next}`);
    const steps = await carryOut(world, next);
    done.push(...steps);
    said = await settledBy(tried);
  }
  await breakage.afterwards?.(world);
  return done;
}

/** In the order in which people come to them: the cause first, then the others, then those of plan and doctor. */
function waysOut({ status, plan, doctor, compared }: Said): string[] {
  const stream = status.result?.streams[0];
  return [
    ...(compared?.equal === false ? [compared.text] : []),
    ...(status.error === null ? [] : [status.error.next]),
    ...(stream?.next == null ? [] : [stream.next]),
    ...(stream?.problems.map(({ next }) => next) ?? []),
    ...(plan.result?.findings.filter(({ severity }) => severity === 'block').map(({ next }) => next) ?? []),
    ...(doctor.result?.results.filter(({ status }) => status === 'fail').flatMap(({ findings }) => findings) ?? []).map(
      ({ next }) => next,
    ),
    ...((plan.result?.changes ?? []).length > 0 ? ['sql-runner apply demo'] : []),
  ];
}

/** What a server needs a moment for is waited for, as people do; not for longer, where there is more to do. */
async function settled(world: BrokenWorld, tried: ReadonlySet<string>, compares = false): Promise<Said> {
  const began = Date.now();
  for (;;) {
    const said = await ask(world, began, compares);
    const over = Date.now() - began > SETTLE_MS * world.slower;
    if (isWell(said) || over) return said;
    if (Date.now() - began > 3_000 && waysOut(said).some((one) => !tried.has(one))) return said;
    await pause(200);
  }
}

/** `all`: of each command. */
const textOf = ({ status, plan, doctor }: Said): string =>
  (process.env.BREAKAGES_SHOW === 'all' ? [status, plan, doctor] : [status]).map(({ text }) => text).join('\n\n');

const isWell = (said: Said): boolean =>
  said.compared?.equal !== false &&
  isStreamWell(said, 'shop') &&
  blocks(said).length === 0 &&
  failures(said).length === 0;

/** Healed: all say so, what production writes arrives, and every row is equal. @returns what is not so */
export async function notWell(world: BrokenWorld): Promise<string[]> {
  await world.write();
  const arrived = await arrives(world);
  if (!arrived) return ['what production writes does not arrive'];
  const { differences } = await compareRows(world.lab.source, world.lab.clone, 'shop');
  const said = await settledWell(world);
  return [
    ...differences.map(({ table, source, clone }) => `${table} differs: ${source} and ${clone}`),
    ...(streamOf(said, 'shop')?.problems.map(({ code }) => `status: ${code}`) ?? ['status is not read']),
    ...(isStreamWell(said, 'shop') ? [] : [`state ${streamOf(said, 'shop')?.state}`]),
    ...blocks(said).map((code) => `plan: ${code}`),
    ...(said.plan.result?.changes ?? []).map(({ id }) => `plan: ${id}`),
    ...failures(said).map((code) => `doctor: ${code}`),
    ...(said.metrics.shop === 1 ? [] : ['metrics: healthy is not 1']),
  ];
}

async function arrives(world: BrokenWorld): Promise<boolean> {
  const until = Date.now() + SETTLE_MS * world.slower;
  while (Date.now() < until) {
    const rows = await world.onClone(`SELECT FROM orders WHERE id = ${world.id}`).catch(() => []);
    if (rows.length === 1) return true;
    await pause(100);
  }
  return false;
}

async function settledWell(world: BrokenWorld): Promise<Said> {
  const until = Date.now() + SETTLE_MS * world.slower;
  for (;;) {
    const said = await ask(world, Date.now());
    const plans = (said.plan.result?.changes ?? []).length > 0;
    if ((isWell(said) && !plans && said.metrics.shop === 1) || Date.now() > until) return said;
    await pause(200);
  }
}
