import type { completionWords, CommandWords, Offer, OptionWords } from './completion-words';

/** For fish: loaded by `source`, or as completions/sql-runner.fish in its folder of settings. */
export function fishCompletion({ root, commands }: ReturnType<typeof completionWords>): string {
  const names = commands.map(({ name }) => name).join(' ');
  const first = `not __fish_seen_subcommand_from ${names}`;
  return `# fish completion of sql-runner. To load it: sql-runner completion fish | source

function __sql_runner_environments
  set -l stacks cdktf.out/stacks
  set -q STACKS_DIR; and set stacks $STACKS_DIR
  for folder in $stacks/*-source
    test -d $folder; and string replace -r -- '^.*/(.*)-source$' '$1' $folder
  end
end

complete -c sql-runner -f
${root.map((option) => optionLine(first, option)).join('\n')}
${commands.map(({ name, description }) => `${line(first)} -a ${name} -d ${quoted(description)}`).join('\n')}
${commands.map(commandLines).join('\n')}
`;
}

function commandLines({ name, options, argument }: CommandWords): string {
  const within = `__fish_seen_subcommand_from ${name}`;
  const place = offered(argument);
  return [
    ...options.map((option) => optionLine(within, option)),
    ...(place === '' ? [] : [`${line(within)} ${place}`]),
  ].join('\n');
}

function optionLine(condition: string, { flags, description, takesValue, value }: OptionWords): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const follows = takesValue ? [`-x ${offered(value)}`.trim()] : [];
  return [line(condition), ...names, ...follows, '-d', quoted(description)].join(' ');
}

const line = (condition: string): string => `complete -c sql-runner -n ${quoted(condition)}`;

function offered(offer: Offer): string {
  switch (offer) {
    case null:
      return '';
    case 'file':
      return `-a '(__fish_complete_path)'`;
    case 'directory':
      return `-a '(__fish_complete_directories)'`;
    case 'environment':
      return `-a '(__sql_runner_environments)'`;
    case 'environment or file':
      return `-a '(__sql_runner_environments; __fish_complete_path)'`;
    default:
      return `-a ${quoted(offer.join(' '))}`;
  }
}

/** Within single quotes fish knows two escapes. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
