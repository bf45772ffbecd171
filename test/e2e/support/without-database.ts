import { escapeLiteral } from 'pg';
import { carryOut, printedNewClone } from '../../sql-runner/checks/printed-fix';
import { diagnosisOf, looksOf, statusOf } from './looks';
import type { DirectLab } from './direct-lab';

/** A database that the environment's file names no more, while the clone still follows it. */
export class WithoutDatabase {
  constructor(
    private readonly lab: DirectLab,
    private readonly database: string,
  ) {}

  async isMade(): Promise<void> {
    const { lab } = this;
    const [finding] = await this.told();
    expect((await statusOf(lab)).beside).toEqual([expect.stringContaining('STREAM_FORGOTTEN')]);
    expect(await this.slotsSaidOfOthers()).toEqual([]);
    const mark = await this.markOfPublication();
    const [reset, deploy, apply] = printedNewClone(finding!, 'STREAM_FORGOTTEN');
    // Dead before anything of the old stream is gone; the apply after it cannot look into the database, and says so.
    await lab.runAndDie('reset', 1);
    expect((await this.told()).length).toBe(1);
    expect(await lab.follow(reset!)).toBe('applied');
    expect(await this.left()).toEqual([]);
    expect(await this.told()).toEqual([]);
    expect(deploy).toEqual(['deploy', lab.contract.stacks.target]);
    await lab.deployTarget();
    expect(await lab.follow(apply!)).toBe('applied');
    const { plan, status } = await looksOf(lab);
    expect(plan).toMatchObject({ changes: [], findings: [] });
    expect(status.beside).toEqual([]);
    await this.leftByADeadReset(mark);
    expect(await lab.run('teardown')).toBe('applied');
    expect((await lab.plan('teardown')).findings).toEqual([]);
  }

  /** The slot is gone, and what tells of it is there: putting the database back into the file would not help. */
  private async leftByADeadReset(mark: string): Promise<void> {
    const { database } = this;
    const name = `acas_demo_${database}`;
    const client = await this.lab.source(database);
    await client.query(`CREATE PUBLICATION ${name}`);
    await client.query(`COMMENT ON PUBLICATION ${name} IS ${escapeLiteral(mark)}`);
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO acas_demo`);
    await client.query(`CREATE SCHEMA ${name} CREATE TABLE acas_heartbeat (id uuid PRIMARY KEY)`);
    const [finding] = await this.told();
    expect(finding!.next).not.toMatch(/environment file|teardown|new clone/);
    await carryOut(finding!, client, 'STREAM_FORGOTTEN');
    await client.end();
    expect([await this.left(), await this.told()]).toEqual([[], []]);
  }

  private async markOfPublication(): Promise<string> {
    const client = await this.lab.source(this.database);
    const { rows } = await client.query<{ mark: string }>(
      `SELECT obj_description(oid, 'pg_publication') AS mark FROM pg_publication`,
    );
    await client.end();
    return rows[0]!.mark;
  }

  private async told() {
    return (await this.lab.plan()).findings.filter(({ code }) => code === 'STREAM_FORGOTTEN');
  }

  private async slotsSaidOfOthers(): Promise<string[]> {
    const { results } = await diagnosisOf(this.lab);
    const findings = results.flatMap((result) => result.findings);
    return findings.filter(({ code }) => code === 'FOREIGN_SLOT_UNUSED').map(({ seen }) => seen);
  }

  /** What the source's own catalogs have of ours for the database. */
  private async left(): Promise<string[]> {
    const client = await this.lab.source(this.database);
    const { rows } = await client.query<{ what: string }>(`
      SELECT 'slot ' || slot_name AS what FROM pg_replication_slots WHERE database = current_database()
      UNION ALL SELECT 'publication ' || pubname FROM pg_publication
      UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname ~ 'acas'
      UNION ALL SELECT 'grant ' || datacl::text FROM pg_database WHERE datname = current_database() AND datacl::text ~ 'acas'`);
    await client.end();
    return rows.map(({ what }) => what);
  }
}
