import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseError, type Client, type QueryArrayResult } from 'pg';
import { OperatorError } from '../errors/operator-error';
import { shellWord } from '../errors/shell-word';
import { inSession } from './connections';
import { openLab, type Lab, type Side } from './lab';
import { firstDatabase, loginOf } from './login';
import { plainTable } from './plain-table';
import { assertUp } from './servers';

/** Logs in to a side as its master user: a session of psql, or one statement without it. */
export async function psql(
  side: Side,
  database: string | undefined,
  { name, command }: { name: string; command?: string },
): Promise<void> {
  const lab = openLab(name);
  const place = database ?? firstDatabase(lab, side);
  assertUp(lab, [side]);
  if (command === undefined) await runPsql(lab, side, place);
  else await runStatements(lab, side, place, command);
}

/** With the terminal of this process; its exit code is psql's. */
async function runPsql(lab: Lab, side: Side, database: string): Promise<void> {
  const { url, passwordFile } = loginOf(lab, side, database);
  const child = spawn('psql', [url], { stdio: 'inherit', env: { ...process.env, PGPASSFILE: passwordFile } });
  // Ctrl-C ends a statement in psql, and not psql.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  try {
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    process.exitCode = exitCode ?? 1;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw psqlMissing(lab, side, database);
  } finally {
    process.off('SIGINT', ignore);
  }
}

async function runStatements(lab: Lab, side: Side, database: string, text: string): Promise<void> {
  try {
    await inSession(lab.connection(side, database), (client) => print(client, text));
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw failed(side, database, error);
  }
}

async function print(client: Client, text: string): Promise<void> {
  client.on('notice', ({ severity, message }) => console.error(`${severity}: ${message}`));
  // As the server writes them: a date of JavaScript's would be none of PostgreSQL's.
  const types = { getTypeParser: () => (value: string) => value };
  const answer: unknown = await client.query({ text, rowMode: 'array', types });
  // Several statements have several answers.
  for (const one of [answer].flat() as QueryArrayResult<(string | null)[]>[]) console.log(plainTable(one));
}

function psqlMissing(lab: Lab, side: Side, database: string): OperatorError {
  const { url, passwordFile } = loginOf(lab, side, database);
  const { name } = lab.state;
  return new OperatorError({
    code: 'LAB_PSQL_MISSING',
    seen: 'There is no psql on the PATH, and the PostgreSQL of the lab comes without one.',
    why: 'An interactive session needs it; it is part of the PostgreSQL client of every distribution.',
    next: `Run statements without it: npm run -s lab -- psql ${side} ${shellWord(database)} --name ${name} -c 'SELECT 1'
  Or use any other client:
    export PGPASSFILE=${shellWord(passwordFile)}
    psql ${shellWord(url)}`,
  });
}

function failed(side: Side, database: string, error: DatabaseError): OperatorError {
  const { code: state, message, detail, hint } = error;
  const said = [message, detail].filter((part) => part !== undefined).join('; ');
  return new OperatorError({
    code: 'LAB_SQL_FAILED',
    seen: `Database ${database} of the ${side} did not take it: ${said} (SQLSTATE ${state}).`,
    why: 'The statement, and whatever was given with it, did nothing.',
    next: `Correct it, and run it again.${hint === undefined ? '' : ` ${hint}`}`,
    cause: error,
  });
}
