import { Option, type Command } from 'commander';
import type { DoctorOptions } from './commands/doctor';
import type { InsteadOfApply } from './commands/plan';
import type { CommonOptions } from './commands/settings';
import type { StatusOptions } from './commands/status';
import {
  interval,
  lag,
  limit,
  minutes,
  otlpEndpoint,
  port,
  runs,
  seconds,
  tablesAtOnce,
  topicArn,
  webhookAddress,
  collect,
} from './option-values';
import { overwriteOption, pruneOption } from './large-object-options';
import { headroomOption, putBackOption } from './sequence-options';
import { verb, type Report } from './verb';

/** The verbs that change nothing, but for the beats of serve, and the row that verify keeps of itself on the clone. */

export function doctorCommand(root: Command, report: Report): void {
  verb(
    root,
    'doctor',
    'check both sides for everything that could go wrong, and say how to fix it',
    'sql-runner doctor dev',
  )
    .argument('<environment>', 'name of the environment')
    .option('--only-problems', 'only count what passed; so it is on a terminal', false)
    .addOption(new Option('--all', 'tell what passed on a terminal too').default(false).conflicts('onlyProblems'))
    .action(async (environment: string, options: DoctorOptions) =>
      report(await (await import('./commands/doctor')).doctor(environment, options)),
    );
}

export function planCommand(root: Command, report: Report): void {
  const plan = verb(
    root,
    'plan',
    'show what apply would do; changes nothing',
    'sql-runner plan dev --out dev.plan.json',
  )
    .argument('<environment>', 'name of the environment')
    .option('--out <file>', 'save the plan for: sql-runner apply FILE')
    .option('--detailed-exitcode', 'exit 2 when there are changes', false);
  for (const [index, [flag, what]] of INSTEAD.entries())
    plan.addOption(
      new Option(`--${flag}`, `plan ${what} instead`).conflicts(INSTEAD.slice(0, index).map(([other]) => camel(other))),
    );
  const others = INSTEAD.map(([flag]) => camel(flag)).filter((name) => name !== 'sequences');
  for (const option of [headroomOption(), putBackOption()])
    plan.addOption(option.implies({ sequences: true }).conflicts(others));
  const beside = INSTEAD.map(([flag]) => camel(flag)).filter((name) => name !== 'largeObjects');
  for (const option of [pruneOption(), overwriteOption()])
    plan.addOption(option.implies({ largeObjects: true }).conflicts(beside));
  plan.addOption(
    new Option('--resync <table...>', 'plan a fresh copy of these tables instead').conflicts(
      INSTEAD.map(([flag]) => camel(flag)),
    ),
  );
  plan.option(
    '--database <name>',
    'with --resync: whose tables they are; with --large-objects: only those of this database',
  );
  plan.addOption(
    new Option(
      '--repair <file>',
      'plan instead to mend the rows that verify --json has written to this file',
    ).conflicts([...INSTEAD.map(([flag]) => camel(flag)), 'resync']),
  );
  plan.action(async (environment: string, options: CommonOptions & InsteadOfApply & { detailedExitcode: boolean }) =>
    report(await (await import('./commands/plan')).plan(environment, options)),
  );
}

/** The other verbs that change something, each of which can be planned alone. */
const INSTEAD = [
  ['teardown', 'the teardown'],
  ['reset', 'the reset'],
  ['hold', 'the hold'],
  ['release-slots', 'hold --release-slots'],
  ['resume', 'the resume'],
  ['rotate', 'the rotation of the password'],
  ['sequences', 'the sequences that are to be set'],
  ['refresh', 'the materialized views that would be refreshed'],
  ['large-objects', 'the large objects that would be copied'],
  ['skip', 'what skip would leave out'],
] as const;

const camel = (flag: string): string => flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

export function statusCommand(root: Command, report: Report): void {
  verb(root, 'status', 'show the state and the lag of every stream', 'sql-runner status dev')
    .argument('<environment>', 'name of the environment')
    .option('--max-lag <size|time>', 'exit 16 when a stream is further behind, as in 100MB, 2GiB, 90s or 5min', lag)
    .addOption(new Option('--exit-zero', 'exit 0 whenever the state could be shown').default(false).conflicts('maxLag'))
    .action(async (environment: string, options: StatusOptions) =>
      report(await (await import('./commands/status')).status(environment, options)),
    );
}

