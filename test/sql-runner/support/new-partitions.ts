import type { AddedTable } from '../../../sql-runner/model/table-notes';
import type { NewPartitionFacts, NewTableFacts } from '../../../sql-runner/model/new-tables';
import type { Observation } from '../../../sql-runner/model/observation';
import type { PublishedRows } from '../../../sql-runner/postgres/catalog/published-rows';
import { type Draft, edit, following } from './observations';
import { COMPARED, contract, DEFINITION, FACTS, NOTE, OID, SUBSCRIPTION } from './new-tables';
import { table } from './tables';

/** Of the source: the partitioned table `parted`, which the clone came with. */
const ROOT_OID = 80_001;

export const BOUND = 'FOR VALUES IN (2)';
const PARENT = { schema: 'public', name: 'parted' };
export const PLACE: NewPartitionFacts = {
  parent: PARENT,
  bound: BOUND,
  here: null,
  parentThere: true,
  hasDefault: false,
};
export const PART_NOTE: AddedTable = { ...NOTE, partition: true };

export const ROWS: Draft<PublishedRows> = {
  name: 'public.newer',
  schema: 'public',
  joined: null,
  stored: String(OID),
  indirect: true,
  unlogged: false,
  touched: '1',
  names: '2',
  order: '3',
  defined: 'd',
  keyed: 'k',
  rewritten: [],
  given: [],
  known: COMPARED.known,
  identified: true,
  housed: null,
};

/** A partition that came on the source of a clone that follows, and was looked at. */
export const becoming = (
  place: Partial<NewPartitionFacts> = {},
  facts: Partial<NewTableFacts> = {},
  rows: Partial<Draft<PublishedRows>> = {},
): Observation =>
  edit(following(contract), ({ source, target }) => {
    const shop = source.databases.shop!;
    shop.tables.push(table('parted', { oid: ROOT_OID, kind: 'root' }));
    shop.tables.push(table('newer', { oid: OID, partition: true, parents: [PARENT] }));
    const root = { ...ROWS, name: 'public.parted', indirect: false, known: null, stored: '0' };
    const publish = (one: Draft<PublishedRows>[], into: typeof shop.publications) => {
      const [own] = into;
      own!.tables.push({ oid: ROOT_OID, ...PARENT });
      own!.rows = { self: '1 2', members: { 'public.parted': '3 80001 5' }, types: {}, tables: {} };
      own!.rows.tables[ROOT_OID] = { ...root };
      for (const part of one) own!.rows.tables[OID] = part;
    };
    publish([{ ...ROWS, ...rows }], shop.publications);
    publish([], target!.databases.shop!.publications);
    const partition = { ...PLACE, ...place };
    Object.assign(source, {
      newTables: {
        [SUBSCRIPTION]: [{ ...FACTS, definition: { ...DEFINITION, inherits: true }, ...facts, partition }],
      },
    });
  });

/** The subscription knows it. */
export const known = (observation: Observation, state = 'r'): Observation =>
  edit(observation, ({ target }) => {
    target!.databases.shop!.taken!.push({
      subscription: SUBSCRIPTION,
      schema: 'public',
      name: 'newer',
      table: 70_001,
      state,
    });
  });

export const THERE: Partial<NewTableFacts> = {
  namesake: { kind: 'r', hasRows: false, definition: DEFINITION, takenBy: null },
};
