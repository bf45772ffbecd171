import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import type { DdlAction, DdlOptions } from './commands/ddl';
import type { DdlCheckOptions } from './commands/ddl-check';
import { runs, seconds } from './option-values';
import { verb, type Report } from './verb';

const ACTIONS = ['list', 'show', 'apply', 'skip', 'check'] as const satisfies readonly (DdlAction | 'check')[];

/**
 * The verb about statements of DDL: list and show look at those that follow in the order of the stream, apply and skip
 * decide about one, and check judges files of them before they run anywhere.
 */
export function ddlCommand(root: Command, report: Report): void {
  const command = verb(
    root,
    'ddl',
    'list DDL of the source and what became of it, decide about a statement, or judge a migration before it runs',
    'sql-runner ddl list dev\n  sql-runner ddl show dev 12\n  sql-runner ddl check V42.sql -e dev',
  )
    .addArgument(new Argument('<action>', 'list all; show, apply or skip one; check files').choices(ACTIONS))
    .argument('<of...>', 'name of the environment and number of the statement; for check: files of SQL, or folders')
    .option('--database <name>', 'its database, where several have a statement of that number')
    .option('--limit <statements>', 'how many statements list shows, 1 to 1000', runs, 50)
    .option('--auto-approve', 'apply and skip do not ask', false)
    .option('--timeout <seconds>', 'how long apply and skip wait until the stream has passed it', seconds, 60);
  checkOptions(command).action(
    async (action: DdlAction | 'check', of: string[], options: DdlOptions & DdlCheckOptions) =>
      report(await (action === 'check' ? check(command, of, options) : about(command, action, of, options))),
  );
}

function checkOptions(command: Command): Command {
  return command
    .option('-e, --environment <name>', 'check: on the schemas of both sides of it, which pg_dump reads')
    .option('--schema-from <file>', 'check: or on a schema that both have, as pg_dump --schema-only writes it')
    .option('--bindir <dir>', 'check: folder of the programs of a local PostgreSQL; else PATH, the usual places, npm')
    .option(
      '--major <number>',
      'check: major version of production, for --schema-from; else that of the dump, or any',
      major,
    )
    .option(
      '--subscription <name>',
      'check: of the clone, for --schema-from, in the SQL that refreshes it',
      'the_subscription',
    )
    .option('--single-transaction', 'check: each file runs as one transaction', false)
    .addOption(
      new Option('--format <format>', 'check: of the result')
        .choices(['text', 'json', 'sarif', 'junit', 'github', 'markdown'])
        .default('text'),
    );
}

async function check(command: Command, files: string[], options: Partial<DdlCheckOptions>): Promise<number> {
  if ((options.schemaFrom === undefined) === (options.environment === undefined))
    command.error('error: check needs one of --environment <name> and --schema-from <file>');
  return (await import('./commands/ddl-check')).ddlCheckCommand(files, options as DdlCheckOptions);
}

async function about(command: Command, action: DdlAction, of: string[], options: DdlOptions): Promise<number> {
  const [environment, text, ...more] = of;
  if (more.length > 0) command.error(`error: too many arguments: ${more.join(' ')}`);
  const number = text === undefined ? null : statement(text);
  if (number !== null && Number.isNaN(number))
    command.error(`error: '${text}' is not the number of a statement: a whole number from 1 on is needed`);
  return (await import('./commands/ddl')).ddl(action, environment!, number, options);
}

function statement(value: string): number {
  const number = Number(value);
  return /^\d+$/.test(value) && Number.isSafeInteger(number) && number >= 1 ? number : Number.NaN;
}

function major(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 13 && number <= 99) return number;
  throw new InvalidArgumentError('a whole number from 13 on is needed.');
}
