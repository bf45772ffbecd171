import type { completionWords, CommandWords, Offer, OptionWords } from './completion-words';

/** For zsh: loaded by `source`, or as a file `_sql-runner` in a folder of fpath. */
export function zshCompletion({ root, commands }: ReturnType<typeof completionWords>): string {
  const described = commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`);
  return `#compdef sql-runner
# zsh completion of sql-runner. To load it: source <(sql-runner completion zsh)

_sql_runner_environments() {
  local -a names
  names=(\${STACKS_DIR:-cdktf.out/stacks}/*-source(N/:t))
  names=(\${names%-source})
  _describe environment names
}

_sql_runner_environments_or_files() {
  _sql_runner_environments
  _files
}

_sql_runner_commands() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  _describe command commands
}

_sql_runner() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C ${specs(root)} '1: :_sql_runner_commands' '*:: :->rest'
  [[ $state == rest ]] || return
  case $words[1] in
${commands.map(commandCase).join('\n')}
  esac
}

if [[ \${funcstack[1]} == _sql_runner || \${funcstack[1]} == _sql-runner ]]; then
  _sql_runner "$@"
else
  compdef _sql_runner sql-runner
fi
`;
}

function commandCase({ name, options, argument }: CommandWords): string {
  const place = argument === null ? [] : [quoted(`1: :${action(argument)}`)];
  return `    ${name}) _arguments ${[specs(options), ...place].join(' ')} ;;`;
}

/** An option may be given again: --outputs and --database are, and the others do no harm. */
function specs(options: readonly OptionWords[]): string {
  return options
    .flatMap(({ flags, description, takesValue, value }) =>
      flags.map((flag) => {
        const own = description.replace(/[[\]:\\]/g, '\\\\$&');
        return quoted(`*${flag}[${own}]${takesValue ? `: :${action(value)}` : ''}`);
      }),
    )
    .join(' ');
}

function action(offer: Offer): string {
  switch (offer) {
    case null:
      return ' ';
    case 'file':
      return '_files';
    case 'directory':
      return '_files -/';
    case 'environment':
      return '_sql_runner_environments';
    case 'environment or file':
      return '_sql_runner_environments_or_files';
    default:
      return `(${offer.join(' ')})`;
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
