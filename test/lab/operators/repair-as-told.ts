import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColors } from 'picocolors';
import type { ChildResult } from '../../../lab/demo/child';
import { tellOfRepair } from '../../../lab/demo/chapter-repair';
import { Narrator } from '../../../lab/demo/narrator';
import { SQL_RUNNER } from '../../../lab/demo/toolchain';
import type { DirectLab } from '../../e2e/support/direct-lab';

/** The chapter of the demo that breaks the copy and heals it, on this lab: told in the words that the README shows. */
export async function repairAsTold(world: DirectLab): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'repair-as-told-'));
  const told: string[] = [];
  try {
    const tools = { sqlRunner: sqlRunnerOn(world, folder) };
    const narrator = new Narrator((line) => void told.push(line), createColors(false));
    await tellOfRepair({ narrator, lab: world.lab, target: world.clone, tools });
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(told.filter((line) => line.length > 80)).toEqual([]);
  const shown = shownInReadme();
  expect(shown.length).toBeGreaterThan(2);
  expect(shown.filter((part) => !withoutFigures(told.join('\n')).includes(part))).toEqual([]);
}

/** Each run a process, as in the demo. */
function sqlRunnerOn({ contracts }: DirectLab, folder: string) {
  const outputs = [contracts.source, contracts.target].flatMap((contract, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, JSON.stringify(contract));
    return ['--outputs', file];
  });
  return (verb: string, environment: string, ...flags: string[]): Promise<ChildResult> =>
    new Promise((resolve) => {
      const argv = [SQL_RUNNER, verb, environment, ...outputs, '--no-color', ...flags];
      // What the lab has set is in the environment of the tests, which is not that of their process.
      execFile(process.execPath, argv, { env: { ...process.env } }, (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
}

/** The parts of the README's excerpt that are of this chapter, between those that it leaves out. */
function shownInReadme(): string[] {
  const readme = readFileSync('README.md', 'utf8');
  const excerpt = /demo:begin.*?```text\n(.*?)```/s.exec(readme)![1]!;
  const chapter = /^\d+\. Break it.*?(?=\n…\nproduction)/ms.exec(excerpt)![0];
  return chapter.split('\n…\n').map(withoutFigures);
}

/** Numbers, times, positions and units are of one run, and where a line ends follows from them. */
function withoutFigures(text: string): string {
  return text
    .replace(/\b\d[\d:.,/A-FTZ-]*( (B|kB|MB|s)\b)?/g, '#')
    .replace(/ +- /g, ' # ')
    .replace(/\berrors? by now/g, 'errors by now')
    .replace(/\s+/g, ' ')
    .trim();
}
