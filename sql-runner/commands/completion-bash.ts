import type { completionWords, CommandWords, Offer, OptionWords } from './completion-words';

/** For bash from 3.2 on, the one of macOS: without mapfile, and without compopt where there is none. */
export function bashCompletion({ root, commands }: ReturnType<typeof completionWords>): string {
  const values = commands.flatMap(({ options }) => options).filter(({ takesValue }) => takesValue);
  return `# bash completion of sql-runner. To load it: source <(sql-runner completion bash)

_sql_runner_environments() {
  local folder
  for folder in "\${STACKS_DIR:-cdktf.out/stacks}"/*-source; do
    [[ -d $folder ]] || continue
    folder=\${folder##*/}
    printf '%s\\n' "\${folder%-source}"
  done
}

_sql_runner_files() {
  compopt -o filenames 2>/dev/null
  COMPREPLY+=($(compgen "$1" -- "$2"))
}

_sql_runner() {
  local IFS=$'\\n'
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${lines([...commands.map(({ name }) => name), ...flagsOf(root)])}' -- "$word"))
    return
  fi
  case $before in
${valueCases(values)}
  esac
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}

complete -F _sql_runner sql-runner
`;
}

/** What follows an option is the same whichever command has it. */
function valueCases(values: readonly OptionWords[]): string {
  const cases = new Map(values.map(({ flags, value }) => [flags.join('|'), value]));
  return [...cases].map(([flags, value]) => `    ${flags}) ${offered(value)}return ;;`).join('\n');
}

function commandCase({ name, options, argument }: CommandWords): string {
  return `    ${name})
      if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W '${lines(flagsOf(options))}' -- "$word"))
      else
        ${offered(argument)}return
      fi ;;`;
}

function offered(offer: Offer): string {
  const environments = 'COMPREPLY=($(compgen -W "$(_sql_runner_environments)" -- "$word")); ';
  const files = '_sql_runner_files -f "$word"; ';
  switch (offer) {
    case null:
      return '';
    case 'file':
      return files;
    case 'directory':
      return '_sql_runner_files -d "$word"; ';
    case 'environment':
      return environments;
    case 'environment or file':
      return environments + files;
    default:
      return `COMPREPLY=($(compgen -W '${lines(offer)}' -- "$word")); `;
  }
}

const flagsOf = (options: readonly OptionWords[]): string[] => options.flatMap(({ flags }) => flags);

/** A word a line: IFS splits at nothing else, so that file names may have spaces. */
const lines = (words: readonly string[]): string => words.join('\n');
