import { decideDdl, ddlOnClone, ddlOnSource } from '../../../../sql-runner/execute/ddl-entries';
import { shownDdl } from '../../../../sql-runner/model/ddl';
import type { SqlOperation } from '../../../../sql-runner/model/change';
import { planApply } from '../../../../sql-runner/plan/plan-apply';
import type { Plan } from '../../../../sql-runner/model/plan';
import { ddlLogs } from '../../../../sql-runner/postgres/catalog/ddl-logs';
import { eventually } from '../../../support/eventually';
import { ConnectedPair, PAIR_PARAMETERS } from '../../support/connected-pair';
import { sourceContract } from '../../support/contract';
import { edit, following } from '../../support/observations';

/** The name of a schema as a pair has it. */
export const SCHEMA = 'acas_demo_shop_ddl';

/**
 * A clone that follows, and DDL with it. Aurora lets rds_superuser make event triggers; a server that is not changed lets
 * superusers alone.
 */
export class DdlPair {
  private constructor(readonly pair: ConnectedPair) {}

  static async start(ddl: string): Promise<DdlPair> {
    const pair = await ConnectedPair.start(ddl, PAIR_PARAMETERS);
    try {
      const admin = await pair.test.cluster.adminClient('shop');
      await admin.query('ALTER ROLE master SUPERUSER').finally(() => admin.end());
      await pair.cloneAdmin.query('ALTER ROLE master SUPERUSER');
      await pair.follow();
      return new DdlPair(pair);
    } catch (error) {
      await pair.stop();
      throw error;
    }
  }

  /** What apply would do about DDL, from what both sides have. */
  async plan(ddl: 'apply' | 'record' | undefined): Promise<Plan> {
    const { pair } = this;
    const contract = sourceContract(['shop']);
    const links = contract.links.map((link) => ({ ...link, ...(ddl === undefined ? {} : { ddl }) }));
    const sessions = await Promise.all([pair.session('source'), pair.session('target')]);
    const [source, clone] = await Promise.all(sessions.map((session) => ddlLogs(session)));
    await Promise.all(sessions.map((session) => session.close()));
    const observation = edit(following({ ...contract, links }), (draft) => {
      Object.assign(draft.source.databases.shop!, { ddl: source });
      Object.assign(draft.target!.databases.shop!, { ddl: clone });
      draft.target!.databases.shop!.taken = ['orders', 'owned', 'log'].map((name) => ({
        subscription: 'acas_demo_shop',
        table: 0,
        state: 'r',
        schema: name === 'log' ? SCHEMA : 'public',
        name,
      }));
    });
    return planApply({ ...contract, links }, observation);
  }

  /** Carries it out as it is planned; a beat is waited for as any other row. */
  async carryOut(plan: Plan): Promise<void> {
    for (const { operation, address } of plan.changes) {
      if (operation.kind === 'drain') await this.drained();
      else await this.run(operation as SqlOperation, address.side);
    }
  }

  private async run({ statements, guards, alone }: SqlOperation, side: 'source' | 'target'): Promise<void> {
    const { source, clone } = this.pair;
    for (const guard of guards) {
      const { rows } = await (guard.place.side === 'source' ? source : clone).query(guard.sql, [...guard.values]);
      if (rows[0].ok !== true) throw new Error(JSON.stringify(rows));
    }
    const client = side === 'source' ? source : clone;
    if (alone !== true) await client.query('BEGIN');
    for (const { text } of statements) await client.query(text);
    if (alone !== true) await client.query('COMMIT');
  }

  /** Waits until the clone has all that the source has written. */
  async drained(): Promise<void> {
    const { rows } = await this.pair.source.query<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn');
    await eventually(async () => {
      const { rows: slots } = await this.pair.source.query<{ done: boolean }>(
        `SELECT confirmed_flush_lsn >= $1::pg_lsn AS done FROM pg_replication_slots WHERE slot_name = 'acas_demo_shop'`,
        [rows[0]!.lsn],
      );
      return slots[0]!.done;
    });
  }

  /** Waits until the stream stands before a statement, and gives its number. */
  stopped(): Promise<number> {
    return eventually(async () => {
      const { rows } = await this.pair.clone.query<{ n: number }>(
        `SELECT nullif(last_value, 0)::int AS n FROM ${SCHEMA}.stopped`,
      );
      return rows[0]?.n;
    });
  }

  /** By tag, in their order, from a number on. */
  async outcomes(from = 0): Promise<string[]> {
    const { rows } = await this.pair.clone.query<{ said: string }>(
      `SELECT concat_ws(' ', l.tag, o.outcome) AS said FROM ${SCHEMA}.log l LEFT JOIN ${SCHEMA}.outcome o USING (number)
        WHERE l.event = 'ddl_command_end' AND number > $1 ORDER BY number`,
      [from],
    );
    return rows.map(({ said }) => said);
  }

  async last(): Promise<number> {
    const { rows } = await this.pair.source.query<{ n: number }>(
      `SELECT coalesce(max(number), 0)::int AS n FROM ${SCHEMA}.log`,
    );
    return rows[0]!.n;
  }

  /** Runs statements on the source, and gives what became of them on the clone. */
  async followed(...statements: string[]): Promise<string[]> {
    const before = await this.last();
    for (const text of statements) await this.pair.source.query(text);
    await this.drained();
    return this.outcomes(before);
  }

  /** Runs one that stops the stream, has a decision made about it, and gives what the list says of it before. */
  async stops(decision: 'apply' | 'skip', ...statements: string[]) {
    for (const text of statements) await this.pair.source.query(text);
    const number = await this.stopped();
    const told = async () => (await this.pair.findings('DDL_STOPPED')).map(({ seen }) => seen);
    // Once, as to look at everything takes a second.
    if (decision === 'apply') expect(await told()).toEqual([expect.stringContaining(`statement ${number} `)]);
    const [here, there] = await Promise.all([this.pair.session('source'), this.pair.session('target')]);
    const shown = shownDdl(await ddlOnSource(here, SCHEMA, 10), await ddlOnClone(there, SCHEMA, 0));
    await Promise.all([here.close(), there.close()]);
    const writer = await this.pair.pair.connections.open({ side: 'target', database: 'shop' }, false);
    await decideDdl(writer, SCHEMA, number, decision).finally(() => writer.close());
    await this.drained();
    if (decision === 'apply') expect(await told()).toEqual([]);
    return shown.find((one) => one.number === number)!;
  }

  stop(): Promise<void> {
    return this.pair.stop();
  }
}
