import { rmSync } from 'node:fs';
import { quoteIdent } from '../postgres/text/quoting';
import type { ScratchSession } from '../postgres/scratch-session';
import { findPrograms } from './programs';
import { ScratchServer } from './scratch-server';
import { makeDataDirectories, makeFolder, type ServerFiles } from './server-files';
import { Stage } from './stage';

/** What both sides have before the next statement: a database of each server that nobody is connected to. */
const BASE = 'ddl_check_base';

const SIDES = ['source', 'clone'] as const;
export type ScratchSide = (typeof SIDES)[number];

/** Two local servers: what is tried on one pair of databases leaves nothing for the next. */
export class ScratchPair {
  private stages = 0;
  private roles: readonly string[] = [];

  private constructor(
    private readonly files: ServerFiles,
    readonly servers: Readonly<Record<ScratchSide, ScratchServer>>,
    readonly version: string,
    readonly major: number,
  ) {}

  /** @throws OperatorError DDL_SERVER_MISSING, DDL_SCRATCH_FAILED */
  static async start(major: number | null, bindir: string | undefined): Promise<ScratchPair> {
    const programs = findPrograms(major, bindir);
    const files = makeFolder(programs);
    try {
      await makeDataDirectories(files, SIDES);
      const source = await ScratchServer.start(files, 'source');
      const clone = await ScratchServer.start(files, 'clone').catch(async (error: unknown) => {
        await source.stop();
        throw error;
      });
      return new ScratchPair(files, { source, clone }, programs.version, programs.major);
    } catch (error) {
      rmSync(files.root, { recursive: true, force: true });
      throw error;
    }
  }

  /** Makes the base of both sides. */
  async furnish(work: (session: ScratchSession, side: ScratchSide) => Promise<void>): Promise<void> {
    for (const side of SIDES) {
      await this.servers[side].admin.query(`DROP DATABASE IF EXISTS ${quoteIdent(BASE)}`);
      await this.servers[side].admin.query(`CREATE DATABASE ${quoteIdent(BASE)} TEMPLATE template0`);
    }
    await this.onBase(work);
    this.roles = await this.rolesOf('source');
  }

  /** Changes what both sides have, while nothing replicates. */
  async onBase(work: (session: ScratchSession, side: ScratchSide) => Promise<void>): Promise<void> {
    for (const side of SIDES) {
      const session = await this.servers[side].session(BASE);
      await work(session, side).finally(() => session.close());
    }
  }

  /** A replicated pair as the base is. */
  async stage(): Promise<Stage> {
    const name = `ddl_check_${++this.stages}`;
    await this.onBoth(async ({ admin }) => {
      // From 15 on the copy goes through the log otherwise, which takes longer, and is read by every slot.
      const strategy = this.major < 15 ? '' : ' STRATEGY file_copy';
      await admin.query(`CREATE DATABASE ${quoteIdent(name)} TEMPLATE ${quoteIdent(BASE)}${strategy}`);
    });
    return Stage.open(name, this.servers);
  }

  async drop(stage: Stage): Promise<void> {
    await stage.close();
    await this.onBoth(async ({ admin }) => {
      await admin.query(`DROP DATABASE ${quoteIdent(stage.name)} WITH (FORCE)`);
    });
  }

  /** Once no stage is left: what was made beside their databases goes, what was dropped comes back. */
  async tidy(): Promise<void> {
    await this.onBoth(async ({ admin }, side) => {
      const roles = await this.rolesOf(side);
      for (const role of roles) if (!this.roles.includes(role)) await admin.query(`DROP ROLE ${quoteIdent(role)}`);
      for (const role of this.roles) if (!roles.includes(role)) await admin.query(`CREATE ROLE ${quoteIdent(role)}`);
    });
  }

  /** What it has become is what both sides have from now on. */
  async keep(stage: Stage): Promise<void> {
    await stage.close();
    await this.onBoth(async ({ admin }) => {
      await admin.query(`DROP DATABASE ${quoteIdent(BASE)} WITH (FORCE)`);
      await admin.query(`ALTER DATABASE ${quoteIdent(stage.name)} RENAME TO ${quoteIdent(BASE)}`);
    });
    this.roles = await this.rolesOf('source');
  }

  /** Roles were made or dropped beside the databases. */
  async rolesChanged(): Promise<boolean> {
    return (await this.rolesOf('source')).join() !== this.roles.join();
  }

  private async rolesOf(side: ScratchSide): Promise<string[]> {
    const rows = await this.servers[side].admin.query<{ name: string }>(
      `SELECT rolname::text AS name FROM pg_roles WHERE oid >= 16384 ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  }

  private async onBoth(work: (server: ScratchServer, side: ScratchSide) => Promise<void>): Promise<void> {
    await Promise.all(SIDES.map((side) => work(this.servers[side], side)));
  }

  async close(): Promise<void> {
    await Promise.all(SIDES.map((side) => this.servers[side].stop()));
    rmSync(this.files.root, { recursive: true, force: true });
  }
}
