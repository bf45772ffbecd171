import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** From one FROM to the next. */
export interface Stage {
  readonly base: string;
  readonly as?: string;
  readonly instructions: readonly Instruction[];
}

/** The instructions of a Dockerfile (Dockerfile reference, "Format"): comments gone, lines that end with \ joined. */
function instructionsOf(text: string): Instruction[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  return lines
    .map((line) => /^\s*([A-Z]+)\s+(.+)$/.exec(line))
    .flatMap((match) => (match === null ? [] : [{ name: match[1]!, text: match[2]! }]));
}

export function stagesOf(text: string): { readonly args: Readonly<Record<string, string>>; readonly stages: Stage[] } {
  const all = instructionsOf(text);
  const first = all.findIndex(({ name }) => name === 'FROM');
  const args = Object.fromEntries(all.slice(0, first).map(({ text: arg }) => arg.split('=') as [string, string]));
  const stages: Stage[] = [];
  for (const instruction of all.slice(first)) {
    if (instruction.name === 'FROM') {
      const [base, , as] = instruction.text.split(/\s+/) as [string, string?, string?];
      stages.push({ base, as, instructions: [] });
    } else stages[stages.length - 1] = withOne(stages.at(-1)!, instruction);
  }
  return { args, stages };
}

const withOne = (stage: Stage, instruction: Instruction): Stage => ({
  ...stage,
  instructions: [...stage.instructions, instruction],
});

export interface Copy {
  readonly from?: string;
  readonly sources: readonly string[];
  readonly to: string;
}

export function copiesOf({ instructions }: Stage): Copy[] {
  return instructions
    .filter(({ name }) => name === 'COPY')
    .map(({ text }) => {
      const words = text.split(/\s+/);
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
      const paths = words.filter((word) => !word.startsWith('--'));
      return { from, sources: paths.slice(0, -1), to: paths.at(-1)! };
    });
}

/** What .dockerignore lets into a build, where it begins by leaving out everything. */
export function letIn(project: string): string[] {
  const [all, ...rest] = readFileSync(join(project, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (all !== '*' || rest.some((line) => !line.startsWith('!'))) throw new Error('.dockerignore is of another form');
  return rest.map((line) => line.slice(1));
}
