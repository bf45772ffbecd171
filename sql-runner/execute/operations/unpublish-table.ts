import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';
import type { Place } from '../../model/address';
import type { LeftTable } from '../../model/table-notes';
import { displayTable } from '../../model/table-selection';
import { clockOf } from '../../postgres/catalog/server';
import type { Session } from '../../postgres/session';
import { unpublishing } from '../../resources/added-table/unpublishing';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';
import { markOf, noteLeft } from './added-mark';
import { knownOf, publicationNamed, remembered, type Known } from './known-alterations';

type Unpublishing = Extract<Operation, { kind: 'unpublish-table' }>;

/**
 * First the note, on the clone, then the statement: whoever looks in between sees a table that is sent as ever, and
 * afterwards one that left by our hand. Without the note it would look as if somebody had taken it out.
 */
export async function unpublishTable(operation: Unpublishing, execution: Execution): Promise<void> {
  const { stream, table } = operation;
  const there: Place = { side: 'source', database: stream.place.database };
  const source = await execution.writer(there);
  const clone = await execution.writer(stream.place);
  const note: LeftTable = { ...named(table), at: new Date(await clockOf(source)).toISOString() };
  const others = (left: readonly LeftTable[]) => left.filter(({ oid }) => oid !== table.oid);
  await noteLeft(clone, stream, (left) => [...others(left), note]);
  const mark = await markOf(clone, stream);
  const copy = await publicationNamed(clone, stream.publication);
  let [before, after]: (Known | null)[] = [null, null];
  await namingWaits(there, source, execution, () =>
    source.transaction(async () => {
      before = knownOf(mark, copy, await publicationNamed(source, stream.publication));
      const statements = unpublishing(stream.publication, table, operation.partitioned);
      // Made of quoted names.
      for (const text of statements.slice(0, -1)) await send(source, text);
      await refuseAnother(source, operation);
      await send(source, statements.at(-1)!);
      after = knownOf(mark, copy, await publicationNamed(source, stream.publication));
    }),
  );
  // What was remembered of its alterations is remembered without it.
  const known = remembered(mark, before!, after!, () => false);
  if (Object.keys(known).length > 0) await noteLeft(clone, stream, (left) => [...left], known);
}

const named = ({ oid, schema, name }: Unpublishing['table']) => ({ oid, schema, name });

// eslint-disable-next-line local/safe-sql
const send = (session: Session, text: string): Promise<unknown> => session.query(text);

/** Under the lock: what has the name by then may be another table. */
async function refuseAnother(session: Session, { stream, table }: Unpublishing): Promise<void> {
  const [row] = await session.query<{ same: boolean }>(
    `SELECT count(*) = 1 AS same FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid::int8 = $1::int8 AND n.nspname = $2 AND c.relname = $3`,
    [String(table.oid), table.schema, table.name],
  );
  if (row!.same) return;
  throw new OperatorError({
    code: 'NEW_TABLE_MOVED',
    seen: `table ${displayTable(table)} in database ${stream.place.database} is no longer as it was planned with`,
    why: 'it was dropped or renamed meanwhile; it was not taken out of the publication',
    next: 'run sql-runner plan to see where it stands',
  });
}
