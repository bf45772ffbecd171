import { setTimeout as pause } from 'node:timers/promises';
import type { Side } from '../../lab/lab';
import { diagnose } from '../../sql-runner/actions/doctor';
import type { PlanMode } from '../../sql-runner/model/plan';
import { makePlan } from '../../sql-runner/actions/run';
import { AwsWorld } from '../e2e/support/aws-world';
import { execute } from '../e2e/support/provocations';
import { eventually } from '../support/eventually';
import type { BrokenWorld } from './broken-world';
import { compared } from './compared';

const STATEMENTS = /in (?:the |its )?database (\S+?)(?:,)? on the (source|clone): (.+?;)(?=$| then | and |; )/gs;
const VERIFY = /sql-runner verify demo finds them, and says what to do/;
const NEW_CLONE =
  /sql-runner (reset) demo,\s+then\s+cdktf\s+deploy\s+demo-target,\s+then\s+sql-runner\s+(apply)\s+demo/;

const RESTART =
  /if process (\d+) is still there ten seconds after it was ended, .*?: aws (rds reboot-db-instance .+?), in/s;
const STAYS_MS = 10_000;

/**
 * Carries out what a message tells people to do, as it stands there: its statements first, in their databases, then its
 * commands. What it sends people to (`doctor says what to do`), they do as well.
 * @returns what was done
 */
export async function carryOut(world: BrokenWorld, next: string): Promise<string[]> {
  const done = await runStatements(world, next);
  if (/sql-runner apply demo lets it go on .* if some differ: make a new clone/s.test(next)) {
    const ended = await run(world, 'apply');
    return ended.endsWith('STREAM_BROKEN') ? [...done, ended, await newClone(world)] : [...done, ended];
  }
  if (VERIFY.test(next)) return [...done, ...(await asVerifySays(world))];
  if (NEW_CLONE.test(next)) return [...done, await newClone(world)];
  const [, verb] = /sql-runner (apply|reset|resume) demo/.exec(next) ?? [];
  if (RESTART.test(next)) return [...done, ...(await restartWhereItStays(world, next))];
  if (verb !== undefined && (done.length === 0 || /then|and run|;? ?run/.test(next)))
    return [...done, await run(world, verb as PlanMode)];
  if (done.length > 0) return done;
  const [, named] = /sql-runner doctor demo names it as ([A-Z_]+)/.exec(next) ?? [];
  if (named !== undefined) return asDoctorNames(world, named);
  if (/sql-runner doctor demo (?:says|names)/.test(next)) return asDoctorSays(world);
  const [, code] = /what ([A-Z]+(?:_[A-Z]+)+) says/.exec(next) ?? [];
  return code === undefined ? [] : asFindingSays(world, code);
}

async function runStatements(world: BrokenWorld, next: string): Promise<string[]> {
  const done: string[] = [];
  for (const [, database, side, text] of next.matchAll(STATEMENTS)) {
    const connect = side === 'source' ? world.lab.source : world.lab.clone;
    const statements = text!.split(/(?<=;) /);
    const open = () =>
      next.includes('as a role that may set it') ? world.admin(side as Side, database) : connect(database!);
    if (text!.startsWith('REVOKE')) await copied(world, database!);
    const work = async () => execute(await open(), statements);
    await (text!.includes('ALTER DATABASE') ? world.alone(work) : work());
    done.push(...statements.map((statement) => `${side}: ${statement}`));
  }
  return done;
}

/** `when pg_subscription_rel shows srsubstate r for each, not before, take back what was granted`. */
const copied = (world: BrokenWorld, database: string): Promise<unknown> =>
  eventually(async () => {
    const left = await execute(await world.lab.clone(database), [
      `SELECT FROM pg_subscription_rel WHERE srsubstate <> 'r'`,
    ]);
    return left.length === 0;
  });

/** @returns nothing where it has ended in time */
async function restartWhereItStays(world: BrokenWorld, next: string): Promise<string[]> {
  const [, pid, words] = RESTART.exec(next)!;
  const until = Date.now() + STAYS_MS;
  while ((await world.beside('clone', `SELECT FROM pg_stat_activity WHERE pid = ${pid}`)).length === 1) {
    if (Date.now() > until) {
      await new AwsWorld(world.lab).carryOut('target', words!.split(/\s+/));
      return [`aws ${words}`];
    }
    await pause(200);
  }
  return [];
}

async function asVerifySays(world: BrokenWorld): Promise<string[]> {
  const { equal, text } = await compared(world);
  return equal ? ['sql-runner verify: equal'] : ['sql-runner verify: not equal', ...(await carryOut(world, text))];
}

async function newClone(world: BrokenWorld): Promise<string> {
  await world.newClone();
  return 'a new clone';
}

async function run(world: BrokenWorld, verb: PlanMode): Promise<string> {
  return `sql-runner ${verb}: ${await world.follow([verb, 'demo', '--allow-reboot'])}`;
}

/** What it prints to be done in the databases, and only where there is nothing of that, the runs that it names. */
async function asDoctorSays(world: BrokenWorld): Promise<string[]> {
  const { results } = await diagnose(world.lab.open, world.lab.contracts);
  const failing = results.filter(({ status }) => status === 'fail').flatMap(({ findings }) => findings);
  const ways = failing.map(({ next }) => next).filter((next) => !/sql-runner doctor/.test(next));
  const done: string[] = [];
  for (const next of ways) done.push(...(await runStatements(world, next)));
  if (ways.some((next) => VERIFY.test(next))) return [...done, ...(await asVerifySays(world))];
  if (done.length > 0) return done;
  const runs = ways.filter((next) => /sql-runner (?:apply|reset) demo/.test(next));
  if (runs.length === 0) return [];
  return [NEW_CLONE.test(runs[0]!) ? await newClone(world) : await run(world, 'apply')];
}

async function asDoctorNames(world: BrokenWorld, code: string): Promise<string[]> {
  const { results } = await diagnose(world.lab.open, world.lab.contracts);
  const found = results.filter((result) => result.code === code).flatMap(({ findings }) => findings);
  return (await Promise.all(found.map(({ next }) => runStatements(world, next)))).flat();
}

async function asFindingSays(world: BrokenWorld, code: string): Promise<string[]> {
  const plan = await makePlan(world.lab.open, world.lab.contracts, 'apply');
  const finding = plan.findings.find((one) => one.code === code);
  return finding === undefined ? [] : carryOut(world, finding.next);
}
