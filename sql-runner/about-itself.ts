import { Argument, Option, type Command } from 'commander';
import { EXIT_CODES, EXITS_OF_COMMAND } from '../errors/exit-codes';
import { nearest } from '../errors/nearest';

/** A command with what the help of each ends with: its exit codes, and an example. */
export function described(root: Command, name: string, description: string, example: string): Command {
  return root
    .command(name)
    .description(description)
    .addOption(new Option('--log-format <format>', 'of what goes to stderr').choices(['text', 'json']).default('text'))
    .addHelpText('after', () => `\nExit codes:\n${exitsText(name)}\n\nExample:\n  ${example}`);
}

/** What it may end with; docs/cli.md says when. */
function exitsText(name: string): string {
  const kinds = EXITS_OF_COMMAND[name] ?? [];
  const codes = kinds.map((kind) => EXIT_CODES[kind]).sort((a, b) => a.code - b.code);
  return codes.map(({ code, title }) => `  ${String(code).padEnd(4)} ${title}`).join('\n');
}

/** The commands that are about the command line itself, and read nothing. */
export function aboutItself(root: Command): void {
  described(root, 'completion', 'print the completion script of a shell', 'source <(sql-runner completion bash)')
    .addArgument(new Argument('<shell>', 'the shell that is to read it').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      process.stdout.write((await import('./commands/completion')).completion(shell, root));
    });
  described(root, 'help', 'show the help of a command', 'sql-runner help plan')
    .argument('[command]', 'name of the command')
    .action((name: string | undefined) => helpOf(root, name).help());
}

function helpOf(root: Command, name: string | undefined): Command {
  if (name === undefined) return root;
  const found = root.commands.find((command) => command.name() === name);
  if (found !== undefined) return found;
  const names = root.commands.map((command) => command.name());
  const meant = nearest(name, names);
  const hint = meant === undefined ? `it is one of ${names.join(', ')}` : `Did you mean ${meant}?`;
  return root.error(`error: unknown command '${name}'\n(${hint})`);
}
