import { escapeIdentifier } from 'pg';
import type { Random } from '../../lab/workload/random';
import type { Selection } from '../../contract/contract';
import { IDENTITIES } from './features';
import type { HostileNames } from './hostile-names';
import { newTable, PARTITION_KEYS, type Table } from './table';
import { partitioned, tableDdl } from './table-ddl';
import { BUILT_IN, ownTypes } from './values';

export interface Database {
  readonly name: string;
  readonly ddl: readonly string[];
  readonly tables: readonly Table[];
  readonly selection: Selection;
  /** A role of the applications, not the one that owns the tables; quoted. It may write to the calm tables. */
  readonly application: string;
  /** Holds nothing that is replicated; DDL goes on in it all the time. Quoted. */
  readonly noiseSchema: string;
}

/** One database of a seed: two schemas, types of its own, and tables of every kind. */
export function newDatabase(random: Random, names: HostileNames): Database {
  const schemas = [names.of('schema'), random.int(0, 1) === 0 ? 'public' : names.of('schema')] as const;
  const noise = names.of('schema');
  const own = ownTypes(
    () => `${escapeIdentifier(schemas[0])}.${escapeIdentifier(names.of('object'))}`,
    () => names.of('object'),
  );
  const types = [...BUILT_IN, ...own.types, ...own.types];
  const application = escapeIdentifier(names.of('role'));
  const tables: Table[] = [];
  const ddl = [...new Set([...schemas, noise])]
    .filter((schema) => schema !== 'public')
    .map((schema) => `CREATE SCHEMA ${escapeIdentifier(schema)}`);
  ddl.push(...own.ddl);
  const add = (table: Table): Table => {
    ddl.push(...tableDdl(random, table, names));
    tables.push(table);
    return table;
  };
  const make = (more: Parameters<typeof newTable>[4]) => newTable(random, random.pick(schemas), names, types, more);

  for (const identity of IDENTITIES) add(make({ identity }));
  add(make({ identity: 'primary key', calm: true }));
  const parent = add(make({ identity: 'primary key' }));
  const extra = [parent.key.map(({ name: _, ...column }) => column), [PARTITION_KEYS[1]!]].flat();
  add(make({ identity: random.pick(['primary key', 'index'] as const), parent, key: extra }));
  const split = partitioned(
    random,
    make({ identity: random.pick(['primary key', 'full'] as const), key: PARTITION_KEYS }),
    names,
  );
  ddl.push(...split.ddl.flatMap((statement) => statement));
  tables.push(split.table);
  return {
    name: names.of('database'),
    ddl: [...ddl, ...leafIdentities(split.table), ...applicationDdl(application, schemas, tables)],
    tables,
    application,
    selection: newSelection(random, tables),
    noiseSchema: escapeIdentifier(noise),
  };
}

/** A partition does not take its parent's replica identity over (ALTER TABLE, REPLICA IDENTITY). */
function leafIdentities({ identity, partitions }: Table): string[] {
  return identity === 'full' ? partitions.map((leaf) => `ALTER TABLE ${leaf} REPLICA IDENTITY FULL`) : [];
}

function applicationDdl(role: string, schemas: readonly string[], tables: readonly Table[]): string[] {
  return [
    `CREATE ROLE ${role}`,
    // Who makes a role may grant it, but not act as it (CREATEROLE, from 16 on).
    `GRANT ${role} TO CURRENT_USER`,
    ...schemas.map((schema) => `GRANT USAGE ON SCHEMA ${escapeIdentifier(schema)} TO ${role}`),
    ...tables.filter(({ calm }) => calm).map(({ name }) => `GRANT SELECT, INSERT, UPDATE ON ${name} TO ${role}`),
  ];
}

function newSelection(random: Random, tables: readonly Table[]): Selection {
  switch (random.int(0, 2)) {
    case 0:
      return { kind: 'all' };
    case 1:
      // One that has no table is refused: it is a mistake in the environment file.
      return { kind: 'schemas', schemas: [...new Set(tables.map(({ schema }) => schema))] };
    default:
      return { kind: 'tables', tables: tables.map(({ schema, bare }) => ({ schema, name: bare })) };
  }
}
