import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '../../../lab/demo/child';
import { SQL_RUNNER } from '../../../lab/demo/toolchain';
import { AwsWorld } from '../../e2e/support/aws-world';
import { execute } from '../../e2e/support/provocations';
import type { BrokenWorld } from '../broken-world';
import type { Way } from './page';

/** What only reads runs as a process, as people start it; what asks is answered with yes. */
const READS = ['status', 'doctor', 'plan', 'watch', 'verify'];

/** Carries out the blocks of a page, line by line. @returns what was done */
export async function carryOutWay(world: BrokenWorld, { steps }: Way): Promise<string[]> {
  const done: string[] = [];
  for (const step of steps) {
    if (step.kind === 'sql') {
      const connect = step.side === 'source' ? world.lab.source : world.lab.clone;
      await execute(await connect(step.database), step.statements);
      done.push(...step.statements.map((statement) => `${step.side}: ${statement.replace(/\s+/g, ' ')}`));
    } else
      for (const line of step.lines) {
        await carryOutLine(world, line);
        done.push(line);
      }
  }
  return done;
}

async function carryOutLine(world: BrokenWorld, line: string): Promise<void> {
  const [program, ...words] = wordsOf(line);
  if (program === 'aws') {
    await new AwsWorld(world.lab).carryOut('target', words);
    return;
  }
  const [tool, verb, ...more] = words;
  if (`${program} ${tool} ${verb} ${more[0]}` === 'npx cdktf deploy demo-target') await world.deploy();
  else if (`${program} ${tool}` !== 'npx sql-runner') throw new Error(`nobody knows how to carry out: ${line}`);
  else if (READS.includes(verb!)) await runProcess(world, [verb!, ...more]);
  else await world.follow([verb!, ...more]);
}

/** As a shell takes them apart. */
const wordsOf = (line: string): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');

/** The line as it stands, with the outputs from files, as no stack is in a folder here. */
async function runProcess(world: BrokenWorld, words: readonly string[]): Promise<void> {
  const { directory } = world.lab.lab;
  const { source, target } = world.lab.contracts;
  const outputs = [source, target].flatMap((contract, index) => {
    if (contract === null) return [];
    const file = join(directory, `runbook.${index}.json`);
    writeFileSync(file, JSON.stringify(contract));
    return ['--outputs', file];
  });
  const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const argv = [process.execPath, SQL_RUNNER, ...words, ...outputs];
  const { exitCode, stderr } = await startChild({ argv, cwd: directory, env, log: join(directory, 'runbook.log') })
    .result;
  // They say how it stands, and it does not stand well; an error is another matter.
  if (exitCode === null || exitCode === 1) throw new Error(`${words.join(' ')} ended with ${exitCode}: ${stderr}`);
}
