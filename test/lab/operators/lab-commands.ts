import { execFileSync } from 'node:child_process';
import { program } from '../../../lab/program';
import type { DirectLab } from '../../e2e/support/direct-lab';

/** Runs a command of the lab in this process. @returns what it prints */
export async function labSays(...words: string[]): Promise<string> {
  const said: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((text) => void said.push(`${text}\n`));
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  try {
    await program().parseAsync(words, { from: 'user' });
    return said.join('');
  } finally {
    log.mockRestore();
    write.mockRestore();
  }
}

/** Carries out a command as it is printed, in this process. */
export async function carryOut(world: DirectLab, line: string): Promise<void> {
  const [npx, tool, ...words] = wordsOf(line);
  if (`${npx} ${tool}` === 'npx sql-runner') await world.follow(words);
  else if (`${npx} ${tool} ${words[0]} ${words[1]}` === 'npx cdktf deploy demo-target') await world.deployTarget();
  else if (line.startsWith('npm run -s lab -- ')) await labSays(...wordsOf(line).slice(5));
  else throw new Error(`nobody knows how to carry out: ${line}`);
}

/** As a shell takes them apart. */
function wordsOf(line: string): string[] {
  return execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');
}

/** The lines below a title, without their indent. */
export function below(title: string, said: string): string[] {
  const [, rest = ''] = said.split(`${title}\n`);
  const lines = rest.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('  '));
  return lines.slice(0, end).map((line) => line.trim());
}