export function watchCommand(root: Command, report: Report): void {
  verb(
    root,
    'watch',
    'show how far every stream is, and how fast, until you stop it',
    'sql-runner watch dev --until streaming --timeout 900',
  )
    .argument('<environment>', 'name of the environment')
    .option('--interval <seconds>', 'time between two looks, 1 to 3600', interval, 2)
    .addOption(new Option('--once', 'look once, as status does').default(false).conflicts('until'))
    .addOption(new Option('--until <state>', 'end as soon as every stream is so').choices(['streaming']))
    .option('--timeout <seconds>', 'with --until: how long to wait at most; 0: without an end', seconds, 0)
    .action(async (environment: string, options) =>
      report(await (await import('./commands/watch')).watch(environment, options)),
    );
}

export function serveCommand(root: Command, report: Report): void {
  verb(
    root,
    'serve',
    'look at every stream at an interval, and serve a page and Prometheus metrics of it',
    'sql-runner serve dev --port 9187',
  )
    .argument('<environment>', 'name of the environment')
    .option('--host <address>', 'address to listen on; whoever reaches it may read', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0: one that is free', port, 9187)
    .option('--interval <seconds>', 'time between two looks, 1 to 3600', interval, 10)
    .option('--beat-every <seconds>', 'time between two beats, our own rows on the source; 0: none', seconds, 30)
    .option('--plan-every <minutes>', 'time between two plans for the page, 1 to 1440; 0: none', minutes, 10)
    .option('--history <dir>', 'where a day of what was seen is kept; else in the state folder of the user')
    .option('--no-history', 'keep nothing beyond the end')
    .addOption(
      new Option('--webhook <url>', 'https address that changes of state are sent to')
        .env('SQL_RUNNER_WEBHOOK')
        .argParser(webhookAddress),
    )
    .option('--webhook-secret-file <file>', 'secret that signs them; else SQL_RUNNER_WEBHOOK_SECRET')
    .addOption(
      new Option('--sns-topic <arn>', 'topic that changes of state are published to')
        .env('SQL_RUNNER_SNS_TOPIC')
        .argParser(topicArn),
    )
    .option(
      '--otlp-endpoint <url>',
      'https address that the metrics are sent to by OTLP; its headers: OTEL_EXPORTER_OTLP_HEADERS',
      otlpEndpoint,
    )
    .option('--cloudwatch', 'publish the age of the heartbeat to CloudWatch, in the account of the clone')
    .action(async (environment: string, options) =>
      report(await (await import('./commands/serve')).serve(environment, options)),
    );
}

export function verifyCommand(root: Command, report: Report): void {
  verb(
    root,
    'verify',
    'compare every replicated table with its copy, while both are in use; reads only, but for a row in the history of runs on the clone',
    'sql-runner verify dev --database shop',
  )
    .argument('<environment>', 'name of the environment')
    .option('--database <name>', 'only this database; may be repeated', collect, [])
    .option('--concurrency <tables>', 'tables compared at a time, 1 to 16', tablesAtOnce, 2)
    .option('--settle-timeout <seconds>', 'how long rows that keep changing are read again', seconds, 60)
    .option('--statement-timeout <seconds>', 'limit of one query on a table; 0: none', limit, 0)
    .option('--no-keep', 'keep nothing of it in the history of runs')
    .addOption(
      new Option('--history-file <file>', 'keep it in a file of JSON lines, beside the clone').env(
        'SQL_RUNNER_HISTORY_FILE',
      ),
    )
    .action(async (environment: string, options) =>
      report(await (await import('./commands/verify')).verify(environment, options)),
    );
}

export function schemaCommand(root: Command, report: Report): void {
  verb(
    root,
    'schema',
    'show how far both sides define the same, and the SQL that makes the clone so',
    'sql-runner schema dev',
  )
    .argument('<environment>', 'name of the environment')
    .option('--database <name>', 'only this database; may be repeated', collect, [])
    .addOption(new Option('--sarif', 'as SARIF 2.1.0 on stdout').default(false).conflicts('json'))
    .action(async (environment: string, options) =>
      report(await (await import('./commands/schema')).schema(environment, options)),
    );
}

export function historyCommand(root: Command, report: Report): void {
  verb(
    root,
    'history',
    'show the runs that may have changed something, or compared rows',
    'sql-runner history dev --limit 50',
  )
    .argument('<environment>', 'name of the environment')
    .option('--limit <runs>', 'how many runs are shown, 1 to 1000', runs, 20)
    .addOption(
      new Option('--history-file <file>', 'a file that keeps runs, beside the clone').env('SQL_RUNNER_HISTORY_FILE'),
    )
    .action(async (environment: string, options) =>
      report(await (await import('./commands/history')).history(environment, options)),
    );
}
