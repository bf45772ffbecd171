import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { described } from './about-itself';
import type { DdlCheckOptions } from './commands/ddl-check';
import type { Report } from './verb';

/** What is about definitions. Its first argument is what to do with them. */
export function ddlCommand(root: Command, report: Report): void {
  described(
    root,
    'ddl',
    'judge a migration before it runs, by trying it on local servers; touches neither production nor the clone',
    'sql-runner ddl check V42.sql --schema-from schema.sql',
  )
    .addArgument(new Argument('<action>', 'what to do').choices(['check']))
    .argument('<files...>', 'files of SQL, or folders of them, in the order in which they run')
    .requiredOption('--schema-from <file>', 'schema that both sides have, as pg_dump --schema-only writes it')
    .option('--bindir <dir>', 'folder of the programs of a local PostgreSQL; else PATH, the usual places, npm')
    .option('--major <number>', 'major version of production; else that of the dump, or any that is found', major)
    .option('--subscription <name>', 'of the clone, for the SQL that refreshes it', 'the_subscription')
    .option('--single-transaction', 'each file runs as one transaction', false)
    .addOption(
      new Option('--format <format>', 'of the result')
        .choices(['text', 'json', 'sarif', 'junit', 'github', 'markdown'])
        .default('text'),
    )
    .addOption(new Option('--json', 'machine-readable output on stdout').default(false))
    .option('--no-color', 'no colours')
    .action(async (_action: string, files: string[], options: DdlCheckOptions) =>
      report(await (await import('./commands/ddl-check')).ddlCheckCommand(files, options)),
    );
}

function major(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 13 && number <= 99) return number;
  throw new InvalidArgumentError('a whole number from 13 on is needed.');
}
