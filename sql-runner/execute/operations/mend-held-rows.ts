import { OperatorError } from '../../../errors/operator-error';
import { displayTable } from '../../model/table-selection';
import { storedColumns } from '../../postgres/catalog/stored-columns';
import type { Session } from '../../postgres/session';
import { deleteByIdSql, insertRowSql, valuesByIdSql } from '../../verify/mend-sql';
import type { NamedRows } from '../../verify/named-rows';
import { sameShapes } from '../../verify/plan-table';
import type { Pair } from '../../verify/sides';
import type { RowState } from '../../verify/suspect';
import { readShape } from '../../verify/table-shape';
import { rowsByIdSql, tableSql } from '../../verify/table-sql';
import type { Side } from '../../verify/types';
import type { Execution } from '../execution';
import { notMended, type Mending } from './mending';
import { untilWritersEnded } from './writers-ended';

interface Sessions {
  /** That only read, outside the transaction. */
  readonly pair: Pair;
  /** In its transaction. */
  readonly clone: Session;
}

/** The stream waits for so long at most, beside what reading and writing of these few rows takes. */
const HELD_FOR_WRITERS_MS = 5_000;

type Readings = ReadonlyMap<string, RowState>;

interface Steady {
  readonly named: NamedRows;
  /** Rows that stood still on both sides since they were judged. */
  readonly ids: readonly string[];
  readonly source: Readings;
  readonly values: ReadonlyMap<string, readonly (string | null)[]>;
  readonly columns: readonly string[];
}

/**
 * In a transaction of the clone, which it leaves to the caller to commit.
 * @returns how many rows were left alone because they have moved
 */
export async function mendHeld(
  operation: Mending,
  execution: Execution,
  sessions: Sessions,
  differing: readonly NamedRows[],
): Promise<number> {
  const { clone, pair } = sessions;
  await asApplyWorker(operation, clone);
  for (const [index, { plan }] of differing.entries()) {
    const waits = index === 0 && plan.relkinds.target !== 'p';
    const own = tableSql(plan, 'target');
    await clone.query(`LOCK TABLE ${own} IN SHARE ROW EXCLUSIVE MODE${waits ? '' : ' NOWAIT'}`);
  }
  await untilWritersEnded(pair.source, operation, execution, HELD_FOR_WRITERS_MS);
  const steady = await steadyRows(operation, sessions, differing);
  // Of all tables first: what one row gives up in a unique index another one may take.
  for (const { named, ids } of steady) {
    const gone = deleteByIdSql(named.plan, ids);
    if (ids.length > 0) await clone.query(gone.sql, gone.values);
  }
  for (const { named, ids, values, columns } of steady)
    for (const id of ids) {
      const row = values.get(id);
      if (row !== undefined) await clone.query(insertRowSql(named.plan, columns), row);
    }
  for (const one of steady) await assertMended(operation, clone, one);
  const all = differing.reduce((sum, { settled }) => sum + settled.different.length, 0);
  return all - steady.reduce((sum, { ids }) => sum + ids.length, 0);
}

/** No trigger of the clone but those that fire on the apply worker too, and no foreign key takes other rows along. */
async function asApplyWorker(operation: Mending, clone: Session): Promise<void> {
  try {
    await clone.query('SET LOCAL session_replication_role = replica');
  } catch (cause) {
    if ((cause as { code?: string }).code !== '42501') throw cause;
    throw new OperatorError({
      code: 'ROWS_NOT_MENDED',
      seen: `the login of the clone may not set session_replication_role in database ${operation.place.database}`,
      why: 'triggers of the clone would fire, and foreign keys take other rows along; no row was mended',
      next: 'let a superuser allow it (on RDS rds_superuser may), and run the same command again',
    });
  }
  await clone.query(`SET LOCAL lock_timeout = '3s'`);
  await clone.query(`SET LOCAL statement_timeout = '30s'`);
  // Of a process that is gone without the server noticing, which would go on holding the stream.
  await clone.query(`SET LOCAL idle_in_transaction_session_timeout = '30s'`);
  // The stream is behind these rows once it goes on: no crash takes them back.
  await clone.query('SET LOCAL synchronous_commit = local');
}

/** All tables of the source in one snapshot. */
function steadyRows(operation: Mending, { pair, clone }: Sessions, differing: readonly NamedRows[]): Promise<Steady[]> {
  return pair.source.transaction(
    async (source) => {
      const found: Steady[] = [];
      for (const named of differing) found.push(await steadyOf(operation, source, clone, named));
      return found;
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

async function steadyOf(operation: Mending, source: Session, clone: Session, named: NamedRows): Promise<Steady> {
  const { plan, shapes, settled } = named;
  const ids = settled.different.map(({ id }) => id);
  const there = await rowsOf(source, named, 'source', ids);
  const here = await rowsOf(clone, named, 'target', ids);
  const now = { source: await readShape(source, plan.table), target: await readShape(clone, plan.table) };
  if (!sameShapes(shapes, now))
    throw notMended(operation, `table ${displayTable(plan.table)} itself was changed meanwhile`);
  const still = settled.different
    .filter(({ id, sighting }) => same(there.get(id), sighting.source) && same(here.get(id), sighting.target))
    .map(({ id }) => id);
  const stored = new Set(await storedColumns(clone, plan.table));
  const columns = plan.shape.columns.map(({ name }) => name).filter((name) => stored.has(name));
  const asked = valuesByIdSql(plan, 'source', still, columns);
  const rows = await source.query<{ id: string; values: (string | null)[] }>(asked.sql, asked.values);
  return {
    named,
    ids: still,
    source: there,
    values: new Map(rows.map((row) => [row.id, row.values])),
    columns,
  };
}

const same = (now: RowState | undefined, then: RowState | null): boolean =>
  now?.version === then?.version && now?.content === then?.content;

async function rowsOf(session: Session, { plan }: NamedRows, side: Side, ids: readonly string[]): Promise<Readings> {
  const asked = rowsByIdSql(plan, side, ids);
  const rows = await session.query<{ id: string; content: string; version: string }>(asked.sql, asked.values);
  return new Map(rows.map(({ id, content, version }) => [id, { content, version }]));
}

/** A trigger, a generated column or a default of the clone may have made something else of it. */
async function assertMended(operation: Mending, clone: Session, { named, ids, source }: Steady): Promise<void> {
  const here = await rowsOf(clone, named, 'target', ids);
  const other = ids.filter((id) => here.get(id)?.content !== source.get(id)?.content);
  if (other.length === 0) return;
  throw notMended(
    operation,
    `${other.length} of ${ids.length} rows of table ${displayTable(named.plan.table)} are not the source's once they are written, the one with key ${other[0]} for one: a trigger that fires on the apply worker too, or a generated column, makes something else of them`,
  );
}
