import { escapeIdentifier } from 'pg';
import type { Random } from '../../lab/workload/random';
import type { Selection } from '../../stacks/contract';
import type { HostileNames } from './hostile-names';
import { newTable, PARTITION_KEYS, type Identity, type NewNames, type Table } from './table';
import { partitioned, tableDdl } from './table-ddl';
import { BUILT_IN, ownTypes } from './values';

export interface Database {
  readonly name: string;
  readonly ddl: readonly string[];
  readonly tables: readonly Table[];
  readonly selection: Selection;
  /** Holds nothing that is replicated; DDL goes on in it all the time. Quoted. */
  readonly noiseSchema: string;
}

const IDENTITIES: readonly Identity[] = ['primary key', 'index', 'full', 'full without key'];

/** One database of a seed: two schemas, types of its own, and tables of every kind. */
export function newDatabase(random: Random, names: HostileNames): Database {
  const objects: NewNames = { forObject: () => names.forObjects() };
  const schemas = [names.forObjects(), random.int(0, 1) === 0 ? 'public' : names.forObjects()] as const;
  const noise = names.forObjects();
  const own = ownTypes(
    () => `${escapeIdentifier(schemas[0])}.${escapeIdentifier(objects.forObject())}`,
    () => objects.forObject(),
  );
  const types = [...BUILT_IN, ...own.types, ...own.types];
  const tables: Table[] = [];
  const ddl = [...new Set([...schemas, noise])]
    .filter((schema) => schema !== 'public')
    .map((schema) => `CREATE SCHEMA ${escapeIdentifier(schema)}`);
  ddl.push(...own.ddl);
  const add = (table: Table): Table => {
    ddl.push(...tableDdl(random, table, objects));
    tables.push(table);
    return table;
  };
  const make = (more: Parameters<typeof newTable>[4]) => newTable(random, random.pick(schemas), objects, types, more);

  for (const identity of IDENTITIES) add(make({ identity }));
  add(make({ identity: 'primary key', calm: true }));
  const parent = add(make({ identity: 'primary key' }));
  const extra = [parent.key.map(({ name: _, ...column }) => column), [PARTITION_KEYS[1]!]].flat();
  add(make({ identity: random.pick(['primary key', 'index'] as const), parent, key: extra }));
  const split = partitioned(
    random,
    make({ identity: random.pick(['primary key', 'full'] as const), key: PARTITION_KEYS }),
    objects,
  );
  ddl.push(...split.ddl.flatMap((statement) => statement));
  tables.push(split.table);
  return {
    name: names.forConnections(),
    ddl: [...ddl, ...leafIdentities(split.table)],
    tables,
    selection: newSelection(random, schemas, tables),
    noiseSchema: escapeIdentifier(noise),
  };
}

/** A partition does not take its parent's replica identity over (ALTER TABLE, REPLICA IDENTITY). */
function leafIdentities({ identity, partitions }: Table): string[] {
  return identity === 'full' ? partitions.map((leaf) => `ALTER TABLE ${leaf} REPLICA IDENTITY FULL`) : [];
}

function newSelection(random: Random, schemas: readonly string[], tables: readonly Table[]): Selection {
  switch (random.int(0, 2)) {
    case 0:
      return { kind: 'all' };
    case 1:
      return { kind: 'schemas', schemas: [...schemas] };
    default:
      return { kind: 'tables', tables: tables.map(({ schema, bare }) => ({ schema, name: bare })) };
  }
}
