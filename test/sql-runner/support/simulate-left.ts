import type { Operation } from '../../../sql-runner/model/change';
import { formatMark, ownMark } from '../../../sql-runner/model/mark';
import type { LeftTable } from '../../../sql-runner/model/table-notes';
import { must, type World } from './simulate-streams';

/** What becomes of tables that leave a stream, and of the facts that the next plan reads of them. */
type Leaving = Extract<Operation, { kind: 'unpublish-table' | 'leave-tables' }>;

/** When each leaves, in the world of the tests. */
export const LEFT_AT = '2026-03-01T10:00:00.000Z';

export function leaveTables(world: World, operation: Leaving): void {
  const { stream } = operation;
  const source = world.source.databases[stream.place.database]!;
  const publication = source.publications.find(({ name }) => name === stream.publication)!;
  const clone = world.target!.databases[stream.place.database]!;
  if (operation.kind === 'unpublish-table') {
    const { table } = operation;
    must(
      publication.tables.some(({ oid }) => oid === table.oid),
      'what is taken out of the publication is in it',
    );
    note(world, operation, (left) => [...left.filter(({ oid }) => oid !== table.oid), { ...table, at: LEFT_AT }]);
    publication.tables = publication.tables.filter(({ oid }) => oid !== table.oid);
    return;
  }
  const { dropped, forgotten, refreshes } = operation;
  const sent = new Set(publication.tables.map(({ schema, name }) => `${schema}.${name}`));
  if (refreshes) clone.taken = clone.taken!.filter(({ schema, name }) => sent.has(`${schema}.${name}`));
  const numbers = new Set([...dropped.map(({ oid }) => oid), ...forgotten]);
  note(world, operation, (left) => [
    ...left.filter(({ oid }) => !numbers.has(oid)),
    ...dropped.map((one) => ({ ...one, at: LEFT_AT, dropped: true as const })),
  ]);
}

function note(world: World, { stream }: Leaving, become: (left: LeftTable[]) => LeftTable[]): void {
  const found = world.target!.databases[stream.place.database]!.streams[stream.subscription]!.subscription!;
  const mark = ownMark(found.comment, 'subscription', 'demo')!;
  const left = become(mark.left ?? []);
  found.comment = formatMark({ ...mark, left: left.length === 0 ? undefined : left });
  const facts = left.map(({ oid, schema, name }) => ({
    ...{ oid, schema, name, here: oid },
    ...{ partitioned: false, hasRows: true, referenced: false },
  }));
  Object.assign(world.target!, { leftTables: { [stream.subscription]: facts } });
}
