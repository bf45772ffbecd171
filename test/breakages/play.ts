import { setTimeout as pause } from 'node:timers/promises';
import type { Breakage } from './breakage';
import type { BrokenWorld } from './broken-world';
import { heal, notWell } from './heal';
import { saysWell, untrue, type Truth } from './judge';
import { ask, streamOf, type Said } from './said';

/** Within so many milliseconds each of them has to tell the truth: it is asked then, and status has told it. */
export const LIMIT_MS = 5_000;
/** Later than that nobody looks any more. */
const GIVE_UP_MS = 9_000;

/** How many times as long it may take where other work is on the machine. */
export const besideOthers = ({ quiet }: BrokenWorld): number => (quiet ? 1 : 4);

/** How one row went. */
export interface Played {
  readonly name: string;
  readonly state: string;
  readonly cause: string;
  /** Milliseconds until all told the truth, before and after a restart; null: not asked, or never. */
  readonly told: number | null;
  readonly toldAfterRestart: number | null;
  /** Milliseconds that each took to say it. */
  readonly took: Readonly<Record<'status' | 'plan' | 'doctor' | 'metrics', number>> | null;
  readonly healedBy: readonly string[];
  readonly lies: readonly string[];
}

/** @param way how it is healed: as it is printed, unless said */
export async function play(
  world: BrokenWorld,
  breakage: Breakage,
  way: (world: BrokenWorld, seen: Said) => Promise<string[]> = (_, seen) => heal(world, breakage, seen),
): Promise<Played> {
  const lies: string[] = [];
  let state = '';
  let cause = '';
  let told: number | null = null;
  let took: Played['took'] = null;
  let toldAfterRestart: number | null = null;
  let healedBy: readonly string[] = [];
  try {
    await breakage.breaks(world);
    const first = await look(world, breakage);
    lies.push(...first.lies);
    told = first.told;
    const { status, plan, doctor, tookMetrics } = first.said;
    took = { status: status.took, plan: plan.took, doctor: doctor.took, metrics: tookMetrics };
    const stream = streamOf(first.said, 'shop');
    state = stream?.state ?? 'not read';
    cause = stream?.problems[0]?.code ?? first.said.status.error?.code ?? '';
    let { said } = first;
    if (breakage.restarted !== false && !breakage.states.includes('not read')) {
      await world.restart('source', 'clone');
      const again = await look(world, { ...breakage, ...breakage.restarted });
      lies.push(...again.lies.map((lie) => `after a restart: ${lie}`));
      toldAfterRestart = again.told;
      said = again.said;
    }
    healedBy = await way(world, said);
    lies.push(...(await notWell(world)).map((what) => `not healed: ${what}`));
  } catch (error) {
    lies.push(`broke down: ${(error as Error).stack?.split('\n').slice(0, 3).join(' ') ?? String(error)}`);
  }
  return { name: breakage.name, state, cause, told, toldAfterRestart, took, healedBy, lies };
}

/** Asks until all tell the truth. Nobody may say at any time that all is well, nor anything untrue from the limit on. */
async function look(
  world: BrokenWorld,
  truth: Truth & Pick<Breakage, 'silent'>,
): Promise<{ said: Said; told: number | null; lies: string[] }> {
  const began = Date.now();
  const lies = new Set<string>();
  for (;;) {
    const said = await ask(world, began, truth.unseen);
    for (const lie of saysWell(said, 'shop', truth)) lies.add(`${lie}, asked after ${said.asked} ms`);
    const wrong = untrue(said, 'shop', truth);
    if (process.env.BREAKAGES_SHOW !== undefined) console.log(`${said.asked}-${said.answered} ${wrong.join('; ')}`);
    if (wrong.length === 0) {
      const limit = LIMIT_MS * (truth.silent || world.quiet ? 1 : world.slower) * besideOthers(world);
      if (said.asked > limit) lies.add(`told only when asked after ${said.asked} ms`);
      // Beside other work it says nothing how long an answer took.
      const toldAt = said.asked + longest(said);
      if (world.quiet && toldAt > limit) lies.add(`told after ${Math.round(toldAt)} ms`);
      return { said, told: said.asked + longest(said), lies: [...lies] };
    }
    if (Date.now() - began > GIVE_UP_MS * world.slower * besideOthers(world))
      return { said, told: null, lies: [...lies, ...wrong] };
    await pause(200);
  }
}

/** Of many databases they are asked one after the other, and none answers for the time that the others took. */
const longest = ({ status, plan, doctor, tookMetrics }: Said): number =>
  Math.max(status.took, plan.took, doctor.took, tookMetrics);
