import { Argument, Command, InvalidArgumentError } from 'commander';
import { breakSomething, heal } from './break-command';
import { down, env, start, status, up } from './commands';
import { DEFAULT_LAB } from './directory';
import { eventTriggers } from './event-triggers-command';
import { SIDES, type Side } from './lab';
import { decline, expire } from './expire-command';
import { logs, type LogsOptions } from './logs-command';
import { psql } from './psql-command';
import { seed } from './seed-command';
import { startWriting, stopWriting } from './writers-command';

const NAME = ['--name <name>', 'name of the lab', DEFAULT_LAB] as const;
const side = (): Argument => new Argument('<side>', 'production, or the clone').choices(SIDES);

/** The command line of the lab. */
export function program(): Command {
  const cli = new Command('lab').description(
    'Two AWS accounts on this machine: an endpoint that plays AWS, and real PostgreSQL servers.',
  );
  addLifeCycle(cli);
  addLooking(cli);
  addPractice(cli);
  return cli.showHelpAfterError('(--help shows the commands and options)');
}

function addLifeCycle(cli: Command): void {
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
    .command('start')
    .description('start servers that were killed')
    .option(...NAME)
    .action(start);
  cli
    .command('down')
    .description('stop everything and remove every file, also after a crash')
    .option(...NAME)
    .option('--all', 'every lab of this checkout')
    .action(down);
  cli
    .command('seed')
    .description("fill the demo environment's production databases with tables and rows")
    .option(...NAME)
    .option('--rows <number>', 'rows in all', wholeNumber(5000), 100_000)
    .action(seed);
}

function addLooking(cli: Command): void {
  cli
    .command('status')
    .description('show what runs')
    .option(...NAME)
    .option('--json', 'as JSON')
    .action(status);
  cli
    .command('env')
    .description('print the variables that make AWS tools and Terraform work with the lab')
    .option(...NAME)
    .addHelpText('after', '\nExample:\n  eval "$(npm run -s lab -- env)"')
    .action(env);
  cli
    .command('psql')
    .description('log in as the master user, by psql; with --command no psql is needed')
    .addArgument(side())
    .argument('[database]', "default: the first of the environment's")
    .option(...NAME)
    .option('-c, --command <sql>', 'run this and print what it gives')
    .addHelpText('after', `\nExample:\n  npm run -s lab -- psql clone shop -c 'SELECT count(*) FROM customers'`)
    .action(psql);
  cli
    .command('logs')
    .description("show the end of a server's log")
    .addArgument(side())
    .option(...NAME)
    .option('--lines <number>', 'how many lines', wholeNumber(1), 50)
    .option('--follow', 'go on as it grows, until Ctrl-C')
    .action((which: Side, options: LogsOptions) => logs(which, options));
}

function addPractice(cli: Command): void {
  const writers = cli.command('writers').description('let production write, in the background');
  writers
    .command('start')
    .description('start them; they go on until they are stopped, or the lab goes down')
    .option(...NAME)
    .option('--writers <number>', 'how many sessions write at a time', wholeNumber(1), 2)
    .option('--pause <ms>', 'pause of each after a transaction, in milliseconds', wholeNumber(0), 50)
    .action(startWriting);
  writers
    .command('stop')
    .description('let running transactions end, and stop')
    .option(...NAME)
    .action(stopWriting);
  cli
    .command('break')
    .description('bring about something that goes wrong in production, to practise')
    .argument('[what...]', 'one of those that --list shows')
    .option(...NAME)
    .option('--list', 'show what can be broken, and what is')
    .addHelpText('after', '\nExample:\n  npm run -s lab -- break conflict')
    .action(breakSomething);
  cli
    .command('heal')
    .description('put back what `break` did')
    .argument('<what...>', 'what was broken')
    .option(...NAME)
    .action(heal);
  cli
    .command('event-triggers')
    .description('let the master users make event triggers, as on Aurora; for ddl: apply and record')
    .option(...NAME)
    .action(eventTriggers);
  cli
    .command('expire')
    .description('let the seven days pass in which share and peering can be accepted')
    .option(...NAME)
    .action(expire);
  cli
    .command('decline')
    .description('decline share and peering in the account of the clone')
    .option(...NAME)
    .action(decline);
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1024 || value > 65535)
    throw new InvalidArgumentError('Give a port from 1024 to 65535.');
  return value;
}

function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`Give a whole number of at least ${least}.`);
    return value;
  };
}
