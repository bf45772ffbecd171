import { OperatorError } from '../errors/operator-error';
import { lockFileNote } from './lock-file';
import type { StackFolder } from './stack-folders';
import { initialised, type Ended, terraform } from './terraform';

/** Holds a stack to the schemas of the real provider, without a state and without credentials. @returns a note, if any */
export async function validateStack(stack: StackFolder): Promise<string | undefined> {
  const note = lockFileNote(stack);
  return initialised(stack, ['-backend=false'], async (init) => {
    if (init.code !== 0) throw invalid(stack, 'init -backend=false', init);
    const validated = await terraform(stack, 'validate', '-no-color');
    if (validated.code !== 0) throw invalid(stack, 'validate', validated);
    return note;
  });
}

function invalid({ name, folder }: StackFolder, command: string, { stderr, stdout }: Ended): OperatorError {
  return new OperatorError({
    code: 'STACK_INVALID',
    seen: `terraform ${command} of ${name} failed: ${(stderr || stdout).trim()}`,
    why: 'A plan of it would fail as well.',
    next: `Correct the environment file, or what stands beside the JSON in ${folder}, and run it again: npm run stacks:validate`,
  });
}
