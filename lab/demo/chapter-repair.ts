import { setTimeout as pause } from 'node:timers/promises';
import { conflict } from '../faults/conflict';
import { withClient } from './bystander';
import { type Demo, ENVIRONMENT } from './context';
import { ensure, ensureExit } from './ensure';
import { statementsOnClone } from './highlights';
import { grouped } from './narrator';
import { readVerification } from './verification';

/** A copy that runs, and whom to ask about it. */
export interface Running extends Pick<Demo, 'narrator' | 'lab' | 'target'> {
  readonly tools: Pick<Demo['tools'], 'sqlRunner'>;
}

/** How `sql-runner status` ends when a stream does not follow. */
const NOT_IN_SYNC = 13;
const PATIENCE_MS = 120_000;
/** What status has to say before it is shown: what fails, the cause as the log of the clone has it, cost, way out. */
const TOLD = ['fails again and again', "the clone's log has at", 'Meanwhile: production keeps', 'What to do:'];
/** Between two tries of the worker, while one runs it is seen to be there; and the other stream as it stays. */
const BETWEEN = ['shop: retrying, since', 'Seen: no apply worker runs', ' ledger streaming '];

/** The copy breaks, sql-runner says why and what to do, and exactly that puts it right. */
export async function tellOfRepair(running: Running): Promise<void> {
  const { narrator } = running;
  const id = await narrator.step('Break it: somebody writes to the clone, by a key that comes next', async (say) => {
    const { did, facts } = await conflict.bringAbout(running.lab);
    did.forEach(say);
    return facts.id!;
  });
  const said = await narrator.step(`sql-runner status ${ENVIRONMENT}: the cause, the cost, the way out`, async () => {
    const status = await statusOfBroken(running);
    // As it stands on a terminal of 80 columns, so without the indent of the story.
    status
      .trimEnd()
      .split('\n')
      .forEach((line) => narrator.line(line));
    return status;
  });
  await narrator.step('Carry out what it says, word for word', (say) => carryOut(running, said, say));
  await narrator.step(`sql-runner watch ${ENVIRONMENT} --until streaming`, async (say) => {
    ensureExit('the watch', await running.tools.sqlRunner('watch', ENVIRONMENT, '--until', 'streaming'), 0);
    say('exit code 0: every stream streams again');
  });
  await proveEqual(running, id);
}

/** It fails at the row at once; the server counts the error, and the log has it, a moment later. */
async function statusOfBroken({ tools }: Running): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const status = await tools.sqlRunner('status', ENVIRONMENT);
    const { stdout, exitCode } = ensureExit('status', status, 0, NOT_IN_SYNC);
    const words = stdout.replace(/\s+/g, ' ');
    if (exitCode === NOT_IN_SYNC && [...TOLD, ...BETWEEN].every((part) => words.includes(part))) return stdout;
    ensure(Date.now() < deadline, `status does not tell of the conflict; the last one ended ${exitCode}:\n${stdout}`);
    await pause(200);
  }
}

async function carryOut({ target }: Running, said: string, say: (line: string) => void): Promise<void> {
  const statements = statementsOnClone(said);
  ensure(statements !== null, `status prints no statement to put it right:\n${said}`);
  const { database, look, heal } = statements;
  await withClient(target, database, async (client) => {
    say(`on the clone, in database ${database}: ${look}`);
    const { rows } = await client.query<{ name: string }>(look);
    ensure(rows.length === 1, `That finds ${rows.length} rows.`);
    say(`one row, with the name "${rows[0]!.name}": nothing of it is needed`);
    say(heal);
    const { rowCount } = await client.query(heal);
    ensure(rowCount === 1, `That deleted ${rowCount ?? 0} rows.`);
    say('one row deleted; nothing else is done');
  });
}

async function proveEqual({ narrator, tools, target }: Running, id: string): Promise<void> {
  await narrator.step(`sql-runner verify ${ENVIRONMENT} --database shop`, async (say) => {
    const run = await tools.sqlRunner('verify', ENVIRONMENT, '--database', 'shop', '--json');
    const { tables, rows } = readVerification(ensureExit('verify', run, 0).stdout);
    const equal = tables.filter((table) => table.equal).length;
    ensure(tables.length > 0 && equal === tables.length, `verify ended 0 with ${equal} of ${tables.length} equal.`);
    const name = await withClient(target, 'shop', async (client) => {
      const found = await client.query<{ name: string }>('SELECT name FROM public.customers WHERE id = $1', [id]);
      return found.rows[0]?.name;
    });
    ensure(name === 'written by production', `Row ${id} of the clone has the name ${name ?? '(none)'}.`);
    say(`${equal} of ${tables.length} tables equal, ${grouped(rows)} rows compared; row ${id} is "${name}"`);
  });
}
