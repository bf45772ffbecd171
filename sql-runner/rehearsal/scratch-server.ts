import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, readSync, closeSync, statSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScratchSession, type ScratchAddress } from '../postgres/scratch-session';
import { scratchFailed, scratchUnreachable, type ServerFiles } from './server-files';

const PORT = 5432;
const PATIENCE_MS = 60_000;

/**
 * The server ends with this process, however that ends: the shell that has started it reads from a pipe whose other end
 * goes then, and nothing of it is left.
 */
const UNTIL_WE_END = `"$1" -D "$2" -k "$3" -p ${PORT} >>"$4" 2>&1 </dev/null & server=$!
cat >/dev/null
kill -QUIT $server 2>/dev/null
wait $server
rm -rf "$3"
for other in "$5"/*/data; do [ -e "$other" ] && exit; done
rm -rf "$5"`;

/** One PostgreSQL server of this machine, without a port on a network. */
export class ScratchServer {
  private constructor(
    private readonly folder: string,
    private readonly log: string,
    private readonly shell: ChildProcess,
    readonly admin: ScratchSession,
  ) {}

  /** @param name its folder below the root, which has its data */
  static async start(files: ServerFiles, name: string): Promise<ScratchServer> {
    const folder = join(files.root, name);
    const log = join(folder, 'log');
    const args = ['-c', UNTIL_WE_END, 'sh', join(files.bin, 'postgres'), join(folder, 'data'), folder, log, files.root];
    const options = { cwd: folder, env: files.env, ...files.user, detached: true };
    const shell = spawn('/bin/sh', args, { ...options, stdio: ['pipe', 'ignore', 'ignore'] });
    shell.unref();
    shell.on('error', () => undefined);
    const admin = await opened({ folder, port: PORT, database: 'postgres' }, log, shell).catch(
      async (error: unknown) => {
        await ended(shell);
        throw error;
      },
    );
    return new ScratchServer(folder, log, shell, admin);
  }

  session(database: string): Promise<ScratchSession> {
    return ScratchSession.open({ folder: this.folder, port: PORT, database });
  }

  /** For a subscription of the other server. */
  conninfo(database: string): string {
    return `host='${this.folder}' port=${PORT} user=postgres dbname='${database}' application_name=ddl_check`;
  }

  /** Where the log ends by now. */
  logEnd(): number {
    return statSync(this.log).size;
  }

  /** What was written to the log since. */
  logSince(place: number): string {
    const length = this.logEnd() - place;
    if (length <= 0) return '';
    const file = openSync(this.log, 'r');
    const buffer = Buffer.alloc(length);
    readSync(file, buffer, 0, length, place);
    closeSync(file);
    return buffer.toString('utf8');
  }

  /** Ends it and removes what it has written. */
  async stop(): Promise<void> {
    await this.admin.close().catch(() => undefined);
    await ended(this.shell);
  }
}

async function ended(shell: ChildProcess): Promise<void> {
  if (shell.exitCode !== null || shell.signalCode !== null) return;
  const gone = new Promise((resolve) => shell.once('exit', resolve));
  shell.ref();
  shell.stdin?.end();
  await gone;
}

async function opened(address: ScratchAddress, log: string, shell: ChildProcess): Promise<ScratchSession> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ScratchSession.open(address);
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (!COMES_UP.includes(code ?? ''))
        throw scratchUnreachable(`the local server was not reached: ${message}`, cause);
      if (Date.now() < until && shell.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
      else
        throw scratchFailed(`the local server did not start: ${message}; its log ends with: ${lastLines(log)}`, cause);
    }
  }
}

/** There is no socket yet, nobody listens on it yet, or the server is starting up (SQLSTATE cannot_connect_now). */
const COMES_UP = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', '57P03'];

function lastLines(log: string): string {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-5).join(' / ');
  } catch {
    return 'it has written no log';
  }
}
