import type { Argument, Command, Option } from 'commander';

/** What a shell may offer in a place: file names, folders, environments that are deployed, or one of these words. */
export type Offer = 'file' | 'directory' | 'environment' | 'environment or file' | readonly string[] | null;

export interface OptionWords {
  /** `--json`; of one with a short form, both. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Whether a value follows. */
  readonly takesValue: boolean;
  readonly value: Offer;
}

export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** What its argument is. */
  readonly argument: Offer;
}

/** All that can be typed, as the parser of the command line knows it. */
export function completionWords(root: Command): { root: readonly OptionWords[]; commands: readonly CommandWords[] } {
  const names = root.commands.map((command) => command.name());
  return {
    root: optionsOf(root),
    commands: root.commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: optionsOf(command),
      argument: argumentOf(command.registeredArguments[0], names),
    })),
  };
}

function optionsOf(command: Command): OptionWords[] {
  // With --help, which is not among the options of the command itself.
  return command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      flags: [option.short, option.long].filter((flag) => flag != null),
      description: option.description,
      takesValue: option.required || option.optional,
      value: valueOf(option),
    }));
}

function valueOf(option: Option): Offer {
  if (option.argChoices !== undefined) return option.argChoices;
  if (option.flags.includes('<file>')) return 'file';
  return option.flags.includes('<dir>') ? 'directory' : null;
}

function argumentOf(argument: Argument | undefined, names: readonly string[]): Offer {
  switch (argument?.name()) {
    case 'environment':
      return 'environment';
    case 'environment|plan-file':
      return 'environment or file';
    case 'command':
      return names;
    default:
      return argument?.argChoices ?? null;
  }
}
