import type { Change, Operation } from '../../../sql-runner/model/change';
import type { AddingTo } from '../../../sql-runner/model/table-operations';
import { formatMark, ownMark } from '../../../sql-runner/model/mark';
import type { AddedTable } from '../../../sql-runner/model/table-notes';
import { isParted } from '../../../sql-runner/model/new-tables';
import { sameTable } from '../../../sql-runner/model/table-selection';
import { TableTree } from '../../../sql-runner/model/table-tree';
import { ROWS } from './new-partitions';
import { must, type World } from './simulate-streams';

/** What becomes of tables that are added to a stream, and of the facts that the next plan reads of them. */
type Adding = Extract<Operation, { kind: 'make-table' | 'attach-partition' | 'copy-tables' | 'settle-tables' }>;

export function addTables(world: World, operation: Adding): void {
  const { stream } = operation;
  switch (operation.kind) {
    case 'make-table': {
      const facts = factsOf(world, stream, operation.table.oid);
      must((facts.namesake === null) === operation.statements.length > 0, 'a table is made where there is none');
      if (operation.attach !== null) {
        must(facts.partition?.hasDefault === false, 'nothing is in the way of what is attached at once');
        facts.partition.here = { parent: facts.partition.parent, bound: facts.partition.bound };
      }
      must(facts.partition?.parentThere !== false, 'what is above a partition is there before it');
      for (const { partition } of world.source.newTables![stream.subscription]!)
        if (partition !== undefined && sameTable(partition.parent, facts)) partition.parentThere = true;
      facts.namesake = {
        kind: isParted(facts) ? 'p' : 'r',
        hasRows: false,
        definition: facts.definition,
        takenBy: null,
      };
      note(world, stream, (added) => [...added.filter(({ oid }) => oid !== operation.table.oid), operation.table]);
      return;
    }
    case 'attach-partition': {
      const { partition } = factsOf(world, stream, operation.table.oid);
      must(
        partition!.here === null && partition!.hasDefault,
        'what is put in its place later waits for the default one',
      );
      partition!.here = { parent: partition!.parent, bound: partition!.bound };
      return;
    }
    case 'copy-tables':
      for (const { oid } of operation.tables) {
        const facts = factsOf(world, stream, oid);
        must(isParted(facts) || (facts.rights!.usage && facts.rights!.select), 'the copy may read');
        must(isPublished(world, stream, oid), 'what is copied is published');
        must(
          noted(world, stream).some((one) => one.oid === oid),
          'what is copied was noted before it was published',
        );
        take(world, stream, factsOf(world, stream, oid));
        leave(world, stream, oid);
      }
      note(world, stream, (added) =>
        added.map((one) =>
          operation.tables.some(({ oid }) => oid === one.oid)
            ? {
                ...one,
                compared: {
                  row: '',
                  stored: '',
                  touched: '',
                  names: '',
                  order: '',
                  given: [],
                  known: null,
                  housed: null,
                  ...rowsOf(world, stream, one.oid),
                },
              }
            : one,
        ),
      );
      return;
    case 'settle-tables':
      note(world, stream, (added) =>
        added
          .filter(({ oid }) => !operation.forgotten.includes(oid))
          .map(({ granted, ...one }) =>
            granted === undefined || operation.tables.some(({ oid }) => oid === one.oid) ? one : { ...one, granted },
          ),
      );
  }
}

/** Of a change on the source; false: it is about something else. */
export function publishAdded(world: World, change: Change): boolean {
  const { address, operation } = change;
  if (operation.kind === 'give-copy-rights') return publishAdded(world, { ...change, operation: operation.giving });
  if (operation.kind !== 'sql') return false;
  const [subscription] = Object.keys(world.source.newTables ?? {});
  const stream = { place: { side: 'target', database: operation.place.database }, subscription } as AddingTo;
  const named = world.source.newTables?.[subscription!]?.find(
    ({ schema, name }) => `${schema}.${name}` === address.name,
  );
  switch (address.kind) {
    case 'copy-rights':
      named!.rights = { ...named!.rights!, usage: true, select: true };
      return true;
    case 'published-table':
      must(
        noted(world, stream).some(({ oid }) => oid === named!.oid),
        'it is noted before it is published',
      );
      world.source.databases[operation.place.database]!.publications[0]!.tables.push({
        oid: named!.oid,
        schema: named!.schema,
        name: named!.name,
      });
      if (isParted(named!)) publishTree(world, operation.place.database, named!);
      return true;
    default:
      return false;
  }
}

/** What is below it is published with it. */
function publishTree(world: World, database: string, root: { oid: number; schema: string; name: string }): void {
  const { tables, publications } = world.source.databases[database]!;
  const { rows } = publications[0]!;
  rows!.members[`${root.schema}.${root.name}`] = `7 ${root.oid} 8`;
  const tree = new TableTree(tables);
  const all = [tree.find(root)!, ...tree.partsOf(tree.find(root)!)];
  for (const { oid, name, kind } of all)
    rows!.tables[oid!] = { ...ROWS, name: `public.${name}`, stored: String(oid), indirect: kind === 'table' };
}

const factsOf = (world: World, { subscription }: AddingTo, table: number) =>
  world.source.newTables![subscription]!.find(({ oid }) => oid === table)!;

const isPublished = (world: World, { place }: AddingTo, table: number): boolean => {
  const [publication] = world.source.databases[place.database]!.publications;
  const isBelow = publication!.rows?.tables[String(table)] !== undefined;
  return isBelow || publication!.tables.some(({ oid }) => oid === table);
};

/** Of one whose publication is read with its rows. */
function rowsOf(world: World, { place }: AddingTo, table: number) {
  const [publication] = world.source.databases[place.database]!.publications;
  const own = publication!.rows?.tables[String(table)];
  if (own === undefined) return {};
  const row = publication!.rows!.members[own.name] ?? '';
  const { stored, touched, names, order, given, known, housed } = own;
  return { row, stored, touched, names, order, given, known, housed };
}

/** A partition has to be where it belongs by then: the copy of the clone would be refused, or show nowhere. */
function take(world: World, { place, subscription }: AddingTo, facts: ReturnType<typeof factsOf>): void {
  const { schema, name, partition } = facts;
  if (partition === undefined || isParted(facts)) return;
  must(partition.here?.bound === partition.bound, 'what is copied is in its place');
  world.target!.databases[place.database]!.taken!.push({ subscription, schema, name, table: facts.oid, state: 'r' });
}

/** What is compared is looked at no more. */
function leave(world: World, { subscription }: AddingTo, table: number): void {
  const facts = world.source.newTables![subscription]!;
  facts.splice(
    facts.findIndex(({ oid }) => oid === table),
    1,
  );
}

const markIn = (world: World, { place, subscription }: AddingTo) => {
  const found = world.target!.databases[place.database]!.streams[subscription]!.subscription!;
  return { found, mark: ownMark(found.comment, 'subscription', 'demo')! };
};

const noted = (world: World, stream: AddingTo): AddedTable[] => markIn(world, stream).mark.added ?? [];

function note(world: World, stream: AddingTo, become: (added: AddedTable[]) => AddedTable[]): void {
  const { found, mark } = markIn(world, stream);
  found.comment = formatMark({ ...mark, added: become(mark.added ?? []) });
}
