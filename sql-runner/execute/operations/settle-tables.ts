import type { Operation } from '../../model/change';
import type { AddedTable } from '../../model/table-notes';
import type { Place } from '../../model/address';
import type { Publication } from '../../postgres/catalog/publications';
import type { Session } from '../../postgres/session';
import { takenBack } from '../../resources/added-table/taken-back';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';
import { markOf, noteAdded } from './added-mark';
import { knownOf, publicationNamed, remembered, type Known } from './known-alterations';

type Settling = Extract<Operation, { kind: 'settle-tables' }>;

/**
 * First on the source, then in the mark: a run that is killed in between does both once more. What is taken back on a
 * schema writes its row, which looks as if it had been renamed; that it was ours is noted with it.
 */
export async function settleTables(operation: Settling, execution: Execution): Promise<void> {
  const { stream, tables, forgotten } = operation;
  const there: Place = { side: 'source', database: stream.place.database };
  const source = await execution.writer(there);
  const clone = await execution.writer(stream.place);
  const mark = await markOf(clone, stream);
  const copy = await publicationNamed(clone, stream.publication);
  const known = (publication: Publication | undefined): Known => knownOf(mark, copy, publication);
  let [before, after]: (Known | null)[] = [null, null];
  await namingWaits(there, source, execution, () =>
    source.transaction(async () => {
      before = known(await publicationNamed(source, stream.publication));
      const present = await stillThere(source, tables);
      // Quoted where it is made.
      // eslint-disable-next-line local/safe-sql
      for (const text of takenBack(stream.role, present)) await source.query(text);
      after = known(await publicationNamed(source, stream.publication));
    }),
  );
  const settled = new Set(tables.map(({ oid }) => oid));
  const become = (added: readonly AddedTable[]): AddedTable[] =>
    added
      .filter(({ oid }) => !forgotten.includes(oid))
      .map(({ granted, ...one }) => (granted === undefined || settled.has(one.oid) ? one : { ...one, granted }));
  await noteAdded(
    clone,
    stream,
    become,
    remembered(mark, before!, after!, (what) => what.startsWith('schema ')),
  );
}

/** Under the names that they have now; what was dropped has taken the rights on it along. */
async function stillThere(session: Session, tables: Settling['tables']): Promise<Settling['tables']> {
  const rows = await session.query<{ oid: number; schema: string; name: string }>(
    `SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1::oid[]) AND c.relkind IN ('r', 'p')`,
    [tables.map(({ oid }) => oid)],
  );
  return rows.map((row) => ({ ...row, granted: tables.find(({ oid }) => oid === row.oid)!.granted }));
}
