import { setTimeout as pause } from 'node:timers/promises';
import type { Side } from '../../../lab/lab';
import { eventually } from '../../support/eventually';
import type { SoakWorld } from '../world';
import type { SoakEvent } from './event';

interface Step {
  /** For both sides. */
  readonly sql: string;
  /** By docs/schema-changes.md: the other side follows, once in sync where the source is first. */
  readonly first: Side;
}

/** The life of a column, by the rules of docs/schema-changes.md for a keyed table. */
const columnOf = (table: string, column: string): Step[] => {
  const alter = (action: string): string => `ALTER TABLE ${table} ${action}`;
  return [
    { first: 'clone', sql: alter(`ADD COLUMN ${column} varchar(20)`) },
    { first: 'clone', sql: alter(`ALTER COLUMN ${column} TYPE varchar(40)`) },
    { first: 'source', sql: alter(`ADD CONSTRAINT ${column}_check CHECK (length(${column}) <= 40)`) },
    { first: 'clone', sql: alter(`DROP CONSTRAINT ${column}_check`) },
    { first: 'clone', sql: alter(`ADD COLUMN ${column}_more int DEFAULT 7`) },
    { first: 'source', sql: alter(`DROP COLUMN ${column}, DROP COLUMN ${column}_more`) },
  ];
};

const TABLES = [
  { database: 'shop', table: 'coupons' },
  { database: 'ledger', table: 'accounts' },
] as const;

/** What may be changed while the stream goes on, in the order that keeps it going. */
export const ddl: SoakEvent = async ({ world }, { draw, seconds }) => {
  const { database, table } = TABLES[draw % TABLES.length]!;
  const column = `soak_${draw}`;
  const label = `ALTER TYPE customer_tier ADD VALUE IF NOT EXISTS 'tier ${draw}'`;
  const more: Step[] = database === 'shop' ? [{ first: 'clone', sql: label }] : [];
  const steps = [...columnOf(table, column), ...more];
  for (const [index, { first, sql }] of steps.entries()) {
    await alter(world, first, database, sql);
    // Rows that need the one before: the stream must have them first.
    if (first === 'source') await world.caughtUp([database]);
    await pause((seconds * 1_000) / steps.length);
    await alter(world, first === 'source' ? 'clone' : 'source', database, sql);
    if (index < 2) await fill(world, database, table, column, index === 0 ? 20 : 40);
  }
  await world.caughtUp([database]);
};

/** As whoever must not keep production waiting does it: by many short tries. */
async function alter(world: SoakWorld, side: Side, database: string, sql: string): Promise<void> {
  await world.asOwner(side, database, async (client) => {
    await client.query(`SET lock_timeout = '500ms'`);
    await untilDone(() => client.query(sql));
  });
}

/** A lock that was not to be had in time, or a deadlock with a writer. */
const AGAIN = ['55P03', '40P01'];

async function untilDone(work: () => Promise<unknown>): Promise<void> {
  await eventually(() =>
    work().then(
      () => true,
      (error: unknown) => {
        if (AGAIN.includes((error as { code?: string }).code ?? '')) return false;
        throw error;
      },
    ),
  );
}

async function fill(world: SoakWorld, database: string, table: string, column: string, size: number): Promise<void> {
  const sql = `UPDATE ${table} SET ${column} = left(md5(random()::text) || md5(random()::text), ${size})`;
  await world.asOwner('source', database, (client) => untilDone(() => client.query(sql)));
}
