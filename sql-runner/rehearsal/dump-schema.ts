import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '../../errors/operator-error';
import { endSessions, backendsNamed } from '../postgres/catalog/activity';
import { blockedSessions } from '../postgres/catalog/blocked-sessions';
import type { Session, SessionTarget } from '../postgres/session';
import type { SchemaText } from './load-schema';
import { quoteIdent } from '../postgres/text/quoting';

/** What pg_dump is to write. */
export interface DumpRequest {
  /** What the schema is called where something of it is told. */
  readonly name: string;
  readonly program: string;
  /** Of the same server, to look who waits for it. */
  readonly onlooker: Session;
  readonly database: string;
  readonly withoutSchemas: readonly string[];
}

/**
 * pg_dump holds ACCESS SHARE on every table while it reads. A statement of DDL that comes meanwhile waits for it, and all
 * who read and write the table behind that. So it is looked at as often as this whether anybody waits, and then it ends.
 */
const LOOK_MS = 250;
/** How long it waits for a lock itself; nobody but DDL waits behind it. */
const LOCK_WAIT_MS = 1_000;
const LONGEST_MS = 300_000;
const LARGEST_BYTES = 512 * 1024 ** 2;

/**
 * The schema of a database as pg_dump writes it.
 * @throws OperatorError DDL_DUMP_BLOCKED, DDL_DUMP_FAILED
 */
export async function dumpSchema(request: DumpRequest): Promise<SchemaText> {
  const { onlooker, program } = request;
  const folder = mkdtempSync(join(tmpdir(), 'sqlr-dump-'));
  const name = `sql-runner dump ${randomUUID()}`;
  let blocked = false;
  try {
    const env = environmentFor(onlooker.target, request.database, name, folder);
    const dump = started(program, argumentsFor(request), env);
    const looking = keepLooking(onlooker, name, dump.ended, () => {
      blocked = true;
      dump.stop();
    });
    const [written] = await Promise.all([dump.ended, looking]);
    if (blocked) throw inTheWay(onlooker.target.side);
    if (written.failed !== null) throw dumpFailed(onlooker.target.side, written.failed);
    return { name: request.name, sql: written.sql };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Within quotes no character of a pattern has a meaning of its own (manual, psql "Patterns"). */
const argumentsFor = ({ withoutSchemas }: DumpRequest): string[] => [
  '--schema-only',
  '--encoding=UTF8',
  '--no-password',
  `--lock-wait-timeout=${LOCK_WAIT_MS}`,
  ...withoutSchemas.map((schema) => `--exclude-schema=${quoteIdent(schema)}`),
];

/** A file with the password would be left behind by whoever is killed; the environment of a process only its own user may read. */
function environmentFor(target: SessionTarget, database: string, name: string, folder: string): NodeJS.ProcessEnv {
  const ca = join(folder, 'ca.pem');
  const authorities = target.tls.ca;
  writeFileSync(ca, typeof authorities === 'string' ? authorities : authorities.join('\n'), { mode: 0o600 });
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: folder,
    LC_ALL: 'C',
    PGHOST: target.host,
    PGPORT: String(target.port),
    PGUSER: target.user,
    PGDATABASE: database,
    PGPASSWORD: target.password,
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: ca,
    PGCONNECT_TIMEOUT: '10',
    PGAPPNAME: name,
    PGOPTIONS: '-c default_transaction_read_only=on',
  };
}

interface Written {
  readonly sql: string;
  /** Its own words; null: it has written all. */
  readonly failed: string | null;
}

/** It ends with this process, however that ends: what nobody watches would hold its locks. */
const UNTIL_WE_END = `folder="$1"; shift
exec 3<&0
"$@" </dev/null & dump=$!
(cat <&3; kill -KILL $dump; rm -rf "$folder") >/dev/null 2>&1 & watch=$!
wait $dump; code=$?
kill $watch
exit $code`;

function started(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): { readonly stop: () => void; readonly ended: Promise<Written> } {
  let end: (written: Written) => void;
  const ended = new Promise<Written>((resolve) => (end = resolve));
  const child = execFile(
    '/bin/sh',
    ['-c', UNTIL_WE_END, 'sh', env.HOME!, program, ...args],
    { env, maxBuffer: LARGEST_BYTES },
    (error, stdout, stderr) =>
      end({ sql: stdout, failed: error === null ? null : stderr.trim().slice(-600) || `exit code ${error.code}` }),
  );
  const stop = (): void => void child.stdin!.destroy();
  const late = setTimeout(stop, LONGEST_MS);
  void ended.then(() => {
    clearTimeout(late);
    stop();
  });
  return { stop, ended };
}

/** Whoever kills pg_dump leaves its session to the server, which notices it at its next answer only: it is ended too. */
async function keepLooking(session: Session, name: string, ended: Promise<unknown>, stop: () => void): Promise<void> {
  let over = false;
  void ended.then(() => (over = true));
  try {
    while (!over) {
      const pids = await backendsNamed(session, name);
      if (pids.length > 0 && (await blockedSessions(session, pids)).length > 0) {
        stop();
        return;
      }
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
    }
  } catch (error) {
    // What nobody watches does not go on.
    stop();
    throw error;
  } finally {
    await ended;
    await endSessions(session, await backendsNamed(session, name)).catch(() => undefined);
  }
}

const WHY = 'a migration is judged on what both sides have; no statement was tried';

const words = { source: 'the source', target: 'the clone' };

const inTheWay = (side: SessionTarget['side']): OperatorError =>
  new OperatorError({
    code: 'DDL_DUMP_BLOCKED',
    seen: `somebody waited on ${words[side]} for a table that pg_dump was reading the definition of, so pg_dump was ended`,
    why: `a statement that waits keeps everybody from the table who comes after it; ${WHY}`,
    next: 'run it again once that statement is through, or bring the schema as a file: --schema-from',
  });

const dumpFailed = (side: SessionTarget['side'], said: string): OperatorError =>
  new OperatorError({
    code: 'DDL_DUMP_FAILED',
    seen: `pg_dump of ${words[side]} ended with: ${said}`,
    why: WHY,
    next: 'put that right, or bring the schema as a file that somebody writes who may read all of it: --schema-from',
  });
