import { parseArgs } from 'node:util';
import { readStatus } from '../../sql-runner/actions/status';
import { openConnections } from '../../sql-runner/connections/open';
import { isHealthy } from '../../sql-runner/model/health';
import type { Breakage } from './breakage';
import { BrokenWorld } from './broken-world';
import { OF_MANY } from './of-many';
import { play, type Played } from './play';
import { rowOf, summary } from './report';
import { pages } from './runbooks/page';
import { ON_THE_WAY, playFirstPages, playWay } from './runbooks/play-pages';
import { BREAKAGES } from './table';

const AT_WORK_MS = 1_000;
const ROUNDS = 5;

interface Round {
  readonly name: string;
  readonly play: (world: BrokenWorld) => Promise<Played>;
}

/**
 * Breaks a running copy in each way of the table, or in those whose names, or parts of them, are given; then in those
 * that the pages of docs/runbooks tell of, which begin with `page`.
 */
async function main(names: readonly string[], databases: number): Promise<void> {
  const rounds = [...rows(), ...(databases === 1 ? ways() : [])].filter(({ name }) => isChosen(name, names));
  const first = databases === 1 && ON_THE_WAY.some((state) => isChosen(`page ${state}`, names));
  if (rounds.length === 0 && !first) throw new Error(`no row has any of this in its name: ${names.join(', ')}`);
  const played: Played[] = [];
  const tell = (...results: Played[]): void => {
    played.push(...results);
    for (const result of results) console.log(rowOf(result));
  };
  let world = await (first
    ? BrokenWorld.unprepared('breakages', 1, true)
    : BrokenWorld.start('breakages', databases, true));
  const stop = (): void => void world.down().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  try {
    if (databases > 1) tell(await atWork(world, databases));
    if (first) tell(...(await playFirstPages(world)));
    for (const [index, { name, play: playRound }] of rounds.entries()) {
      // The pages break with the rows of before, which are there already.
      if (index > 0 && name.startsWith('page ') && !rounds[index - 1]!.name.startsWith('page ')) {
        await world.down();
        world = await BrokenWorld.start('breakages', databases, true);
      }
      tell(await playRound(world));
      // What did not heal would be in the way of all that follow.
      if (!isHealed(played.at(-1)!) && name !== rounds.at(-1)!.name) {
        await world.down();
        world = await BrokenWorld.start('breakages', databases, true);
      }
    }
  } finally {
    await world.down();
  }
  console.log(summary(played));
  process.exitCode = played.some((one) => one.lies.length > 0) ? 1 : 0;
}

const rows = (): Round[] =>
  BREAKAGES.filter(isAble).map((breakage) => ({ name: breakage.name, play: (world) => play(world, breakage) }));

function isAble({ name, unable }: Breakage): boolean {
  const why = unable?.() ?? null;
  if (why !== null) console.log(`${name}: skipped, ${why}`);
  return why === null;
}

const ways = (): Round[] =>
  pages()
    .filter(({ state }) => !(ON_THE_WAY as readonly string[]).includes(state))
    .flatMap((page) =>
      page.ways.map((way) => ({
        name: `page ${page.state}: ${way.title}`,
        play: (world: BrokenWorld) => playWay(world, page, way),
      })),
    );

const isChosen = (name: string, parts: readonly string[]): boolean =>
  parts.length === 0 || parts.some((part) => (parts === OF_MANY ? name === part : name.includes(part)));

const isHealed = ({ lies }: Played): boolean => !lies.some((lie) => /^(?:not healed|broke down)/.test(lie));

/** How long status takes for so many databases that are well; by sessions of its own, as the command. */
async function atWork({ lab }: BrokenWorld, databases: number): Promise<Played> {
  let told = Infinity;
  let status = await readStatus(openConnections, lab.contracts);
  // The first look of a server that has just begun warms what is read; the shortest counts.
  for (let round = 0; round < ROUNDS && told > AT_WORK_MS; round += 1) {
    const began = performance.now();
    status = await readStatus(openConnections, lab.contracts);
    told = Math.min(told, performance.now() - began);
  }
  const lies = [
    ...(told <= AT_WORK_MS ? [] : [`it took ${Math.round(told)} ms`]),
    ...status.streams.filter((one) => !isHealthy(one)).map((one) => `${one.database} is ${one.state}`),
  ];
  const name = `status of ${databases} databases`;
  return { name, state: 'all well', cause: '', told, toldAfterRestart: null, took: null, healedBy: [], lies };
}

const { values, positionals } = parseArgs({
  options: { databases: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const databases = Number(values.databases);
void main(positionals.length === 0 && databases > 1 ? OF_MANY : positionals, databases);
