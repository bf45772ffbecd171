import { Argument, InvalidArgumentError, type Command } from 'commander';
import type { DdlAction } from './commands/ddl';
import { runs, seconds } from './option-values';
import { verb, type Report } from './verb';

const ACTIONS = ['list', 'show', 'apply', 'skip'] as const satisfies readonly DdlAction[];

/** The verb about statements of DDL that follow in the order of the stream: two of its actions look, two decide. */
export function ddlCommand(root: Command, report: Report): void {
  verb(
    root,
    'ddl',
    'list DDL of the source and what became of it on the clone, or decide about a statement that the stream stands before',
    'sql-runner ddl list dev && sql-runner ddl show dev 12',
  )
    .addArgument(new Argument('<action>', 'list all; show, apply or skip one').choices(ACTIONS))
    .argument('<environment>', 'name of the environment')
    .argument('[number]', 'number of the statement, as list shows it', statement)
    .option('--database <name>', 'its database, where several have a statement of that number')
    .option('--limit <statements>', 'how many statements list shows, 1 to 1000', runs, 50)
    .option('--auto-approve', 'apply and skip do not ask', false)
    .option('--timeout <seconds>', 'how long apply and skip wait until the stream has passed it', seconds, 60)
    .action(async (action: DdlAction, environment: string, number: number | undefined, options) =>
      report(await (await import('./commands/ddl')).ddl(action, environment, number ?? null, options)),
    );
}

function statement(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('a whole number from 1 on is needed.');
}
