import type { Client } from 'pg';
import type { AdviceKind } from '../../../docs/generate/advice';
import { program } from '../../../sql-runner/program';
import { record } from '../../advice/record';

/**
 * What a message tells people to do, carried out exactly as it is printed. Each
 * function takes the code as its last argument: test/advice reads these calls,
 * so the code is written out there, or in the table of the `test.each` or loop
 * around the call. Whether it healed is for the test to see.
 */
export interface Printed {
  readonly code: string;
  readonly next: string;
}

function sameCode({ code: actual, next }: Printed, code: string, kind: AdviceKind): string {
  if (actual !== code) throw new Error(`this is an advice of ${actual}, not of ${code}`);
  record({ code, kind, next });
  return next;
}

/** The statements that a fix ends with. @throws Error when it prints none */
export function sqlIn(next: string): string {
  const match = /(?:on the (?:source|clone)|subscribing database|database \S+): (.+;)$/s.exec(next);
  if (match === null) throw new Error(`no statement at the end of: ${next}`);
  return match[1]!;
}

/** Where one server plays both sides, the clone's database cannot have the name of the source's. */
const CLONE_BESIDE_ITS_SOURCE = 'copy';

function assertIn(place: string, { database }: Client, { next }: Printed): void {
  if (![undefined, CLONE_BESIDE_ITS_SOURCE, place].includes(database))
    throw new Error(`carried out in ${database}, printed for ${place}: ${next}`);
}

/**
 * Carries the printed statements out one by one: some cannot run within a transaction. The session must be in the
 * database that is printed: what works in another one only is no advice.
 */
export async function carryOut(printed: Printed, client: Client, code: string): Promise<void> {
  const place = [...printed.next.matchAll(/in database ([^:;]+?) on the (?:source|clone): /g)].at(-1)?.[1];
  if (place !== undefined) assertIn(place, client, printed);
  for (const statement of sqlIn(sameCode(printed, code, 'sql')).split(/(?<=;) /)) await asked(client, statement);
}

/** A worker that begins again and again may come between, and the server then takes back ours: whoever types it types it again. */
async function asked(client: Client, statement: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    if ((error as { code?: string }).code !== DEADLOCK) throw error;
    await asked(client, statement);
  }
}

/** deadlock_detected: nothing of the statement was done. */
const DEADLOCK = '40P01';

/** A session of one side, or for each database that is printed its own. */
type Sessions = Client | ((database: string) => Client);

/** The same for steps on both sides, in their order; what a step begins on the clone is over before the next one. */
export async function carryOutInTurn(
  printed: Printed,
  sides: { readonly source: Sessions; readonly clone: Sessions },
  over: () => Promise<unknown>,
  code: string,
): Promise<void> {
  const steps = [
    ...sameCode(printed, code, 'sql').matchAll(/in database (\S+) on the (source|clone): (.+?;)(?= then | and |$)/gs),
  ];
  if (steps.length < 2) throw new Error(`no steps on both sides in: ${printed.next}`);
  for (const [, database, side, statements] of steps) {
    const session = sides[side as 'source' | 'clone'];
    const client = typeof session === 'function' ? session(database!) : session;
    assertIn(database!, client, printed);
    for (const statement of statements!.split(/(?<=;) /)) await asked(client, statement);
    await over();
  }
}

/** The parameter and the value of `set <name> to <value>`; null when the fix sets none. */
export function settingIn(next: string): { name: string; value: string } | null {
  const match = /set ([\w.]+) (?:back )?to (-?[\w.-]+)/.exec(next);
  return match === null ? null : { name: match[1]!, value: match[2]! };
}

/** The same, when it must print one. */
export function printedSetting(printed: Printed, code: string): { name: string; value: string } {
  const setting = settingIn(sameCode(printed, code, 'setting'));
  if (setting === null) throw new Error(`no setting in: ${printed.next}`);
  return setting;
}

/** `aws rds reboot-db-instance --db-instance-identifier x` as its words. */
export function printedAwsCommand(printed: Printed, code: string): readonly string[] {
  const match = /aws ((?:rds|ssm) (?:wait )?[a-z-]+(?: --[a-z-]+ [\w/.-]*\w)*)/.exec(sameCode(printed, code, 'aws'));
  if (match === null) throw new Error(`no aws command in: ${printed.next}`);
  return match[1]!.split(' ');
}

/** `sql-runner apply dev --allow-reboot` as its words, of which the command line has taken each. */
export function printedRun(printed: Printed, code: string): readonly [verb: string, ...rest: string[]] {
  const match =
    /sql-runner ((?:apply|hold|resume|rotate|sequences|refresh|large-objects|skip|resync|repair|reset|teardown|rollout)(?: [\w./-]*\w)+)/.exec(
      sameCode(printed, code, 'sql-runner'),
    );
  if (match === null) throw new Error(`no run of sql-runner in: ${printed.next}`);
  // Up to where the sentence goes on.
  const [verb, subject, ...rest] = match[1]!.split(' ');
  const options = rest.slice(0, rest.findIndex((word) => !word.startsWith('--')) >>> 0);
  const command = program(() => undefined).commands.find((one) => one.name() === verb);
  for (const option of options)
    if (!command?.options.some(({ long }) => long === option)) throw new Error(`${verb} does not know ${option}`);
  return [verb!, subject!, ...options];
}

/** The stack of `cdktf deploy <stack>`. */
export function printedDeploy(printed: Printed, code: string): string {
  const match = /deploy ([\w-]+-(?:source|target))\b/.exec(sameCode(printed, code, 'cdktf'));
  if (match === null) throw new Error(`no stack to deploy in: ${printed.next}`);
  return match[1]!;
}

/** The three commands of `make a new clone: …`, each as its words, without the program. */
export function printedNewClone(printed: Printed, code: string): readonly (readonly string[])[] {
  const next = sameCode(printed, code, 'new-clone');
  const match = /make a new clone: sql-runner (reset \S+), then cdktf (deploy \S+), then sql-runner (apply \w+)/.exec(
    next,
  );
  if (match === null) throw new Error(`no new clone in: ${printed.next}`);
  return match.slice(1).map((command) => command.split(' '));
}
