import { Option, type Command } from 'commander';
import { described } from './about-itself';
import { collect } from './option-values';

/** Takes the exit code of a command. */
export type Report = (exitCode: number) => void;

/** A verb with what all have that are about an environment. */
export function verb(root: Command, name: string, description: string, example: string): Command {
  return described(root, name, description, example)
    .addOption(
      new Option('--stacks-dir <dir>', 'folder with one folder a stack').env('STACKS_DIR').default('cdktf.out/stacks'),
    )
    .option(
      '--outputs <file>',
      'file with Terraform outputs, instead of calling terraform; repeat for the second stack',
      collect,
      [],
    )
    .option('--json', 'machine-readable output on stdout', false)
    .option('--no-color', 'no colours');
}
