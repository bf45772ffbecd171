import { Command, InvalidArgumentError } from 'commander';
import { outliveReaders } from '../errors/closed-pipe';
import { describeOperatorError, OperatorError } from '../errors/operator-error';
import { down, env, status, up } from './commands';
import { DEFAULT_LAB } from './directory';
import { seed } from './seed-command';

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1024 || value > 65535)
    throw new InvalidArgumentError('Give a port from 1024 to 65535.');
  return value;
}

function rows(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 5000) throw new InvalidArgumentError('Give a whole number of at least 5000.');
  return value;
}

function program(): Command {
  const cli = new Command('lab').description(
    'Two AWS accounts on this machine: an endpoint that plays AWS, and real PostgreSQL servers.',
  );
  cli
    .command('up')
    .description('build the accounts and start the production cluster')
    .option('--environment <name>', 'environment to build, one of environments/', 'demo')
    .option('--environment-file <file>', 'environment file to build instead')
    .option('--name <name>', 'name of the lab; several run side by side', DEFAULT_LAB)
    .option('--port <number>', 'port of the AWS endpoint (default: any free one)', port)
    .option('--postgres-port <number>', 'port of the production cluster (default: any free one)', port)
    .addHelpText('after', '\nExample:\n  npm run lab -- up --environment demo')
    .action(up);
  cli
    .command('down')
    .description('stop everything and remove every file, also after a crash')
    .option('--name <name>', 'name of the lab', DEFAULT_LAB)
    .option('--all', 'every lab of this checkout')
    .action(down);
  cli
    .command('status')
    .description('show what runs')
    .option('--name <name>', 'name of the lab', DEFAULT_LAB)
    .option('--json', 'as JSON')
    .action(status);
  cli
    .command('seed')
    .description("fill the demo environment's production databases with tables and rows")
    .option('--name <name>', 'name of the lab', DEFAULT_LAB)
    .option('--rows <number>', 'rows in all', rows, 100_000)
    .action(seed);
  cli
    .command('env')
    .description('print the variables that make AWS tools and Terraform work with the lab')
    .option('--name <name>', 'name of the lab', DEFAULT_LAB)
    .addHelpText('after', '\nExample:\n  eval "$(npm run -s lab -- env)"')
    .action(env);
  return cli.showHelpAfterError('(--help shows the commands and options)');
}

outliveReaders();
program()
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    console.error(describeOperatorError(error));
    process.exitCode = 1;
  });
