import { setTimeout as pause } from 'node:timers/promises';
import { readStatus, type EnvironmentStatus } from '../../sql-runner/actions/status';
import { openConnections } from '../../sql-runner/connections/open';
import { explain } from '../../sql-runner/explain/explain';
import { isHealthy } from '../../sql-runner/model/health';
import { exposition } from '../sql-runner/support/exposition';
import type { Truth } from './truth';
import type { SoakWorld } from './world';

/** Asks again and again how the streams stand, and has what is said compared with the truth. */
export class Watcher {
  private paused = false;
  private ended = false;
  private asking = 0;
  private readonly loops: Promise<void>[] = [];
  readonly failures: string[] = [];

  constructor(
    private readonly world: SoakWorld,
    private readonly truth: Truth,
    private readonly serveUrl: string,
  ) {}

  start(): void {
    this.loop(2_000, () => this.askStatus());
    this.loop(1_000, () => this.askServe());
    // As a process, whose exit code says it as well; dearer, so not as often.
    this.loop(8_000, () => this.askProcess());
  }

  /** Returns when nobody is asking any more. */
  async pause(): Promise<void> {
    this.paused = true;
    while (this.asking > 0) await pause(50);
  }

  resume(): void {
    this.paused = false;
  }

  async end(): Promise<void> {
    this.ended = true;
    await Promise.all(this.loops);
  }

  private loop(everyMs: number, ask: () => Promise<void>): void {
    const go = async (): Promise<void> => {
      while (!this.ended) {
        if (!this.paused) {
          this.asking += 1;
          await ask()
            .catch((error: unknown) => void this.failures.push(String(error)))
            .finally(() => (this.asking -= 1));
        }
        for (let left = everyMs; left > 0 && !this.ended; left -= 100) await pause(100);
      }
    };
    this.loops.push(go());
  }

  private async askStatus(): Promise<void> {
    const asked = Date.now();
    const status = await readStatus(openConnections, this.world.direct.contracts).catch(explain);
    const answered = Date.now();
    if ('streams' in status) this.hearStatus('status', asked, answered, status);
    else this.hearRefusal('status', asked, answered, `${status.code}: ${status.seen}`);
  }

  private async askProcess(): Promise<void> {
    const asked = Date.now();
    const { exitCode, stdout, stderr } = await this.world.startRun('status').result;
    const answered = Date.now();
    if (!stdout.startsWith('{')) throw new Error(`status --json printed ${stdout}${stderr}`);
    const said = JSON.parse(stdout) as EnvironmentStatus | { code: string; seen: string };
    if (!('streams' in said)) return this.hearRefusal('status --json', asked, answered, `${said.code}: ${said.seen}`);
    this.hearStatus('status --json', asked, answered, said);
    if ((exitCode === 0) !== said.streams.every(isHealthy))
      this.failures.push(`status ended with ${exitCode}, and said: ${stdout.slice(0, 2_000)}`);
  }

  private hearStatus(by: string, asked: number, answered: number, { streams }: EnvironmentStatus): void {
    for (const stream of streams) {
      const { database, state, problems } = stream;
      const said = [state, ...problems.map(({ code, seen }) => `${code}: ${seen}`), ...stream.evidence].join('; ');
      this.truth.hear({ by, database, asked, answered, healthy: isHealthy(stream), said });
    }
  }

  private hearRefusal(by: string, asked: number, answered: number, said: string): void {
    for (const database of this.truth.databases)
      this.truth.hear({ by, database, asked, answered, healthy: false, said });
  }

  private async askServe(): Promise<void> {
    const asked = Date.now();
    const response = await fetch(`${this.serveUrl}/metrics`);
    const metrics = exposition(await response.text());
    const answered = Date.now();
    for (const database of this.truth.databases) {
      const [healthy] = metrics.values('acas_stream_healthy', { database });
      const state = metrics.values('acas_stream_state', { database }).find(({ value }) => value === 1)?.labels.state;
      if (healthy === undefined || state === undefined) throw new Error(`/metrics says nothing of ${database}`);
      this.truth.hear({ by: 'serve', database, asked, answered, healthy: healthy.value === 1, said: state });
    }
  }
}
