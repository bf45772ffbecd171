import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { type ChildResult, type RunningChild, startChild } from '../../lab/demo/child';
import { PROJECT } from '../../lab/demo/toolchain';
import { inSession } from '../../lab/connections';
import type { Side } from '../../lab/lab';
import { seedWorkload } from '../../lab/workload/seed';
import { startWriters, type Writers } from '../../lab/workload/writers';
import { openConnections } from '../../sql-runner/connections/open';
import { DirectLab } from '../e2e/support/direct-lab';
import { bundlePrograms } from '../faults/bundle';
import { eventually } from '../support/eventually';
import type { Truth } from './truth';

const ROWS = 5_000;
const WRITERS = 2;
const WRITER_PAUSE_MS = 60;
/** In ten minutes more beats than are kept: those that go must not be missed. */
const BEAT_EVERY = 5;
const LOOK_EVERY = 2;
/** Nothing that a busy machine does takes as long. */
const CATCH_UP_MS = 180_000;

export interface StreamName {
  readonly database: string;
  readonly slot: string;
  readonly subscription: string;
}

/** A clone that follows production, which is written to all the time, and who watches it. */
export class SoakWorld {
  writers: Writers | undefined;
  private constructor(
    readonly direct: DirectLab,
    private readonly cli: string,
  ) {}

  static async start(seed: number): Promise<SoakWorld> {
    const direct = await DirectLab.start('soak', { open: openConnections });
    try {
      const { cli } = await bundlePrograms(direct.lab.directory);
      const world = new SoakWorld(direct, cli);
      await seedWorkload(direct.source, { rows: ROWS });
      await direct.run('apply');
      await direct.deployTarget();
      const { source, target } = direct.contracts;
      writeFileSync(
        world.outputs,
        JSON.stringify({ 'demo-source': { contract: source }, 'demo-target': { contract: target } }),
      );
      await direct.run('apply');
      world.writers = await startWriters(direct.source, { writers: WRITERS, pauseMs: WRITER_PAUSE_MS, seed });
      return world;
    } catch (error) {
      await direct.lab.down();
      throw error;
    }
  }

  get lab(): DirectLab['lab'] {
    return this.direct.lab;
  }

  get streams(): StreamName[] {
    return this.direct.contract.links.flatMap(({ database, streams }) =>
      streams.map(({ slot, subscription }) => ({ database, slot, subscription })),
    );
  }

  /** As the superuser, whom nothing concerns. */
  asAdmin<T>(side: Side, database: string, work: (client: Client) => Promise<T>): Promise<T> {
    return inSession(this.lab.adminConnection(side, database), work);
  }

  /** As whoever owns the tables. */
  asOwner<T>(side: Side, database: string, work: (client: Client) => Promise<T>): Promise<T> {
    return inSession(this.lab.connection(side, database), work);
  }

  /** `sql-runner serve` as a process. @returns it, and where it answers */
  async startServe(): Promise<{ child: RunningChild; url: string }> {
    const flags = ['--port', '0', '--interval', String(LOOK_EVERY), '--beat-every', String(BEAT_EVERY)];
    const probed = ['--expose-gc', '--require', join(__dirname, 'heap-probe.cjs')];
    const child = this.startProgram(probed, 'serve', ...flags, '--history', join(this.lab.directory, 'past'));
    const [line] = (await Promise.race([once(child.process.stdout!, 'data'), child.result])) as [string];
    return { child, url: (JSON.parse(line) as { url: string }).url };
  }

  /** Starts sql-runner as a process of its own. */
  startRun(verb: string, ...flags: string[]): RunningChild {
    return this.startProgram([], verb, ...flags);
  }

  private startProgram(ofNode: readonly string[], verb: string, ...flags: string[]): RunningChild {
    return startChild({
      argv: [process.execPath, ...ofNode, this.cli, verb, 'demo', '--json', '--outputs', this.outputs, ...flags],
      cwd: PROJECT,
      env: {
        ...Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')),
        SOAK_HEAP: this.heapFile,
      },
      log: join(this.lab.directory, 'sql-runner.log'),
    });
  }

  /** A whole run. @throws Error with its words, unless it ends with this exit code */
  async run(verb: string, flags: readonly string[] = [], exitCode = 0): Promise<ChildResult> {
    const result = await this.startRun(verb, ...flags).result;
    if (result.exitCode === exitCode) return result;
    const { stdout, stderr } = result;
    throw new Error(`${verb} ended with ${result.exitCode}: ${stderr}${stdout.slice(-2_000)}`);
  }

  /**
   * Until the clone has confirmed all that the source had written when this was asked, by a look that shares nothing
   * with sql-runner.
   */
  async caughtUp(databases: readonly string[]): Promise<void> {
    const slots = this.streams.filter(({ database }) => databases.includes(database)).map(({ slot }) => slot);
    await this.asAdmin('source', 'postgres', async (client) => {
      const { rows } = await client.query<{ lsn: string }>('SELECT pg_current_wal_flush_lsn()::text AS lsn');
      const there = `SELECT FROM pg_replication_slots WHERE slot_name = ANY ($1) AND active AND confirmed_flush_lsn >= $2::pg_lsn`;
      await eventually(async () => {
        // A sender that has nothing to send moves nothing.
        await client.query('SELECT pg_current_xact_id()');
        return (await client.query(there, [slots, rows[0]!.lsn])).rowCount === slots.length;
      }, CATCH_UP_MS);
    });
  }

  /** Of serve: bytes in use once its garbage is gone. */
  async liveHeap(servePid: number): Promise<number> {
    rmSync(this.heapFile, { force: true });
    process.kill(servePid, 'SIGUSR2');
    await eventually(() => Promise.resolve(existsSync(this.heapFile)));
    return Number(readFileSync(this.heapFile, 'utf8'));
  }

  private get heapFile(): string {
    return join(this.lab.directory, 'heap-of-serve');
  }

  private get outputs(): string {
    return join(this.lab.directory, 'outputs.json');
  }
}

/** What an event has to do with. */
export interface Soak {
  readonly world: SoakWorld;
  readonly truth: Truth;
}
