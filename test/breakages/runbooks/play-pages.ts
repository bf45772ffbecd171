import type { HealthState } from '../../../sql-runner/model/health';
import { runbookOf } from '../../../sql-runner/model/runbook';
import { type BrokenWorld } from '../broken-world';
import { flat } from '../judge';
import { besideOthers, LIMIT_MS, play, type Played } from '../play';
import { ask, streamOf, type Said } from '../said';
import { BREAKAGES } from '../table';
import { carryOutWay } from './carry-out';
import { pages, writeExcerpt, type Page, type Way } from './page';

/** States on the way to a copy that follows, in their order: what a page says brings about the next one. */
export const ON_THE_WAY = ['not prepared', 'waiting for the clone', 'not connected yet'] as const;

/** Brings a copy to life by nothing but what the pages say. */
export async function playFirstPages(world: BrokenWorld): Promise<Played[]> {
  const played: Played[] = [];
  for (const state of ON_THE_WAY) {
    const page = pages().find((one) => one.state === state)!;
    const said = await ask(world, Date.now());
    const lies = [...(await excerptIsTrue(world, page, said)), ...isState(said, state)];
    const healedBy = await carryOutWay(world, page.ways[0]!);
    played.push({
      name: `page ${state}`,
      state,
      cause: '',
      told: null,
      toldAfterRestart: null,
      took: null,
      healedBy,
      lies,
    });
  }
  return played;
}

/** Breaks what a way of the page is about, and heals it by nothing but its blocks. */
export async function playWay(world: BrokenWorld, page: Page, way: Way): Promise<Played> {
  const breakage = BREAKAGES.find(({ name }) => name === way.breakage);
  if (breakage === undefined) throw new Error(`${page.file}: no row is named ${way.breakage}`);
  const lies: string[] = [];
  const heal = async (_: BrokenWorld, said: Said): Promise<string[]> => {
    if (way === page.ways[0]) lies.push(...(await excerptIsTrue(world, page, said)));
    lies.push(...isState(said, page.state as HealthState));
    const done = await carryOutWay(world, way);
    await breakage.afterwards?.(world);
    return done;
  };
  const truth = { ...breakage, states: [page.state as HealthState], restarted: false } as const;
  const played = await play(world, truth, heal);
  return { ...played, name: `page ${page.state}: ${way.title}`, lies: [...lies, ...played.lies] };
}

function isState(said: Said, state: HealthState): string[] {
  const told = streamOf(said, 'shop')?.state;
  const named = said.status.text.includes(`Runbook: ${runbookOf(state)}`);
  return [...(told === state ? [] : [`it is ${told}`]), ...(named ? [] : ['status does not name the page'])];
}

/**
 * What is printed anew each time is left out: times, positions, sizes. What only the server's log tells may come a moment
 * after the rest, so that status is asked again for as long as it may take. With RUNBOOKS_UPDATE the page is written.
 */
async function excerptIsTrue(world: BrokenWorld, page: Page, said: Said): Promise<string[]> {
  if (process.env.RUNBOOKS_UPDATE !== undefined) {
    writeExcerpt(page, excerptOf(said));
    return [];
  }
  const wanted = essence(page.excerpt);
  const until = Date.now() + LIMIT_MS * besideOthers(world);
  let got = essence(excerptOf(said));
  while (wanted !== got && Date.now() < until) got = essence(excerptOf(await ask(world, Date.now())));
  return wanted === got ? [] : [`the page has ${wanted}, and status printed ${got}`];
}

const excerptOf = ({ status }: Said): string => /\n\n(database {2}[^]*)$/.exec(status.text)?.[1] ?? '';

/** States, codes, and what to do. */
function essence(text: string): string {
  const codes = [...text.matchAll(/^ {0,2}([A-Z]+(?:_[A-Z]+)+):/gm)].map(([, code]) => code);
  const [, toDo = ''] = /What to do: ([^]*?)(?:\n {2}\w|$)/.exec(text) ?? [];
  return [...codes, flat(toDo).replace(/\d+/g, '0').trim()].join(' | ');
}
