import type { Client } from 'pg';
import type { Connections } from '../../../sql-runner/connections/connections';
import type { Execution } from '../../../sql-runner/execute/execution';
import { copyLargeObjects } from '../../../sql-runner/execute/operations/copy-large-objects';
import type { Place } from '../../../sql-runner/model/address';
import type { EngineEvent } from '../../../sql-runner/model/events';
import {
  AS_THEY_ARE,
  type DatabaseLargeObjects,
  type LargeObjectsWanted,
} from '../../../sql-runner/model/large-objects';
import { compareLargeObjects } from '../../../sql-runner/observe/compare-large-objects';
import type { Session } from '../../../sql-runner/postgres/session';
import { copyChange } from '../../../sql-runner/resources/large-object-change';
import { largeObjectFindings } from '../../../sql-runner/resources/large-object-findings';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from '../postgres/sessions';

type Database = 'shop' | 'copy';
const DATABASE: Readonly<Record<Place['side'], Database>> = { source: 'shop', target: 'copy' };
export type Said = Extract<EngineEvent, { type: 'large-objects-copied' }>;

/** What the server of a side has, read by a superuser in another way than by what is tested. */
export interface Kept {
  readonly oid: string;
  readonly bytes: string;
  readonly digest: string;
  readonly owner: string;
  readonly grants: string | null;
  readonly comment: string | null;
}

/**
 * Two databases of one server as both sides, and a login that is no superuser, as on Aurora. Its rights are given in the
 * tests, as `passer` has none of its own on production.
 */
export class LargeObjectSides {
  /** Objects that one run names; absent: as many as it does. */
  most: number | undefined;

  private constructor(
    readonly test: TestCluster,
    private readonly admins: Readonly<Record<Database, Client>>,
  ) {}

  static async start(): Promise<LargeObjectSides> {
    const test = await startTestCluster({ databases: ['shop', 'copy'] });
    const admins = { shop: await test.cluster.adminClient('shop'), copy: await test.cluster.adminClient('copy') };
    for (const client of Object.values(admins)) test.onStop(() => client.end());
    await admins.shop.query(
      `CREATE ROLE passer LOGIN PASSWORD 'x'; CREATE ROLE keeper; CREATE ROLE reader; CREATE ROLE "it's"; GRANT keeper TO passer;
       GRANT CONNECT ON DATABASE shop TO passer; GRANT CONNECT, CREATE ON DATABASE copy TO passer`,
    );
    return new LargeObjectSides(test, admins);
  }

  /** What stands in the clone from then on was written there. */
  async subscribe(): Promise<void> {
    await this.on(
      'copy',
      `CREATE SUBSCRIPTION sub CONNECTION 'dbname=shop' PUBLICATION p WITH (connect = false, slot_name = NONE)`,
    );
  }

  /** Nothing is left of what a test had made. */
  async empty(): Promise<void> {
    for (const database of ['shop', 'copy'] as const)
      await this.on(database, 'SELECT count(lo_unlink(oid)) FROM pg_largeobject_metadata');
    await this.on('copy', 'DROP SUBSCRIPTION IF EXISTS sub; DROP SCHEMA IF EXISTS acas_history_demo CASCADE');
  }

  async on(database: Database, sql: string): Promise<object[]> {
    const result = await this.admins[database].query<object>(sql);
    return (Array.isArray(result) ? result.at(-1) : result).rows;
  }

  async both(sql: string): Promise<void> {
    await this.on('shop', sql);
    await this.on('copy', sql);
  }

  session(side: Place['side'], readOnly = true): Promise<Session> {
    const login = { ...targetOf(this.test, DATABASE[side], side), user: 'passer', password: 'x' };
    return openSession(login, { readOnly });
  }

  async compare(): Promise<DatabaseLargeObjects> {
    const [source, target] = [await this.session('source'), await this.session('target')];
    try {
      return await compareLargeObjects({ source, target, environment: 'demo', strangers: [] }, this.most);
    } finally {
      await source.close();
      await target.close();
    }
  }

  /** Codes of what is said beside what is copied. */
  async findings(wanted: Partial<LargeObjectsWanted> = {}) {
    const judged = {
      environment: 'demo',
      database: 'copy',
      read: await this.compare(),
      wanted: { ...AS_THEY_ARE, ...wanted },
    };
    return largeObjectFindings(judged);
  }

  /** Plans and carries out. @param between what happens after the plan */
  async copy(
    wanted: Partial<LargeObjectsWanted> = {},
    {
      between = () => Promise.resolve(),
      interrupted = () => false,
    }: { between?: () => Promise<unknown>; interrupted?: () => boolean } = {},
  ): Promise<{ said: Said | null; failed: unknown }> {
    const change = copyChange('copy', await this.compare(), { ...AS_THEY_ARE, ...wanted });
    await between();
    if (change === null) return { said: null, failed: null };
    if (change.operation.kind !== 'copy-large-objects') throw new Error('it copies large objects');
    let said: Said | null = null;
    const writer = await this.session('target', false);
    const reader = await this.session('target');
    const execution: Execution = {
      connections: {
        use: <T>(_: Place, read: (session: Session) => Promise<T>) => read(reader),
        open: ({ side }: Place) => this.session(side),
        contracts: { source: { environment: 'demo' } },
      } as unknown as Connections,
      listener: (event) => {
        if (event.type === 'large-objects-copied') said = event;
      },
      interrupted,
      writer: () => Promise.resolve(writer),
    };
    try {
      await copyLargeObjects(change.operation, execution);
      return { said, failed: null };
    } catch (failed) {
      return { said, failed };
    } finally {
      await writer.close();
      await reader.close();
    }
  }

  /** All that one side has. Of the large ones the pages, as lo_get() holds no more than 1 GB. */
  async kept(database: Database): Promise<Kept[]> {
    const rows = await this.on(
      database,
      `SELECT m.oid::text AS oid, lo_lseek64(lo_open(m.oid, 262144), 0, 2)::text AS bytes,
              CASE WHEN lo_lseek64(lo_open(m.oid, 262144), 0, 2) < 100000000 THEN md5(lo_get(m.oid))
                   ELSE (SELECT md5(string_agg(p.pageno || md5(p.data), ',' ORDER BY p.pageno))
                           FROM pg_largeobject p WHERE p.loid = m.oid AND trim('\\x00'::bytea FROM p.data) <> '') END AS digest,
              pg_get_userbyid(m.lomowner)::text AS owner, obj_description(m.oid, 'pg_largeobject') AS comment,
              (SELECT string_agg(a.grantee::regrole || a.privilege_type || a.is_grantable, ',' ORDER BY a.grantee, a.privilege_type)
                 FROM aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) a) AS grants
         FROM pg_largeobject_metadata m ORDER BY m.oid`,
    );
    return rows as Kept[];
  }
}
