import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import type { ScratchSession } from '../postgres/scratch-session';
import { scratchFailed } from './server-files';
import type { ScratchServer } from './scratch-server';

/** Ours in the scratch databases: the publication, and a table whose rows tell how far the clone is. */
export const PUBLICATION = 'sql_runner_ddl_check';
export const MARKERS = { schema: 'sql_runner_ddl_check', name: 'markers' };
const MARKERS_SQL = '"sql_runner_ddl_check"."markers"';

const PATIENCE_MS = 60_000;

type Side = 'source' | 'clone';

/** A database of each server, the second of which follows the first. */
export class Stage {
  private markers = 0;
  private logStart = 0;
  private logPlace = 0;

  private constructor(
    readonly name: string,
    private readonly servers: Readonly<Record<Side, ScratchServer>>,
    /** Of whoever migrates. */
    readonly source: ScratchSession,
    readonly clone: ScratchSession,
    /** Of an application: what the migration sets in its session does not reach it. */
    readonly writer: ScratchSession,
  ) {}

  static async open(name: string, servers: Readonly<Record<Side, ScratchServer>>): Promise<Stage> {
    const [source, clone, writer] = await Promise.all([
      servers.source.session(name),
      servers.clone.session(name),
      servers.source.session(name),
    ]);
    const stage = new Stage(name, servers, source, clone, writer);
    // Those of a pair that this one was made of are in its table already.
    stage.markers = Number(/\d+$/.exec(name)) * 1_000;
    stage.logStart = stage.logPlace = servers.clone.logEnd();
    await clone.query(
      `CREATE SUBSCRIPTION ${quoteIdent(name)} CONNECTION ${quoteLiteral(servers.source.conninfo(name))}
         PUBLICATION ${quoteIdent(PUBLICATION)} WITH (copy_data = false)`,
    );
    return stage;
  }

  sessionOf(side: Side): ScratchSession {
    return side === 'source' ? this.source : this.clone;
  }

  /** Another session of the source, for whoever looks on. */
  onlooker(): Promise<ScratchSession> {
    return this.servers.source.session(this.name);
  }

  /**
   * Waits until the clone has all that was committed on the source.
   * @returns what stopped it; null: it has all
   */
  async settle(): Promise<string | null> {
    const marker = ++this.markers;
    await this.writer.query(`INSERT INTO ${MARKERS_SQL} VALUES (${String(marker)})`);
    const until = Date.now() + PATIENCE_MS;
    for (let pause = 4; Date.now() < until; pause = Math.min(pause * 1.5, 60)) {
      if (await this.arrived(marker)) {
        this.logPlace = this.servers.clone.logEnd();
        return null;
      }
      // It tries again and again; the second time it is no passing trouble.
      const errors = this.applyErrors();
      if (errors.length > 1) return errors[0]!;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return `it was not seen to go on within ${PATIENCE_MS / 1000} s`;
  }

  private async arrived(marker: number): Promise<boolean> {
    const watcher = (this.watcher ??= await this.servers.clone.session(this.name));
    const [row] = await watcher.query<{ there: boolean }>(
      `SELECT EXISTS (SELECT FROM ${MARKERS_SQL} WHERE n = $1) AS there`,
      [marker],
    );
    return row!.there;
  }

  private watcher: ScratchSession | undefined;

  /** What the workers of this stage have said, of errors. Each says first of which subscription it is. */
  private applyErrors(): string[] {
    const ours = new Set<string>();
    const errors: string[] = [];
    const said = (place: number): string[] => this.servers.clone.logSince(place).split('\n');
    for (const line of said(this.logStart)) {
      const pid = /^\[(\d+)\] LOG: .* for subscription "(.*?)"(,.*)? has started$/.exec(line);
      if (pid?.[2] === this.name) ours.add(pid[1]!);
    }
    for (const line of said(this.logPlace)) {
      const [, pid, words] = /^\[(\d+)\] ERROR: {2}(.*)$/.exec(line) ?? [];
      if (words !== undefined && ours.has(pid!)) errors.push(words);
    }
    return errors;
  }

  /** What stopped it before counts no more. */
  forgetErrors(): void {
    this.logPlace = this.servers.clone.logEnd();
  }

  /** The clone takes what the publication has by now, and copies what is new to it. */
  async refresh(copy = true): Promise<void> {
    await this.clone.query(
      `ALTER SUBSCRIPTION ${quoteIdent(this.name)} REFRESH PUBLICATION WITH (copy_data = ${copy ? 'true' : 'false'})`,
    );
    const until = Date.now() + PATIENCE_MS;
    while (Date.now() < until) {
      const [row] = await this.clone.query<{ open: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid
                         WHERE s.subname = $1 AND r.srsubstate <> 'r') AS open`,
        [this.name],
      );
      if (!row!.open) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw scratchFailed('the copy of a table into the scratch clone does not end');
  }

  /** Ends what is between both; the databases stay. */
  async close(): Promise<void> {
    const admin = (this.watcher ??= await this.servers.clone.session(this.name));
    // A worker that fails again and again holds the slot for moments only, and DROP waits for none of them.
    await admin.query(`ALTER SUBSCRIPTION ${quoteIdent(this.name)} DISABLE`);
    await admin.query(`ALTER SUBSCRIPTION ${quoteIdent(this.name)} SET (slot_name = NONE)`);
    await admin.query(`DROP SUBSCRIPTION ${quoteIdent(this.name)}`);
    await Promise.all([admin, this.source, this.clone, this.writer].map((session) => session.close()));
    await this.dropSlot();
  }

  private async dropSlot(): Promise<void> {
    const { admin } = this.servers.source;
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const slots = await admin.query<{ pid: number | null; name: string }>(
        `SELECT active_pid AS pid, slot_name::text AS name FROM pg_replication_slots WHERE database = $1`,
        [this.name],
      );
      if (slots.length === 0) return;
      for (const { pid, name } of slots) {
        if (pid !== null) await admin.query('SELECT pg_terminate_backend($1)', [pid]);
        else await admin.query('SELECT pg_drop_replication_slot($1)', [name]).catch(() => undefined);
      }
      if (Date.now() > until) throw scratchFailed('a slot of the scratch servers cannot be dropped');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
