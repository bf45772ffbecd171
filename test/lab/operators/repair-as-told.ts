import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColors } from 'picocolors';
import { tellOfRepair } from '../../../lab/demo/chapter-repair';
import { tellOfDdl } from '../../../lab/demo/chapter-schema';
import { tellOfSequences } from '../../../lab/demo/chapter-sequences';
import { allowEventTriggers } from '../../../lab/event-triggers-command';
import { Narrator } from '../../../lab/demo/narrator';
import { startWriters } from '../../../lab/workload/writers';
import type { DirectLab } from '../../e2e/support/direct-lab';
import { sqlRunnerOn } from './sql-runner-on';

/**
 * The chapters of the demo that break the copy and heal it, change the schema and catch up with sequences, on this lab: told
 * in the words that the README shows.
 */
export async function repairAsTold(world: DirectLab): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'repair-as-told-'));
  const told: string[] = [];
  try {
    const writers = await startWriters(world.source, { writers: 1, pauseMs: 20 });
    const narrator = new Narrator((line) => void told.push(line), createColors(false));
    const context = () => {
      const tools = { sqlRunner: sqlRunnerOn(world, folder) };
      return { narrator, lab: world.lab, source: world.source, target: world.clone, writers, tools };
    };
    const { contract } = world;
    try {
      await tellOfRepair(context());
      await askForDdl(world);
      await tellOfDdl(context());
      await tellOfSequences(context());
    } finally {
      await writers.stop();
    }
    // Nobody asks for it any more: what comes after is without it.
    world.contract = contract;
    expect(await world.run('apply')).toBe('applied');
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(told.filter((line) => line.length > 80)).toEqual([]);
  const shown = shownInReadme();
  expect(shown.length).toBeGreaterThan(2);
  const missing = shown.filter((part) => !withoutFigures(told.join('\n')).includes(part));
  if (missing.length > 0)
    throw new Error(`The README shows:\n${missing.join('\n…\n')}\n\nThis was told:\n${told.join('\n')}`);
}

/** As the environment file does, and the deploy of the source stack after it. */
async function askForDdl(world: DirectLab): Promise<void> {
  const links = world.contract.links.map((link) =>
    link.database === 'shop' ? { ...link, ddl: 'apply' as const } : link,
  );
  world.contract = { ...world.contract, links };
  await allowEventTriggers(world.lab);
}

/** The parts of the README's excerpt that are of these chapters, between those that it leaves out. */
function shownInReadme(): string[] {
  const readme = readFileSync('README.md', 'utf8');
  const excerpt = /demo:begin.*?```text\n(.*?)```/s.exec(readme)![1]!;
  const chapter = /^\d+\. Break it.*?(?=\n…\nproduction)/ms.exec(excerpt)![0];
  return chapter.split('\n…\n').map(withoutFigures);
}

/** Numbers, times, positions and units are of one run, and where a line ends follows from them. */
function withoutFigures(text: string): string {
  return text
    .replace(/\b\d[\d:.,/A-FTZ-]*( (B|kB|MB|GB|s|min|h)\b)?/g, '#')
    .replace(/ +- /g, ' # ')
    .replace(/\berrors? by now/g, 'errors by now')
    .replace(/\s+/g, ' ')
    .trim();
}
